//! The standard letters, embedded. A language is one folder's worth of three files and its formats.

use super::Language;

/// The templates of a letter in one language.
pub(super) struct Source {
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    /// The words that [`INVOICE_HTML`] is made with.
    pub(super) html: &'static str,
}

/// The frame around every letter's HTML. What stands in it takes the place of [`CONTENT`].
pub(super) const LAYOUT_HTML: &str = include_str!("templates/layout.html");

/// Where [`LAYOUT_HTML`] has its content.
pub(super) const CONTENT: &str = "{{ content }}\n";

/// The HTML of the letter that carries an invoice, in whatever language.
pub(super) const INVOICE_HTML: &str = include_str!("templates/invoice.html");

/// The HTML of a company's own letter: its paragraphs.
pub(super) const CUSTOM_HTML: &str = include_str!("templates/custom.html");

/// The letter that carries an invoice.
pub(super) const fn invoice(language: Language) -> Source {
    match language {
        Language::Sv => Source {
            subject: include_str!("templates/invoice.sv.subject.txt"),
            text: include_str!("templates/invoice.sv.text.txt"),
            html: include_str!("templates/invoice.sv.html"),
        },
        Language::Da => Source {
            subject: include_str!("templates/invoice.da.subject.txt"),
            text: include_str!("templates/invoice.da.text.txt"),
            html: include_str!("templates/invoice.da.html"),
        },
        Language::En => Source {
            subject: include_str!("templates/invoice.en.subject.txt"),
            text: include_str!("templates/invoice.en.text.txt"),
            html: include_str!("templates/invoice.en.html"),
        },
        Language::Fi => Source {
            subject: include_str!("templates/invoice.fi.subject.txt"),
            text: include_str!("templates/invoice.fi.text.txt"),
            html: include_str!("templates/invoice.fi.html"),
        },
        Language::Nb => Source {
            subject: include_str!("templates/invoice.nb.subject.txt"),
            text: include_str!("templates/invoice.nb.text.txt"),
            html: include_str!("templates/invoice.nb.html"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::check::{TemplateKind, check_template};

    #[test]
    fn the_standard_texts_pass_the_check_of_a_companys_own() {
        for language in Language::ALL {
            let source = invoice(language);
            assert_eq!(check_template(TemplateKind::Subject, source.subject), Ok(()), "{language:?}");
            assert_eq!(check_template(TemplateKind::Text, source.text), Ok(()), "{language:?}");
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for language in Language::ALL {
            for html in [LAYOUT_HTML, INVOICE_HTML, CUSTOM_HTML, invoice(language).html] {
                // The logo is a part of the mail itself.
                let html = html.replace("<img src=\"cid:", "");
                for loader in ["http", "src=", "url(", "<link", "@import", "<script", "<img", "background=\"", "srcset"]
                {
                    assert!(!html.contains(loader), "{loader}");
                }
            }
        }
    }
}
