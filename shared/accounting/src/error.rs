//! What can go wrong with a call, in the terms that the workflow decides by.

use std::time::Duration;

/// What an error proves about the effect that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It did not happen.
    No,
    /// It may have happened.
    Perhaps,
}

/// A call that didn't give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Our own pacing: the call was not made. May be repeated after `retry_in`.
    #[error("the accounting system's rate is used up for the next {} ms", retry_in.as_millis())]
    Busy {
        /// When to come again.
        retry_in: Duration,
    },
    /// The accounting system took no notice of the call. May be repeated later.
    #[error("the accounting system did not take the call: {what}")]
    NotTaken {
        /// What was seen.
        what: String,
    },
    /// No answer, or one that says nothing. A read may be repeated; an effect may have happened.
    #[error("no usable answer from the accounting system: {what}")]
    NoAnswer {
        /// What was seen.
        what: String,
    },
    /// Refused for good, in the accounting system's own words. Nothing happened.
    #[error("{words}")]
    Refused {
        /// Its own words.
        words: String,
        /// What a person can do.
        advice: String,
    },
    /// There is no such thing. Nothing happened.
    #[error("{words}")]
    NotFound {
        /// The accounting system's own words.
        words: String,
    },
    /// The tenant as a whole can't be used until a person acts. Nothing happened.
    #[error("{problem}")]
    TenantBlocked {
        /// What is the matter.
        problem: String,
        /// What a person can do.
        advice: String,
    },
}

impl Error {
    /// Asked of an accounting system that has no such thing: a mistake in the program or the settings.
    pub(crate) fn unknown_here(what: &str) -> Self {
        Self::Refused {
            words: format!("the tenant's accounting system has no {what}"),
            advice: "report this: the program asked for what the tenant's accounting system doesn't have".to_owned(),
        }
    }

    /// What it proves about the effect that was asked for.
    pub fn happened(&self) -> Happened {
        match self {
            Self::NoAnswer { .. } => Happened::Perhaps,
            Self::Busy { .. }
            | Self::NotTaken { .. }
            | Self::Refused { .. }
            | Self::NotFound { .. }
            | Self::TenantBlocked { .. } => Happened::No,
        }
    }
}
