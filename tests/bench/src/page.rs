//! The page that holds the figures.

use std::{io, path::Path};

use crate::Report;

/// Before the tables.
const BEGINS: &str = "<!-- measured: begin -->";
/// After them.
const ENDS: &str = "<!-- measured: end -->";

/// Puts the report's tables between the page's two marks, in place of those of the last time.
pub fn write_page(page: &Path, report: &Report) -> io::Result<()> {
    let text = std::fs::read_to_string(page)?;
    let missing = || io::Error::new(io::ErrorKind::InvalidData, format!("{BEGINS} or {ENDS} isn't on the page"));
    let (before, rest) = text.split_once(BEGINS).ok_or_else(missing)?;
    let (_, after) = rest.split_once(ENDS).ok_or_else(missing)?;
    std::fs::write(page, format!("{before}{BEGINS}\n{}\n{ENDS}{after}", report.for_page()))
}
