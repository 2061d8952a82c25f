//! The PDF that goes with a letter.

use std::fmt;

use crate::letters::clean::clean_line;

/// Longest file name before `.pdf`. File systems take 255 bytes, and a letter can be four.
const MAX_STEM_CHARS: usize = 60;

/// The name when nothing of the wanted one is left.
const FALLBACK_STEM: &str = "invoice";

const EXTENSION: &str = ".pdf";

/// A PDF and the name it is saved under.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment<'a> {
    name: String,
    bytes: &'a [u8],
}

impl<'a> Attachment<'a> {
    /// `bytes`, to be saved as `name`.
    ///
    /// Any name will do: it is put on one line, loses what means something to a file system, is cut to 60 characters and
    /// ends in `.pdf`.
    pub fn pdf(name: &str, bytes: &'a [u8]) -> Self {
        let name = clean_line(name);
        let stem = match name.len().checked_sub(EXTENSION.len()).and_then(|at| name.split_at_checked(at)) {
            Some((stem, extension)) if extension.eq_ignore_ascii_case(EXTENSION) => stem,
            _ => &name,
        };
        let safe: String = stem.chars().map(|c| if is_special(c) { '-' } else { c }).take(MAX_STEM_CHARS).collect();
        let safe = safe.trim_matches([' ', '.']);
        let stem = if safe.is_empty() { FALLBACK_STEM } else { safe };
        Self { name: format!("{stem}{EXTENSION}"), bytes }
    }

    /// The name it is saved under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The PDF.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

/// Characters that part paths, are refused in a file name on some system, or (`;`) end it for some readers of mails.
fn is_special(c: char) -> bool {
    matches!(c, ';' | '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// The name can hold a customer's and the bytes are an invoice: only the size is shown.
impl fmt::Debug for Attachment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_end_in_pdf() {
        for (wanted, name) in [
            ("Faktura 1001 Björkängens.pdf", "Faktura 1001 Björkängens.pdf"),
            ("Faktura 1001.PDF", "Faktura 1001.pdf"),
            ("faktura", "faktura.pdf"),
            ("../../etc/passwd", "-..-etc-passwd.pdf"),
            ("a\r\nX-Evil: 1\u{0}.pdf", "a X-Evil- 1.pdf"),
            ("å", "å.pdf"),
            ("a;b.pdf", "a-b.pdf"),
            (".pdf", "invoice.pdf"),
            (" . ", "invoice.pdf"),
        ] {
            assert_eq!(Attachment::pdf(wanted, b"").name(), name, "{wanted:?}");
        }
        let long = Attachment::pdf(&"å".repeat(500), b"").name().chars().count();
        assert_eq!(long, MAX_STEM_CHARS + EXTENSION.len());
    }
}
