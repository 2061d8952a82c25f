//! Templates and values made into a letter.

use std::fmt;

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};

use super::{
    Language, Letter, LetterTemplate, Logo, Look, MergeFields, TemplateError,
    clean::{clean_line, shorten},
    standard,
};

/// Work one template may do: a piece of fuel is an instruction or 64 bytes of text (source: minijinja 3.1), so this is at
/// most a megabyte. The longest letters here take a fiftieth of it.
const MAX_FUEL: u64 = 16_000;

/// The same for the HTML, which is our own template: enough for a company's longest letter with a word a line, which
/// takes two dozen instructions a line.
const MAX_HTML_FUEL: u64 = 200_000;

/// Longest subject of a mail. Longer ones are cut: the subject is a label, and the letter says it all again.
const MAX_SUBJECT_CHARS: usize = 200;

/// A letter ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedLetter {
    /// One line.
    pub subject: String,
    /// The plain text; lines end in `\n`.
    pub text: String,
    /// The same as a whole HTML document, without anything loaded from elsewhere.
    pub html: String,
    /// The picture that the HTML shows by its content id, and that therefore has to go along.
    pub logo: Option<Logo>,
}

/// A letter is invoice content, so only its sizes are shown.
impl fmt::Debug for RenderedLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, text, html, logo } = self;
        let (subject, text, html) = (subject.len(), text.len(), html.len());
        write!(f, "RenderedLetter(subject {subject}, text {text}, html {html} bytes, logo {logo:?})")
    }
}

impl Letter {
    /// The letter of one invoice in `language`, with `look`.
    ///
    /// A company's own template is in the language the company wrote it in; `language` then formats the values.
    pub fn render(
        &self,
        language: Language,
        look: &Look,
        fields: &MergeFields,
    ) -> Result<RenderedLetter, TemplateError> {
        let values = fields.values(language)?;
        let context = Value::from_pairs(values.iter().cloned());
        let standard = standard::invoice(language);
        let (subject_source, text_source) = match self {
            Self::Standard => (standard.subject, standard.text),
            Self::Custom(LetterTemplate { subject, body }) => (subject.as_str(), body.as_str()),
        };
        let subject = shorten(clean_line(&run(Format::Text, subject_source, &context)?), MAX_SUBJECT_CHARS);
        let text = tidy(&run(Format::Text, text_source, &context)?);
        let (words, content) = match self {
            Self::Standard => (standard.html, standard::INVOICE_HTML),
            Self::Custom(_) => ("", standard::CUSTOM_HTML),
        };
        let source = format!("{words}{}", standard::LAYOUT_HTML.replace(standard::CONTENT, content));
        let frame = frame(language, look, &subject, &text);
        let html = run(Format::Html, &source, &Value::from_pairs(values.into_iter().chain(frame)))?;
        Ok(RenderedLetter { subject, text, html: format!("{}\n", html.trim()), logo: look.logo.clone() })
    }
}

/// What the HTML needs besides the merge fields.
fn frame(language: Language, look: &Look, subject: &str, text: &str) -> [(&'static str, Value); 7] {
    let logo = look.logo.as_ref().map(|logo| {
        let (width, height) = logo.shown();
        Value::from_pairs([("cid", Value::from(logo.cid())), ("width", width.into()), ("height", height.into())])
    });
    // A paragraph is what stands between blank lines.
    let paragraphs: Value = text.split("\n\n").map(|lines| lines.lines().collect::<Value>()).collect();
    [
        ("language", language.code().into()),
        ("subject", subject.into()),
        // The standard letter sets its own; a company's own letter begins with its own words.
        ("preheader", Value::from(None::<String>)),
        ("colour", look.colour.to_string().into()),
        ("on_colour", look.colour.text().to_string().into()),
        ("logo", logo.into()),
        ("paragraphs", paragraphs),
    ]
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Html,
}

/// Runs one template. It has no function, filter, loader or clock, may not use what it wasn't given, and stops when its
/// fuel is burnt.
fn run(format: Format, source: &str, context: &Value) -> Result<String, TemplateError> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(match format {
        Format::Text => MAX_FUEL,
        Format::Html => MAX_HTML_FUEL,
    }));
    environment.set_auto_escape_callback(move |_| match format {
        Format::Text => AutoEscape::None,
        Format::Html => AutoEscape::Html,
    });
    environment.set_formatter(|out, state, value| {
        // Else an absent field would be printed as the word `none`.
        if value.is_none() {
            return Err(ErrorKind::UndefinedError.into());
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment.render_str(&join_tag_lines(source), context).map_err(|error| match error.kind() {
        ErrorKind::OutOfFuel => TemplateError::TooMuchWork,
        // minijinja's own words could quote a value.
        _ => TemplateError::Syntax { line: error.line().unwrap_or(0), problem: "the template engine refused it" },
    })
}

/// Takes the line break from every line that holds only one `{% tag %}`: such a line is there for the writer's eye and
/// would leave a blank line in the letter.
fn join_tag_lines(source: &str) -> String {
    let mut joined = String::with_capacity(source.len());
    for line in source.lines() {
        let tag = line.trim();
        if tag.starts_with("{%") && tag.find("%}") == Some(tag.len() - 2) {
            joined.push_str(tag);
        } else {
            joined.push_str(line);
            joined.push('\n');
        }
    }
    joined
}

/// No blanks at line ends, no control characters, at most one blank line in a row, one line break at the end.
fn tidy(rendered: &str) -> String {
    let mut text = String::with_capacity(rendered.len());
    let mut gap = false;
    for line in rendered.lines() {
        let line: String = line.chars().filter(|&c| c == '\t' || !c.is_control()).collect();
        let line = line.trim_end();
        if line.is_empty() {
            gap = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_tag_on_its_own_line_leaves_no_line() {
        assert_eq!(join_tag_lines("a\n {% if x %} \nb\n{% endif %}\nc"), "a\n{% if x %}b\n{% endif %}c\n");
        assert_eq!(join_tag_lines("{% if x %}b{% endif %}\nc"), "{% if x %}b{% endif %}\nc\n");
    }

    #[test]
    fn text_is_tidied() {
        assert_eq!(tidy("\n\na \r\n\u{0}\n\n\nb\u{7}c\td\n\n"), "a\n\nbc\td\n");
        assert_eq!(tidy(""), "");
    }

    #[test]
    fn what_is_absent_or_unknown_is_an_error_and_a_loop_ends() {
        let context = Value::from_pairs([("absent", Value::from(None::<String>))]);
        for source in
            ["{{ absent }}", "{{ unknown }}", "{% if unknown %}{% endif %}", "{{ 'x'|upper }}", "{{ range(9) }}"]
        {
            assert!(matches!(run(Format::Text, source, &context), Err(TemplateError::Syntax { .. })), "{source}");
        }
        let numbers = "{% for a in b %}{% for a in b %}{% for a in b %}{% for a in b %}{{ a }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
        let context = Value::from_pairs([("b", std::iter::repeat_n(1, 100).collect::<Value>())]);
        assert_eq!(run(Format::Text, numbers, &context), Err(TemplateError::TooMuchWork));
    }
}
