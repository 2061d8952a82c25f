//! Telling success from failure, and one failure from another.

use http_once::{Answer, BodyFault, Fault};

use crate::error::{Error, KeyMisuse};
use crate::limits::{LONGEST_REQUEST_ID, LONGEST_RETRY_AFTER};
use crate::refusal::{Refusal, RefusalKind};

/// What a call was for, by which its failure is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Book,
}

/// An answer that says it worked.
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    /// Whether it is the stored answer of an earlier call with the same key.
    pub(crate) from_cache: bool,
    pub(crate) body: Vec<u8>,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unsendable => Self::InvalidArgument { what: "a token or the address" },
            Fault::NotSent(cause) => Self::NotSent(cause),
            Fault::Lost(lost) => Self::Unanswered { timed_out: lost.timed_out, cause: lost.cause },
        }
    }
}

/// Tells success from failure by status.
pub(crate) fn sort(answer: Answer, purpose: Purpose) -> Result<Success, Error> {
    if !(200..300).contains(&answer.status) {
        return Err(failure(&answer, purpose));
    }
    let request_id = answer.header("x-requestid", LONGEST_REQUEST_ID);
    let from_cache =
        answer.header("x-resultfromcache", 4).is_some_and(|from_cache| from_cache.eq_ignore_ascii_case("true"));
    let Answer { status, body, .. } = answer;
    match body {
        Ok(body) => Ok(Success { status, request_id, from_cache, body }),
        Err(BodyFault::Lost(lost)) => Err(Error::Unanswered { timed_out: lost.timed_out, cause: lost.cause }),
        Err(BodyFault::TooLarge(limit)) => {
            Err(Error::Unreadable { status, reason: format!("the body is longer than {limit} bytes"), request_id })
        }
    }
}

/// Tells one failure from another, by status and by what e-conomic says.
fn failure(answer: &Answer, purpose: Purpose) -> Error {
    let refusal = Box::new(Refusal::read(answer));
    if purpose == Purpose::Book
        && let Some(misuse) = misuse(answer)
    {
        return Error::KeyMisused { misuse, refusal };
    }
    match (answer.status, purpose) {
        (429, _) => Error::RateLimited {
            retry_after: answer.retry_after(LONGEST_RETRY_AFTER),
            request_id: refusal.request_id.clone(),
        },
        (401, _) => Error::Unauthorized(refusal),
        (400..500, _) if refusal.kind() == RefusalKind::NotLoggedIn => Error::Unauthorized(refusal),
        (400..500, Purpose::Book) if refusal.is_about_a_missing_draft() => Error::DraftGone(refusal),
        (400 | 403 | 405 | 406 | 415 | 422, _) | (404, Purpose::Read) if refusal.is_readable() => {
            Error::Refused(refusal)
        }
        _ => Error::Server(refusal),
    }
}

/// The exact form of these refusals is not known, so the whole body is searched (as seen in others' code).
fn misuse(answer: &Answer) -> Option<KeyMisuse> {
    if !(400..500).contains(&answer.status) {
        return None;
    }
    let body = String::from_utf8_lossy(answer.body_or_nothing());
    [("PayloadChanged", KeyMisuse::PayloadChanged), ("URLChanged", KeyMisuse::UrlChanged)]
        .into_iter()
        .find_map(|(word, misuse)| body.contains(word).then_some(misuse))
}
