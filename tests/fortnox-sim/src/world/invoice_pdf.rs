//! An invoice on one page: seller, buyer, dates, rows, totals, payment reference.

use super::invoice::Invoice;
use super::record::Record;
use super::rows::Row;
use super::totals::{Totals, row_amounts};
use crate::company_file::CompanyInfo;
use sim_kit::{Page, Style, amount};

const LEFT: i16 = 50;
const MIDDLE: i16 = 320;
const QUANTITY: i16 = 340;
const PRICE: i16 = 420;
const VAT: i16 = 465;
const RIGHT: i16 = 545;
const ROWS_TOP: i16 = 320;
const ROW_HEIGHT: i16 = 15;
const TOTALS_TOP: i16 = 700;
/// What fits between the two; more rows are counted in one line instead.
const MOST_ROWS: usize = 22;
/// Longest description that does not run into the quantity.
const MOST_CHARS: usize = 46;

/// The page's words in the invoice's language.
struct Words {
    invoice: &'static str,
    credit_note: &'static str,
    invoice_date: &'static str,
    due_date: &'static str,
    our_reference: &'static str,
    your_reference: &'static str,
    period: &'static str,
    columns: [&'static str; 5],
    net: &'static str,
    vat: &'static str,
    rounding: &'static str,
    to_pay: &'static str,
    more_rows: &'static str,
}

const SWEDISH: Words = Words {
    invoice: "Faktura",
    credit_note: "Kreditfaktura",
    invoice_date: "Fakturadatum",
    due_date: "Förfallodatum",
    our_reference: "Vår referens",
    your_reference: "Er referens",
    period: "Avtalsperiod",
    columns: ["Benämning", "Antal", "À-pris", "Moms %", "Summa"],
    net: "Netto",
    vat: "Moms",
    rounding: "Öresavrundning",
    to_pay: "Att betala",
    more_rows: "ytterligare rader",
};

const ENGLISH: Words = Words {
    invoice: "Invoice",
    credit_note: "Credit note",
    invoice_date: "Invoice date",
    due_date: "Due date",
    our_reference: "Our reference",
    your_reference: "Your reference",
    period: "Period",
    columns: ["Description", "Quantity", "Price", "VAT %", "Total"],
    net: "Net",
    vat: "VAT",
    rounding: "Rounding",
    to_pay: "To pay",
    more_rows: "more rows",
};

/// The invoice as a PDF file.
pub(crate) fn draw(seller: &CompanyInfo, invoice: &Invoice) -> Vec<u8> {
    let words = if invoice.head.text("Language") == "EN" { &ENGLISH } else { &SWEDISH };
    let mut page = Page::new();
    draw_head(&mut page, words, seller, invoice);
    draw_rows(&mut page, words, &invoice.head, &invoice.rows);
    draw_totals(&mut page, words, invoice, &invoice.totals(seller.round_off));
    draw_foot(&mut page, seller, invoice);
    page.finish()
}

fn draw_head(page: &mut Page, words: &Words, seller: &CompanyInfo, invoice: &Invoice) {
    let head = &invoice.head;
    let title = if invoice.credit { words.credit_note } else { words.invoice };
    page.text(LEFT, 60, Style::Bold, &seller.company_name);
    page.text(MIDDLE, 60, Style::Title, &format!("{title} {}", invoice.number));
    let city = format!("{} {}", head.text("ZipCode"), head.text("City"));
    let buyer =
        [head.text("CustomerName"), head.text("Address1"), head.text("Address2"), city.trim(), head.text("Country")];
    let mut top = 150;
    for line in buyer.into_iter().filter(|line| !line.is_empty()) {
        page.text(MIDDLE, top, Style::Regular, line);
        top += ROW_HEIGHT;
    }
    let date = |name| head.date(name).map_or_else(String::new, |date| date.to_string());
    let period = invoice.period.map_or_else(String::new, |(start, end)| format!("{start} – {end}"));
    let facts = [
        (words.invoice_date, date("InvoiceDate")),
        (words.due_date, date("DueDate")),
        ("OCR", head.text("OCR").to_owned()),
        (words.period, period),
        (words.our_reference, head.text("OurReference").to_owned()),
        (words.your_reference, head.text("YourReference").to_owned()),
    ];
    let mut top = 150;
    for (label, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        page.text(LEFT, top, Style::Regular, label);
        page.text(LEFT + 90, top, Style::Bold, &value);
        top += ROW_HEIGHT;
    }
}

fn draw_rows(page: &mut Page, words: &Words, head: &Record, rows: &[Row]) {
    let [description, quantity, price, vat, total] = words.columns;
    page.text(LEFT, ROWS_TOP, Style::Small, description);
    page.text(QUANTITY - 30, ROWS_TOP, Style::Small, quantity);
    page.text(PRICE - 30, ROWS_TOP, Style::Small, price);
    page.text(VAT - 30, ROWS_TOP, Style::Small, vat);
    page.text(RIGHT - 30, ROWS_TOP, Style::Small, total);
    page.line(ROWS_TOP + 5, LEFT, RIGHT);
    let mut top = ROWS_TOP + ROW_HEIGHT + 5;
    for row in rows.iter().take(MOST_ROWS) {
        draw_row(page, head, row, top);
        top += ROW_HEIGHT;
    }
    if let Some(more) = rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        page.text(LEFT, top, Style::Small, &format!("… {more} {}", words.more_rows));
    }
}

