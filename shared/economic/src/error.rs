//! What went wrong with a call, split so that matching tells what became of its effect.

use std::time::Duration;

use http_once::Cause;

use crate::pacer::PaceError;
use crate::refusal::{Refusal, RefusalKind};

/// A call failed.
///
/// [`effect`](Self::effect) answers "did it happen?", [`advice`](Self::advice) answers "what now?". Nothing here is
/// ever tried again by this crate. The only call with an effect is [`Session::book`](crate::Session::book).
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
    #[error("no connection to e-conomic could be made; nothing was sent")]
    NotSent(#[source] Cause),
    /// 429: over the rate limit. Whether a call that was answered so can have had an effect is not documented.
    #[error("e-conomic refused the call: too many calls (429)")]
    RateLimited {
        /// e-conomic's `Retry-After`, if it sent one.
        retry_after: Option<Duration>,
        /// `X-RequestId` of the answer, to quote in a support case.
        request_id: Option<String>,
    },
    /// The tokens are wrong or do not belong together, or the agreement has withdrawn its grant. Nothing was done.
    #[error("e-conomic did not accept the tokens: {0}")]
    Unauthorized(Box<Refusal>),
    /// e-conomic read the request and refused it. Nothing was done, and the same request will be refused again.
    #[error("e-conomic refused the call: {0}")]
    Refused(Box<Refusal>),
    /// The booking names a draft that does not exist (404 in e-conomic's words, or code `E06000`): it was deleted, **or it is booked already**.
    #[error("e-conomic knows no such draft, which may be booked already: {0}")]
    DraftGone(Box<Refusal>),
    /// The idempotency key was used for something else before: a defect of the caller. What became of either is unknown.
    #[error("e-conomic has seen the idempotency key with {}: {refusal}", misuse.was_with())]
    KeyMisused {
        /// What was different then.
        misuse: KeyMisuse,
        /// e-conomic's words.
        refusal: Box<Refusal>,
    },
    /// The request may have been sent, and no whole answer came: time ran out or the connection broke.
    #[error("e-conomic did not answer ({}); whether the call took effect is unknown", if *timed_out { "time ran out" } else { "connection lost" })]
    Unanswered {
        /// Whether time ran out.
        timed_out: bool,
        /// What happened below.
        #[source]
        cause: Cause,
    },
    /// e-conomic or something before it failed: 5xx, a status that tells nothing, or a refusal that is not in e-conomic's own
    /// words. (In an outage it answers 503 with plain text.)
    #[error("e-conomic failed: {0}; whether the call took effect is unknown")]
    Server(Box<Refusal>),
    /// Success by status, but with a body that cannot be read.
    #[error("e-conomic answered {status} with a body that cannot be read: {reason}")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// The field or limit in question; never a value.
        reason: String,
        /// `X-RequestId` of the answer, to quote in a support case.
        request_id: Option<String>,
    },
    /// Success by status, but what should be a PDF is none, or is empty. Only reads answer with a PDF here.
    #[error("e-conomic answered with something that is not a PDF")]
    NotPdf {
        /// `X-RequestId` of the answer, to quote in a support case.
        request_id: Option<String>,
    },
}

/// How an idempotency key was misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyMisuse {
    /// `PayloadChanged`: the key was seen with another body.
    PayloadChanged,
    /// `URLChanged`: the key was seen with another address, perhaps by another program with the same tokens.
    UrlChanged,
}

impl KeyMisuse {
    const fn was_with(self) -> &'static str {
        match self {
            Self::PayloadChanged => "another body",
            Self::UrlChanged => "another address",
        }
    }
}

/// What became of the effect of a failed call. (A read has none, then this only tells whether e-conomic did its part.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It did not happen.
    NotDone,
    /// It may have happened: observe, or replay it with the same bytes and key, before acting anew.
    Unknown,
}

/// What a caller should do about a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Nothing happened; the same call may be made again after a while (at least [`Error::retry_after`]).
    RepeatLater,
    /// It may have happened; the same bytes with the same key may be sent again while the key lives
    /// ([`IdempotencyKey::LIFE`](crate::IdempotencyKey::LIFE)), and never after. A read may just be repeated.
    ReplaySame,
    /// Look at what e-conomic has now before anything else: sending it again tells nothing.
    ObserveFirst,
    /// Repeating changes nothing until the agreement's user grants access anew.
    RenewConsent,
    /// Repeating changes nothing until a person changed something in e-conomic, or looked into it.
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
            | Self::Unauthorized(_)
            | Self::Refused(_)
            | Self::NotPdf { .. } => Effect::NotDone,
            Self::RateLimited { .. }
            | Self::DraftGone(_)
            | Self::KeyMisused { .. }
            | Self::Unanswered { .. }
            | Self::Server(_)
            | Self::Unreadable { .. } => Effect::Unknown,
        }
    }

    /// What to do now.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Paced(_) | Self::NotSent(_) | Self::NotPdf { .. } => Advice::RepeatLater,
            Self::RateLimited { .. } | Self::Unanswered { .. } | Self::Server(_) | Self::Unreadable { .. } => {
                Advice::ReplaySame
            }
            Self::DraftGone(_) => Advice::ObserveFirst,
            Self::Unauthorized(_) => Advice::RenewConsent,
            Self::KeyMisused { .. } => Advice::AskPerson,
            Self::InvalidArgument { .. } => Advice::FixProgram,
            Self::Refused(refusal) => match refusal.kind() {
                RefusalKind::InvalidRequest => Advice::FixProgram,
                _ => Advice::AskPerson,
            },
        }
    }

    /// How long to wait at least before the next call for the same agreement, if that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Paced(PaceError::Busy { retry_in }) => Some(*retry_in),
            Self::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// e-conomic's own words, if it had any.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorized(refusal)
            | Self::Refused(refusal)
            | Self::DraftGone(refusal)
            | Self::KeyMisused { refusal, .. }
            | Self::Server(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the grant lacks a role or a module for this call. Such a read can be done without; asking again is useless.
    pub fn is_forbidden(&self) -> bool {
        let kind = self.refusal().map(Refusal::kind);
        matches!(self, Self::Refused(_)) && matches!(kind, Some(RefusalKind::Forbidden | RefusalKind::MissingModule))
    }

    /// `X-RequestId` of the answer, which e-conomic's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::RateLimited { request_id, .. }
            | Self::Unreadable { request_id, .. }
            | Self::NotPdf { request_id } => request_id.as_deref(),
            _ => self.refusal()?.request_id.as_deref(),
        }
    }

    /// A stable name for logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Paced(_) => "paced",
            Self::InvalidArgument { .. } => "invalid_argument",
            Self::NotSent(_) => "not_sent",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unauthorized(_) => "unauthorized",
            Self::Refused(_) => "refused",
            Self::DraftGone(_) => "draft_gone",
            Self::KeyMisused { .. } => "key_misused",
            Self::Unanswered { .. } => "unanswered",
            Self::Server(_) => "server",
            Self::Unreadable { .. } => "unreadable",
            Self::NotPdf { .. } => "not_pdf",
        }
    }
}
