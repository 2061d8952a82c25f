//! The language of a company's own templates, and its check.
//!
//! It is a small part of minijinja's: `{{ field }}`, `{% if field %}`, `{% if not field %}`, `{% elif field %}`,
//! `{% else %}` and `{% endif %}`. No loop, call, filter or assignment, so that a template can be checked completely when
//! the setting is written: what passes here can neither name an unknown field nor leave a blank in a mail.

use super::{
    TemplateError,
    clean::shorten,
    fields::{MERGE_FIELDS, MergeField, Presence},
};

/// Longest template of a subject. Mail programs show far fewer characters.
pub const MAX_SUBJECT_TEMPLATE_CHARS: usize = 200;

/// Longest template of a letter's body: about four printed pages.
pub const MAX_BODY_TEMPLATE_CHARS: usize = 10_000;

/// Most of an unknown field's name that an error repeats: longer than any real one.
const MAX_QUOTED_CHARS: usize = 40;

/// Which part of a letter a template makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// The subject: one line.
    Subject,
    /// The body: paragraphs parted by blank lines.
    Text,
}

/// Checks a company's own template, so that a bad one is refused when the setting is written.
///
/// The error names the line, the field and what is allowed.
pub fn check_template(kind: TemplateKind, source: &str) -> Result<(), TemplateError> {
    let max = match kind {
        TemplateKind::Subject => MAX_SUBJECT_TEMPLATE_CHARS,
        TemplateKind::Text => MAX_BODY_TEMPLATE_CHARS,
    };
    if source.trim().is_empty() {
        return Err(TemplateError::Empty);
    }
    if source.chars().count() > max {
        return Err(TemplateError::TemplateTooLong { max });
    }
    if kind == TemplateKind::Subject && source.trim_end().contains(['\r', '\n']) {
        return Err(TemplateError::SubjectLines);
    }
    check_tags(source)
}

fn check_tags(source: &str) -> Result<(), TemplateError> {
    let mut conditions = Conditions::default();
    let mut rest = source;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        let line = 1 + source[..source.len() - rest.len() + start].matches('\n').count();
        let (opener, tag) = rest[start..].split_at(2);
        let problem = |problem| TemplateError::Syntax { line, problem };
        let end = match opener {
            "{{" => "}}",
            "{%" => "%}",
            _ => return Err(problem("a comment {# isn't allowed")),
        };
        let length = tag.find(end).ok_or_else(|| problem("a {{ or {% isn't closed on its right"))?;
        let inside = tag[..length].trim();
        if end == "}}" {
            conditions.print(inside, line)?;
        } else {
            conditions.tag(inside, line)?;
        }
        rest = &tag[length + 2..];
    }
    conditions.finish()
}

/// An `{% if %}` that is still open.
struct Open {
    line: usize,
    /// The field that surely has a value in the branch we are in.
    present: Option<&'static str>,
    /// The field that surely has one in the `{% else %}`: that of an `{% if not field %}`.
    present_in_else: Option<&'static str>,
    in_else: bool,
}

#[derive(Default)]
struct Conditions(Vec<Open>);

impl Conditions {
    fn print(&self, name: &str, line: usize) -> Result<(), TemplateError> {
        let field = known(name, line)?;
        match field.presence {
            Presence::Always => Ok(()),
            Presence::Condition => Err(TemplateError::OnlyACondition { field: field.name, line }),
            Presence::Sometimes if self.0.iter().any(|open| open.present == Some(field.name)) => Ok(()),
            Presence::Sometimes => Err(TemplateError::MayBeMissing { field: field.name, line }),
        }
    }