fn draw_row(page: &mut Page, head: &Record, row: &Row, top: i16) {
    let fields = &row.fields;
    let description: String = fields.text("Description").chars().take(MOST_CHARS).collect();
    page.text(LEFT, top, Style::Regular, &description);
    // A row without an article is a line of text and has no numbers.
    if fields.text("ArticleNumber").is_empty() && fields.number("DeliveredQuantity").is_zero() {
        return;
    }
    let total = amount(row_amounts(head, row).total);
    page.number(QUANTITY, top, Style::Regular, &amount(fields.number("DeliveredQuantity")));
    page.number(PRICE, top, Style::Regular, &amount(fields.number("Price")));
    page.number(VAT, top, Style::Regular, &fields.number("VAT").normalize().to_string());
    page.number(RIGHT, top, Style::Regular, &total);
}

fn draw_totals(page: &mut Page, words: &Words, invoice: &Invoice, totals: &Totals) {
    let currency = invoice.head.text("Currency");
    page.line(TOTALS_TOP - ROW_HEIGHT, LEFT, RIGHT);
    let mut top = TOTALS_TOP;
    for (label, value, style) in [
        (words.net, totals.net, Style::Regular),
        (words.vat, totals.total_vat, Style::Regular),
        (words.rounding, totals.round_off, Style::Regular),
        (words.to_pay, totals.total, Style::Bold),
    ] {
        page.text(MIDDLE, top, style, &format!("{label} {currency}"));
        page.number(RIGHT, top, style, &amount(value));
        top += ROW_HEIGHT;
    }
}

fn draw_foot(page: &mut Page, seller: &CompanyInfo, invoice: &Invoice) {
    page.line(775, LEFT, RIGHT);
    let address = format!("{}, {} {}", seller.address, seller.zip_code, seller.city);
    let who = [("", address.as_str()), ("Org.nr ", &seller.organization_number), ("Momsreg.nr ", &seller.vat_number)];
    let payment = [
        ("Bankgiro ", seller.bg.as_str()),
        ("Plusgiro ", &seller.pg),
        ("IBAN ", &seller.iban),
        ("BIC ", &seller.bic),
        ("OCR ", invoice.head.text("OCR")),
    ];
    page.text(LEFT, 790, Style::Small, &joined(&who));
    page.text(LEFT, 803, Style::Small, &joined(&payment));
}

/// Labelled values in one line, without those that are missing.
fn joined(parts: &[(&str, &str)]) -> String {
    parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label}{value}"))
        .collect::<Vec<_>>()
        .join(" · ")
}
