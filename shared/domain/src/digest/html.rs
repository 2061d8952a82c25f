//! A sheet as a whole HTML document: tables and inline styles, which all mail programs know, nothing loaded from elsewhere, and
//! no colour of text or ground of its own, so that a dark mode can choose both.

use std::fmt::Write;

use super::{
    render::{Block, Row, Sheet},
    text::one_line,
};

const FONT: &str = "font-family:Arial,Helvetica,sans-serif";
const CELL: &str = "padding:6px 12px 6px 0;vertical-align:top;font-size:14px;line-height:20px";
const RULE: &str = "border-bottom:1px solid #808080";

// Writing to a `String` can't fail, so what `write!` says of it is dropped throughout.

pub(super) fn print(sheet: &Sheet, subject: &str) -> String {
    let mut content = format!(
        "<h1 style=\"margin:0;font-size:22px;line-height:28px\">{}</h1>\n<p style=\"margin:4px 0 0;font-size:16px;line-height:24px\">{}</p>\n",
        escaped(&sheet.title),
        escaped(&sheet.subtitle)
    );
    if sheet.blocks.is_empty() {
        let _ = writeln!(content, "<p style=\"margin:24px 0 0;font-size:16px\">{}</p>", escaped(sheet.nothing));
    }
    for block in &sheet.blocks {
        print_block(block, &mut content);
    }
    let _ = writeln!(content, "<p style=\"margin:32px 0 0;font-size:12px\">{}</p>", escaped(sheet.footer));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body style=\"margin:0;padding:0;color-scheme:light dark\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n\
         <tr><td align=\"center\" style=\"padding:24px 16px\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:640px\">\n\
         <tr><td align=\"left\" style=\"{FONT}\">\n{content}</td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n",
        language = sheet.language,
        title = escaped(subject),
    )
}

fn print_block(block: &Block, html: &mut String) {
    let _ = writeln!(
        html,
        "<h2 style=\"margin:28px 0 4px;font-size:17px;line-height:24px\">{}</h2>\n\
         <table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;{FONT}\">",
        escaped(&block.heading)
    );
    if !block.columns.is_empty() {
        html.push_str("<tr>");
        for column in &block.columns {
            let _ = write!(html, "<th align=\"left\" style=\"{CELL};{RULE}\">{}</th>", escaped(column));
        }
        html.push_str("</tr>\n");
    }
    for row in &block.rows {
        print_row(row, html);
    }
    html.push_str("</table>\n");
    for text in &block.below {
        let _ = writeln!(html, "<p style=\"margin:4px 0 0;font-size:14px\"><b>{}</b></p>", escaped(text));
    }
}

fn print_row(row: &Row, html: &mut String) {
    let rule = if row.notes.is_empty() { RULE } else { "border-bottom:0" };
    html.push_str("<tr>");
    for cell in &row.cells {
        let _ = write!(html, "<td style=\"{CELL};{rule}\">{}</td>", escaped(cell));
    }
    html.push_str("</tr>\n");
    if row.notes.is_empty() {
        return;
    }
    let notes: Vec<_> =
        row.notes.iter().map(|(label, text)| format!("<b>{}:</b> {}", escaped(label), escaped(text))).collect();
    let _ = writeln!(
        html,
        "<tr><td colspan=\"{}\" style=\"{CELL};{RULE}\">{}</td></tr>",
        row.cells.len(),
        notes.join("<br>")
    );
}

/// A text from outside, as HTML.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}