    fn tag(&mut self, inside: &str, line: usize) -> Result<(), TemplateError> {
        let words: Vec<&str> = inside.split_whitespace().collect();
        let problem = |problem| TemplateError::Syntax { line, problem };
        match words.as_slice() {
            ["if", "not", name] => {
                let field = known(name, line)?.name;
                self.0.push(Open { line, present: None, present_in_else: Some(field), in_else: false });
            }
            ["if", name] => {
                let field = known(name, line)?.name;
                self.0.push(Open { line, present: Some(field), present_in_else: None, in_else: false });
            }
            ["elif", name] => {
                let field = known(name, line)?.name;
                let open = self.0.last_mut().filter(|open| !open.in_else);
                let open = open.ok_or_else(|| problem("{% elif %} without an {% if %}"))?;
                // The field of an `{% if not %}` surely has a value here too, but one guard a branch is simpler to explain.
                open.present = Some(field);
            }
            ["else"] => {
                let open = self.0.last_mut().filter(|open| !open.in_else);
                let open = open.ok_or_else(|| problem("{% else %} without an {% if %}"))?;
                open.in_else = true;
                open.present = open.present_in_else;
            }
            ["endif"] => {
                self.0.pop().ok_or_else(|| problem("{% endif %} without an {% if %}"))?;
            }
            _ => return Err(problem("only if, if not, elif, else and endif with one field are allowed in {% %}")),
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), TemplateError> {
        match self.0.last() {
            None => Ok(()),
            Some(open) => Err(TemplateError::Syntax { line: open.line, problem: "{% if %} without an {% endif %}" }),
        }
    }
}

fn known(name: &str, line: usize) -> Result<&'static MergeField, TemplateError> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(TemplateError::Syntax { line, problem: "one field's name is all that may stand here" });
    }
    MERGE_FIELDS
        .iter()
        .find(|field| field.name == name)
        .ok_or_else(|| TemplateError::UnknownField { field: shorten(name.to_owned(), MAX_QUOTED_CHARS), line })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(source: &str) -> Result<(), TemplateError> {
        check_template(TemplateKind::Text, source)
    }

    #[test]
    fn an_unknown_field_is_named_with_its_line_and_what_is_allowed() {
        let error = text("Hej!\n\nBelopp: {{ belopp }}").unwrap_err();
        assert_eq!(error, TemplateError::UnknownField { field: "belopp".to_owned(), line: 3 });
        let message = error.to_string();
        assert!(
            message.starts_with("line 3: there is no merge field `belopp`; there are amount, bankgiro,"),
            "{message}"
        );
        for field in MERGE_FIELDS {
            assert!(message.contains(field.name), "{message}");
        }
    }

    #[test]
    fn a_field_that_may_be_missing_needs_its_if() {
        let missing = |line| Err(TemplateError::MayBeMissing { field: "ocr", line });
        assert_eq!(text("{{ ocr }}"), missing(1));
        assert_eq!(text("{% if period %}\n{{ ocr }}{% endif %}"), missing(2));
        assert_eq!(text("{% if ocr %}{{ ocr }}{% else %}{{ ocr }}{% endif %}"), missing(1));
        assert_eq!(text("{% if not ocr %}{{ ocr }}{% endif %}"), missing(1));
        assert_eq!(text("{% if ocr %}{% endif %}{{ ocr }}"), missing(1));
        assert_eq!(text("{% if ocr %}{% elif iban %}{{ ocr }}{% endif %}"), missing(1));
        assert_eq!(text("{% if ocr %}{{ ocr }}{% elif iban %}{{ iban }}{% else %}-{% endif %}"), Ok(()));
        assert_eq!(text("{% if not ocr %}-{% else %}{{ ocr }}{% endif %}"), Ok(()));
        assert_eq!(text("{% if ocr %}{% if is_credit %}{{ ocr }}{% endif %}{% endif %}"), Ok(()));
        assert_eq!(text("{{ is_credit }}"), Err(TemplateError::OnlyACondition { field: "is_credit", line: 1 }));
    }

    #[test]
    fn anything_else_is_a_syntax_error() {
        let sources = [
            "{{ amount",
            "{{ }}",
            "{{ amount|upper }}",
            "{{ amount * 9 }}",
            "{{ 'x' }}",
            "{{- amount }}",
            "{% if amount",
            "{%}",
            "{%}%}",
            "{{}}",
            "{{{ amount }}}",
            "{% if amount %}",
            "{% endif %}",
            "{% else %}",
            "{% elif amount %}",
            "{% if ocr %}{% else %}{% else %}{% endif %}",
            "{% if ocr %}{% else %}{% elif iban %}{% endif %}",
            "{% if ocr and iban %}{% endif %}",
            "{% for x in amount %}{% endfor %}",
            "{% set x = amount %}",
            "{% raw %}{{ x }}{% endraw %}",
            "{# note #}x",
            "{% include 'x' %}",
        ];
        for source in sources {
            assert!(matches!(text(source), Err(TemplateError::Syntax { line: 1, .. })), "{source}: {:?}", text(source));
        }
    }

    #[test]
    fn bounds_of_size() {
        let subject = |source: &str| check_template(TemplateKind::Subject, source);
        assert_eq!(subject("Faktura {{ invoice_number }}\n"), Ok(()));
        assert_eq!(subject("Faktura\nBcc: x"), Err(TemplateError::SubjectLines));
        assert_eq!(subject(" \n"), Err(TemplateError::Empty));
        assert_eq!(subject(&"å".repeat(MAX_SUBJECT_TEMPLATE_CHARS)), Ok(()));
        let too_long = Err(TemplateError::TemplateTooLong { max: MAX_BODY_TEMPLATE_CHARS });
        assert_eq!(text(&"x".repeat(MAX_BODY_TEMPLATE_CHARS + 1)), too_long);
    }
}
