//! A sheet as plain text.

use super::render::{Block, Sheet};

pub(super) fn print(sheet: &Sheet) -> String {
    let mut lines = vec![one_line(&sheet.title), one_line(&sheet.subtitle)];
    if sheet.blocks.is_empty() {
        lines.extend([String::new(), sheet.nothing.to_owned()]);
    }
    for block in &sheet.blocks {
        print_block(block, &mut lines);
    }
    lines.extend([String::new(), "-- ".to_owned(), sheet.footer.to_owned()]);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn print_block(block: &Block, lines: &mut Vec<String>) {
    let heading = one_line(&block.heading);
    let rule = "-".repeat(heading.chars().count());
    lines.extend([String::new(), heading, rule]);
    for row in &block.rows {
        let cells: Vec<_> = row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| one_line(cell)).collect();
        lines.push(format!("* {}", cells.join(" | ")));
        lines.extend(row.notes.iter().map(|(label, text)| format!("  {label}: {}", one_line(text))));
    }
    lines.extend(block.below.iter().map(|text| one_line(text)));
}

/// A text from outside on one line. No-break spaces stay, since amounts and dates use them.
pub(super) fn one_line(text: &str) -> String {
    let breaks = |c: char| c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
