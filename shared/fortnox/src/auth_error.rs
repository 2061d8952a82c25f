//! What can go wrong at the token endpoint.

use std::time::Duration;

use http_once::{Answer, BodyFault, Cause, Fault};
use lenient_json::Object;

use crate::error::{Advice, Effect};
use crate::limits;
use crate::refusal::presentable;

/// No token came.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The client id, secret or grant cannot be sent.
    #[error("no token: the credentials cannot be part of a request")]
    InvalidArgument,
    /// No connection could be made, so nothing was sent or spent. May be tried again.
    #[error("no token: no connection could be made; nothing was sent")]
    NotSent(#[source] Cause),
    /// 429. Nothing was spent. May be tried again later.
    #[error("no token: too many calls (429)")]
    RateLimited {
        /// Fortnox's `Retry-After`, if it sent one.
        retry_after: Option<Duration>,
    },
    /// The integration's own id or secret is wrong.
    #[error("no token: Fortnox does not accept the client id and secret: {description}")]
    InvalidClient {
        /// Fortnox's own words.
        description: String,
    },
    /// The code or refresh token is unknown, expired or spent, or the consent was revoked: a new consent is needed.
    #[error("no token: Fortnox does not accept the grant: {description}; a new consent is needed")]
    InvalidGrant {
        /// Fortnox's own words.
        description: String,
    },
    /// Any other refusal, such as a missing licence.
    #[error("no token: Fortnox refused ({status}, {error}): {description}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The OAuth error word; empty if the body was not Fortnox's own.
        error: String,
        /// Fortnox's own words.
        description: String,
    },
    /// No whole answer came. A refresh token or code may be spent.
    #[error("no token: no answer ({}); a refresh token may be spent", if *timed_out { "time ran out" } else { "connection lost" })]
    Unanswered {
        /// Whether time ran out.
        timed_out: bool,
        /// What happened below.
        #[source]
        cause: Cause,
    },
    /// Fortnox failed. A refresh token or code may be spent.
    #[error("no token: Fortnox failed ({status}); a refresh token may be spent")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// Success by status, but with a body that cannot be read. A refresh token or code is probably spent.
    #[error("no token: Fortnox answered {status} with a body that cannot be read: {reason}")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// The field in question; never a value.
        reason: String,
    },
}

impl AuthError {
    /// Whether a refresh token or code may have been spent.
    pub const fn effect(&self) -> Effect {
        match self {
            Self::InvalidArgument
            | Self::NotSent(_)
            | Self::RateLimited { .. }
            | Self::InvalidClient { .. }
            | Self::InvalidGrant { .. }
            | Self::Refused { .. } => Effect::NotDone,
            Self::Unanswered { .. } | Self::Server { .. } | Self::Unreadable { .. } => Effect::Unknown,
        }
    }

    /// What to do now. The client credentials grant spends nothing, so it may also be repeated after
    /// [`Advice::ObserveFirst`].
    pub const fn advice(&self) -> Advice {
        match self {
            Self::NotSent(_) | Self::RateLimited { .. } => Advice::RepeatLater,
            Self::InvalidClient { .. } | Self::InvalidGrant { .. } | Self::Refused { .. } => Advice::AskPerson,
            Self::Unanswered { .. } | Self::Server { .. } | Self::Unreadable { .. } => Advice::ObserveFirst,
            Self::InvalidArgument => Advice::FixProgram,
        }
    }
}

impl From<Fault> for AuthError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unsendable => Self::InvalidArgument,
            Fault::NotSent(cause) => Self::NotSent(cause),
            Fault::Lost(lost) => Self::Unanswered { timed_out: lost.timed_out, cause: lost.cause },
        }
    }
}

/// The body of a success, or the error. Errors come as JSON behind `text/plain` and `text/html`, so nobody looks at the
/// content type.
pub(crate) fn sort(answer: Answer) -> Result<Vec<u8>, AuthError> {
    let said = OauthError::read(answer.body_or_nothing());
    let retry_after = limits::retry_after(&answer);
    let Answer { status, body, .. } = answer;
    match status {
        200..300 => body.map_err(|fault| match fault {
            BodyFault::Lost(lost) => AuthError::Unanswered { timed_out: lost.timed_out, cause: lost.cause },
            BodyFault::TooLarge(limit) => {
                AuthError::Unreadable { status, reason: format!("the body is longer than {limit} bytes") }
            }
        }),
        429 => Err(AuthError::RateLimited { retry_after }),
        400..500 if status != 408 => {
            let OauthError { error, description } = said.unwrap_or_default();
            Err(match error.as_str() {
                "invalid_client" => AuthError::InvalidClient { description },
                "invalid_grant" => AuthError::InvalidGrant { description },
                _ => AuthError::Refused { status, error, description },
            })
        }
        _ => Err(AuthError::Server { status }),
    }
}

#[derive(Default)]
struct OauthError {
    error: String,
    description: String,
}

impl OauthError {
    fn read(body: &[u8]) -> Option<Self> {
        let root = Object::root(std::str::from_utf8(body).ok()?).ok()?;
        let words = |name| root.text(name).ok().flatten().map(|words| presentable(&words));
        Some(Self { error: words("error")?, description: words("error_description").unwrap_or_default() })
    }
}
