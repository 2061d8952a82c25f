//! An invoice on one page.

use serde_json::Value;
use sim_kit::{Page, Style, amount};

use super::agreement::{Agreement, Reply};
use super::draft::{Draft, line_net};
use super::figure::number as figure;
use super::refusal::Refusal;
use super::switches::BrokenPdf;

const LEFT: i16 = 50;
const MIDDLE: i16 = 320;
const RIGHT: i16 = 545;
const LINE: i16 = 15;
const LINES_TOP: i16 = 320;
const MOST_LINES: usize = 22;
const MOST_CHARS: usize = 50;

/// `GET …/pdf`, with what the switches do to it.
pub(crate) fn booked(agreement: &mut Agreement, number: u64) -> Result<Reply, Refusal> {
    let switches = agreement.switches.clone();
    let found = agreement.booked.get_mut(&number).ok_or_else(Refusal::not_found)?;
    if found.pdf_asked < switches.pdf_late_times {
        found.pdf_asked += 1;
        return Err(Refusal::new(switches.pdf_late_status, None, "The PDF is not there yet."));
    }
    let draft = found.draft.clone();
    let body = match switches.pdf {
        BrokenPdf::Whole => draw(agreement, Some(number), &draft),
        BrokenPdf::Empty => Vec::new(),
        BrokenPdf::NoPdf => b"<html><body>Der opstod en fejl</body></html>".to_vec(),
    };
    Ok(Reply::Bytes { status: 200, body })
}

/// A draft has no number yet.
pub(crate) fn draw(agreement: &Agreement, number: Option<u64>, draft: &Draft) -> Vec<u8> {
    let mut page = Page::new();
    let company = agreement.about.get("company").unwrap_or(&Value::Null);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let totals = draft.totals();
    let title = if totals.gross.is_sign_negative() { "Kreditnota" } else { "Faktura" };
    page.text(LEFT, 60, Style::Bold, &text(&company["name"]));
    let number = number.map_or_else(|| "(kladde)".to_owned(), |number| number.to_string());
    page.text(MIDDLE, 60, Style::Title, &format!("{title} {number}"));
    let recipient = draft.part("recipient");
    let city = format!("{} {}", text(&recipient["zip"]), text(&recipient["city"]));
    let mut top = 150;
    for line in [text(&recipient["name"]), text(&recipient["address"]), city.trim().to_owned()] {
        page.text(MIDDLE, top, Style::Regular, &line);
        top += LINE;
    }
    page.text(LEFT, 150, Style::Regular, &format!("Fakturadato {}", draft.text("date")));
    page.text(LEFT, 165, Style::Regular, &format!("Kundenr. {}", draft.customer()));
    page.text(LEFT, 180, Style::Regular, &text(&draft.part("references")["other"]));
    page.text(LEFT, LINES_TOP - 30, Style::Bold, &text(&draft.part("notes")["heading"]));
    page.line(LINES_TOP - LINE, LEFT, RIGHT);
    let mut top = LINES_TOP;
    for line in draft.lines().iter().take(MOST_LINES) {
        let words: String = text(&line["description"]).chars().take(MOST_CHARS).collect();
        page.text(LEFT, top, Style::Regular, &words);
        if let Some(quantity) = figure(&line["quantity"]) {
            page.number(RIGHT - 100, top, Style::Regular, &amount(quantity));
            page.number(RIGHT, top, Style::Regular, &amount(line_net(line)));
        }
        top += LINE;
    }
    let mut top = 700;
    for (label, value) in [("Netto", totals.net), ("Moms", totals.vat), ("At betale", totals.gross)] {
        page.text(MIDDLE, top, Style::Bold, &format!("{label} {}", draft.text("currency")));
        page.number(RIGHT, top, Style::Bold, &amount(value));
        top += LINE;
    }
    page.finish()
}
