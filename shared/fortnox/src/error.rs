//! What went wrong with a call, split so that matching tells what became of its effect.

use std::time::Duration;

use http_once::Cause;

use crate::pacer::PaceError;
use crate::refusal::Refusal;

/// A call to the API (`/3/…`) failed.
///
/// [`effect`](Self::effect) answers "did it happen?", [`advice`](Self::advice) answers "what now?". Nothing here is
/// ever tried again by this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pacer gave no slot, so the call was not made.
    #[error("the call was not made: {0}")]
    Paced(#[from] PaceError),
    /// An argument cannot be part of a request, so the call was not made.
    #[error("the call was not made: {what} cannot be sent")]
    InvalidArgument {
        /// The argument.
        what: &'static str,
    },
    /// No connection could be made, so nothing was sent.
    #[error("no connection to Fortnox could be made; nothing was sent")]
    NotSent(#[source] Cause),
    /// 429: over the rate limit. Nothing was done.
    #[error("Fortnox refused the call: too many calls (429)")]
    RateLimited {
        /// Fortnox's `Retry-After`, if it sent one.
        retry_after: Option<Duration>,
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
    /// The access token is expired or wrong. Nothing was done.
    #[error("Fortnox did not accept the access token")]
    Unauthorized {
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
    /// Fortnox read the request and refused it (4xx). Nothing was done, and the same request will be refused again.
    #[error("Fortnox refused the call ({status}, code {}): {message}", code.map_or_else(|| "none".to_owned(), |code| code.to_string()))]
    Refused {
        /// The reason, typed.
        refusal: Refusal,
        /// HTTP status.
        status: u16,
        /// Fortnox's error code.
        code: Option<i64>,
        /// Fortnox's own words (Swedish), on one line and without mail addresses; empty if the body was not its own.
        message: String,
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
    /// The request may have been sent, and no whole answer came: time ran out or the connection broke.
    #[error("Fortnox did not answer ({}); whether the call took effect is unknown", if *timed_out { "time ran out" } else { "connection lost" })]
    Unanswered {
        /// Whether time ran out.
        timed_out: bool,
        /// What happened below.
        #[source]
        cause: Cause,
    },
    /// Fortnox failed (5xx, its code 1000003, or a status that an API does not give).
    #[error("Fortnox failed ({status}): {message}; whether the call took effect is unknown")]
    Server {
        /// HTTP status.
        status: u16,
        /// Fortnox's own words; empty if the body was not its own.
        message: String,
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
    /// Success by status, but with a body that cannot be read.
    #[error("Fortnox answered {status} with a body that cannot be read: {reason}")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// The field or limit in question; never a value.
        reason: String,
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
    /// Success by status, but what should be a PDF is none. Only reads answer with a PDF here.
    #[error("Fortnox answered with something that is not a PDF")]
    NotPdf {
        /// `X-Uid` of the answer, to quote in a support case.
        uid: Option<String>,
    },
}

/// What became of the effect of a failed call. (A read has none, then this only tells whether Fortnox did its part.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It did not happen.
    NotDone,
    /// It may have happened: observe before acting again.
    Unknown,
}

/// What a caller should do about a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Nothing happened; the same call may be made again after a while (at least [`Error::retry_after`]).
    RepeatLater,
    /// Get a new access token, then make the same call again.
    RenewToken,
    /// Look at what Fortnox has now; repeat an effect only if it provably did not happen. A read may just be repeated.
    ObserveFirst,
    /// Repeating changes nothing until a person changed something in Fortnox: consent, licence, settings or data.
    AskPerson,
    /// Repeating changes nothing: the caller or this client is wrong.
    FixProgram,
}

impl Error {
    /// Whether the effect of the call may have happened.
    pub const fn effect(&self) -> Effect {
        match self {
            Self::Paced(_)
            | Self::InvalidArgument { .. }
            | Self::NotSent(_)
            | Self::RateLimited { .. }
            | Self::Unauthorized { .. }
            | Self::Refused { .. }
            | Self::NotPdf { .. } => Effect::NotDone,
            Self::Unanswered { .. } | Self::Server { .. } | Self::Unreadable { .. } => Effect::Unknown,
        }
    }

    /// What to do now.
    pub const fn advice(&self) -> Advice {
        match self {
            Self::Paced(_) | Self::NotSent(_) | Self::RateLimited { .. } | Self::NotPdf { .. } => Advice::RepeatLater,
            Self::Unauthorized { .. } => Advice::RenewToken,
            Self::Unanswered { .. } | Self::Server { .. } | Self::Unreadable { .. } => Advice::ObserveFirst,
            Self::InvalidArgument { .. } => Advice::FixProgram,
            Self::Refused { refusal, .. } => match refusal {
                Refusal::InvalidFilter | Refusal::InvalidRequest => Advice::FixProgram,
                _ => Advice::AskPerson,
            },
        }
    }

    /// How long to wait at least before the next call for the same tenant, if that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Paced(PaceError::Busy { retry_in }) => Some(*retry_in),
            Self::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The typed reason of a refusal.
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// `X-Uid` of the answer, which Fortnox's support asks for.
    pub fn uid(&self) -> Option<&str> {
        match self {
            Self::RateLimited { uid, .. }
            | Self::Unauthorized { uid }
            | Self::Refused { uid, .. }
            | Self::Server { uid, .. }
            | Self::Unreadable { uid, .. }
            | Self::NotPdf { uid } => uid.as_deref(),
            Self::Paced(_) | Self::InvalidArgument { .. } | Self::NotSent(_) | Self::Unanswered { .. } => None,
        }
    }

    /// A stable name for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Paced(_) => "paced",
            Self::InvalidArgument { .. } => "invalid_argument",
            Self::NotSent(_) => "not_sent",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Refused { .. } => "refused",
            Self::Unanswered { .. } => "unanswered",
            Self::Server { .. } => "server",
            Self::Unreadable { .. } => "unreadable",
            Self::NotPdf { .. } => "not_pdf",
        }
    }
}
