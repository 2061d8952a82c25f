//! What e-conomic says when it refuses, and what that means.

use std::fmt;

use http_once::Answer;
use lenient_json::presentable;
use serde_json::{Map, Value};

use crate::details::{Detail, flattened};
use crate::limits::LONGEST_REQUEST_ID;

/// Longest part of e-conomic's own words that is kept: its messages are one or two sentences.
pub(crate) const LONGEST_MESSAGE_CHARS: usize = 300;

/// Why a call was refused, as far as code and status tell.
///
/// The codes are from e-conomic's developer pages and from others' code and notes. Which codes a draft without lines, a closed
/// period, a barred customer or a missing EAN number give is not known; they arrive as [`InvalidData`](Self::InvalidData) or
/// [`Other`](Self::Other), with the reason in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The tokens are missing, wrong or do not belong together (`E02250`).
    NotLoggedIn,
    /// The agreement lacks an add-on module (`E03040`, `AccessDeniedAgreementMissingModules`).
    MissingModule,
    /// The user who granted access, or the app, lacks the role for this.
    Forbidden,
    /// What the path names does not exist.
    NotFound,
    /// Something that the request refers to does not exist (`E06000` with another status than 404, `E07080`).
    UnknownReference,
    /// The request itself was wrong (filter, page size, headers): a defect of the caller or of this client.
    InvalidRequest,
    /// The data break a rule (`E04300` and its like).
    InvalidData,
    /// Anything else; the message tells.
    Other,
}

/// What e-conomic said. Holds its own words only, on one line, of bounded length and without mail addresses; the values that
/// they are about (`inputValue`) are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The message; empty if the body was not e-conomic's own.
    pub message: String,
    /// The error code, such as `E04300` or `ResourceNotFound`.
    pub code: Option<String>,
    /// What is wrong with which part of the request.
    pub details: Vec<Detail>,
    /// A hint for developers.
    pub hint: Option<String>,
    /// `logId` or `traceId` of the body, to quote in a support case.
    pub log_id: Option<String>,
    /// `X-RequestId` of the answer, to quote in a support case.
    pub request_id: Option<String>,
    words: Words,
}

/// Whose words they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Words {
    /// Nobody's that we know: not JSON, or nothing that tells a reason.
    #[default]
    None,
    /// A reason, but nothing that only e-conomic adds.
    Somebodys,
    /// e-conomic's: there is a code, a log id or such.
    Economics,
}

impl Refusal {
    /// Reads an answer that is not a success, whatever content type it came as.
    pub(crate) fn read(answer: &Answer) -> Self {
        let said = serde_json::from_slice::<Map<String, Value>>(answer.body_or_nothing()).unwrap_or_default();
        let text = |names: &[&str]| names.iter().find_map(|name| words(said.get(*name)?));
        let message = text(&["message", "detail", "title"]);
        let code = text(&["errorCode"]);
        let details = said.get("errors").map(flattened).unwrap_or_default();
        let (hint, log_id) = (text(&["developerHint"]), text(&["logId", "traceId"]));
        let numbered = ["httpStatusCode", "status"].iter().any(|name| said.get(*name).is_some_and(Value::is_number));
        let words = if code.is_some() || log_id.is_some() || hint.is_some() || numbered {
            Words::Economics
        } else if message.is_some() || !details.is_empty() {
            Words::Somebodys
        } else {
            Words::None
        };
        Self {
            status: answer.status,
            message: message.unwrap_or_default(),
            code,
            details,
            hint,
            log_id,
            request_id: answer.header("x-requestid", LONGEST_REQUEST_ID),
            words,
        }
    }

    /// The reason as a type.
    pub fn kind(&self) -> RefusalKind {
        match self.code.as_deref() {
            Some("E02250") => return RefusalKind::NotLoggedIn,
            Some("E03040" | "AccessDeniedAgreementMissingModules") => return RefusalKind::MissingModule,
            Some("E06000" | "E07080") if self.status != 404 => return RefusalKind::UnknownReference,
            Some("E04810" | "BadFilterRequest") => return RefusalKind::InvalidRequest,
            _ => {}
        }
        match self.status {
            401 => RefusalKind::NotLoggedIn,
            403 => RefusalKind::Forbidden,
            404 => RefusalKind::NotFound,
            405 | 406 | 415 => RefusalKind::InvalidRequest,
            400 | 422 if self.code.as_deref().is_some_and(|code| code.starts_with("E04")) => RefusalKind::InvalidData,
            _ => RefusalKind::Other,
        }
    }

    /// Whether what was asked for provably does not exist: 404, **and** e-conomic itself says so. A 404 of something in
    /// between proves nothing.
    pub fn proves_absence(&self) -> bool {
        self.status == 404 && self.words == Words::Economics
    }

    /// Whether there is a reason that can be read.
    pub(crate) fn is_readable(&self) -> bool {
        self.words != Words::None
    }

    /// Whether a draft that a booking names does not exist: e-conomic itself says so.
    pub(crate) fn is_about_a_missing_draft(&self) -> bool {
        self.proves_absence() || self.code.as_deref() == Some("E06000") || self.details.iter().any(Detail::is_missing)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        let message = if self.message.is_empty() { "without a reason" } else { &self.message };
        write!(f, ": {message}")?;
        for detail in &self.details {
            write!(f, "; {detail}")?;
        }
        Ok(())
    }
}

/// Text or a number as words.
pub(crate) fn words(value: &Value) -> Option<String> {
    let words = match value {
        Value::String(text) => presentable(text, LONGEST_MESSAGE_CHARS),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!words.is_empty()).then_some(words)
}
