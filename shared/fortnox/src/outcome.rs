//! Telling success from failure, and one failure from another.

use http_once::{Answer, BodyFault, Fault, HeaderMap};

use crate::error::Error;
use crate::limits;
use crate::refusal::{ErrorInformation, Refusal};

/// An answer that says it worked.
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) uid: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unsendable => Self::InvalidArgument { what: "the token or the address" },
            Fault::NotSent(cause) => Self::NotSent(cause),
            Fault::Lost(lost) => Self::Unanswered { timed_out: lost.timed_out, cause: lost.cause },
        }
    }
}

/// Tells success from failure by status.
pub(crate) fn sort(answer: Answer) -> Result<Success, Error> {
    if !(200..300).contains(&answer.status) {
        return Err(failure(&answer));
    }
    let uid = limits::uid(&answer);
    let Answer { status, headers, body, .. } = answer;
    match body {
        Ok(body) => Ok(Success { status, uid, headers, body }),
        Err(BodyFault::Lost(lost)) => Err(Error::Unanswered { timed_out: lost.timed_out, cause: lost.cause }),
        Err(BodyFault::TooLarge(limit)) => {
            Err(Error::Unreadable { status, reason: format!("the body is longer than {limit} bytes"), uid })
        }
    }
}

/// Tells one failure from another, by status and by what Fortnox says.
fn failure(answer: &Answer) -> Error {
    let said = ErrorInformation::read(answer.body_or_nothing());
    let (status, uid) = (answer.status, limits::uid(answer));
    match status {
        429 => Error::RateLimited { retry_after: limits::retry_after(answer), uid },
        // 408 comes from something in between, which cannot know how far the request got.
        400..500 if status != 408 && !said.as_ref().is_some_and(ErrorInformation::is_a_failure) => {
            let refusal = Refusal::of(status, said.as_ref());
            let about_the_token = match &said {
                Some(said) => said.is_about_the_token() || (status == 401 && refusal == Refusal::Other),
                None => status == 401,
            };
            if about_the_token {
                return Error::Unauthorized { uid };
            }
            let (code, message) = said.map_or((None, String::new()), |said| (said.code, said.message));
            Error::Refused { refusal, status, code, message, uid }
        }
        _ => Error::Server { status, message: said.map(|said| said.message).unwrap_or_default(), uid },
    }
}
