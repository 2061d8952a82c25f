//! The letter that carries an invoice by mail: its words, its merge fields and its MIME message.
//!
//! A letter is the standard one of a language or a company's own [`LetterTemplate`]. Both are filled from [`MergeFields`]
//! into a [`RenderedLetter`], which [`mime::compose`] makes into the bytes that SES sends.

use std::fmt;

use serde::{Deserialize, Serialize};

pub mod address;
mod check;
mod clean;
mod fields;
pub mod format;
mod language;
mod logo;
mod look;
pub mod message_id;
pub mod mime;
mod render;
mod standard;

#[cfg(test)]
mod samples;

pub use check::{MAX_BODY_TEMPLATE_CHARS, MAX_SUBJECT_TEMPLATE_CHARS, TemplateKind, check_template};
pub use fields::{MAX_FIELD_CHARS, MERGE_FIELDS, MergeField, MergeFields, Presence};
pub use language::Language;
pub use logo::{InvalidLogo, Logo, MAX_LOGO_BYTES};
pub use look::{Colour, InvalidColour, Look};
pub use render::RenderedLetter;

/// Which letter to send.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Letter {
    /// The standard letter of the language.
    #[default]
    Standard,
    /// The company's own.
    Custom(LetterTemplate),
}

/// A company's own letter. It can only be made, or read from a setting, when both templates pass [`check_template`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "RawTemplate", into = "RawTemplate")]
pub struct LetterTemplate {
    subject: String,
    body: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    subject: RawSubject,
    body: RawBody,
}

/// Checked one by one, so that a refusal names the part as well as the letter.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct RawSubject(String);

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct RawBody(String);

/// A letter can be signed by a person, so its text isn't shown.
impl fmt::Debug for LetterTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterTemplate(..)")
    }
}

impl LetterTemplate {
    /// A letter with this one-line subject and this body of paragraphs parted by blank lines.
    pub fn new(subject: impl Into<String>, body: impl Into<String>) -> Result<Self, InvalidLetter> {
        let (subject, body) = (subject.into(), body.into());
        check_template(TemplateKind::Subject, &subject).map_err(InvalidLetter::Subject)?;
        check_template(TemplateKind::Text, &body).map_err(InvalidLetter::Body)?;
        Ok(Self { subject, body })
    }

    /// The subject's template.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The body's template.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl From<RawTemplate> for LetterTemplate {
    fn from(raw: RawTemplate) -> Self {
        Self { subject: raw.subject.0, body: raw.body.0 }
    }
}

impl From<LetterTemplate> for RawTemplate {
    fn from(template: LetterTemplate) -> Self {
        Self { subject: RawSubject(template.subject), body: RawBody(template.body) }
    }
}

impl TryFrom<String> for RawSubject {
    type Error = TemplateError;
    fn try_from(subject: String) -> Result<Self, TemplateError> {
        check_template(TemplateKind::Subject, &subject)?;
        Ok(Self(subject))
    }
}

impl TryFrom<String> for RawBody {
    type Error = TemplateError;
    fn try_from(body: String) -> Result<Self, TemplateError> {
        check_template(TemplateKind::Text, &body)?;
        Ok(Self(body))
    }
}

impl From<RawSubject> for String {
    fn from(subject: RawSubject) -> String {
        subject.0
    }
}

impl From<RawBody> for String {
    fn from(body: RawBody) -> String {
        body.0
    }
}

/// Which part of a company's own letter is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLetter {
    /// The subject.
    #[error("the letter's subject: {0}")]
    Subject(TemplateError),
    /// The body.
    #[error("the letter's body: {0}")]
    Body(TemplateError),
}

/// Why a template or its values make no letter.
///
/// All are permanent: the same template and values fail again, so a call is never worth repeating. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field nobody knows.
    #[error("line {line}: there is no merge field `{field}`; there are {}", field_names())]
    UnknownField {
        /// As the template has it.
        field: String,
        /// Where.
        line: usize,
    },
    /// A field without a value for some invoices, used without asking.
    #[error(
        "line {line}: `{field}` has no value for some invoices; write {{% if {field} %}}…{{{{ {field} }}}}…{{% endif %}}"
    )]
    MayBeMissing {
        /// Which.
        field: &'static str,
        /// Where.
        line: usize,
    },
    /// A yes or no that was to be printed.
    #[error("line {line}: `{field}` is yes or no; it can only be asked, as in {{% if {field} %}}…{{% endif %}}")]
    OnlyACondition {
        /// Which.
        field: &'static str,
        /// Where.
        line: usize,
    },
    /// Not the templates' language.
    #[error("line {line}: {problem}")]
    Syntax {
        /// Where.
        line: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// A line break in a subject.
    #[error("must be one line")]
    SubjectLines,
    /// Too much text.
    #[error("must be at most {max} characters")]
    TemplateTooLong {
        /// The limit.
        max: usize,
    },
    /// A field that every invoice has is empty for this one: fill it in in the accounting system.
    #[error("`{field}` is empty")]
    ValueMissing {
        /// Which.
        field: &'static str,
    },
    /// A value no letter should carry: shorten it in the accounting system.
    #[error("`{field}` is longer than {MAX_FIELD_CHARS} characters")]
    ValueTooLong {
        /// Which.
        field: &'static str,
    },
    /// The letter grew over its bound.
    #[error("the letter is too long once its fields are filled in")]
    TooMuchWork,
}

fn field_names() -> String {
    let names: Vec<_> = MERGE_FIELDS.iter().map(|field| field.name).collect();
    names.join(", ")
}
