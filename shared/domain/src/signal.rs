//! The ready signal: an integration's word that a draft is finished, the only one that *knows*.
//!
//! It comes over the internet, so it's signed: an HMAC over what is asked for, when, and a nonce. [`verify`] tells who may
//! say so; to everybody else every refusal looks the same. `docs/ready-signal.md` shows it to integrators.

mod secret;
mod verify;

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    secret::{SignalSecret, WeakSecret},
    verify::{Refused, Request, Stranger, sign, verify},
};
use crate::{
    ids::{DraftNumber, TenantId},
    job::JobKey,
};

/// How far the sender's clock may be from ours. Servers keep time to a second; five minutes also let a request wait out a
/// retry or two, and bound how long a recorded one is of any use.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// How long a nonce is remembered: from one end of the tolerance to the other.
pub const NONCE_KEPT_FOR: TimeDelta = TimeDelta::minutes(10);

/// How long a signal waits for its draft to be booked. A draft that is held for a person may take weeks; one that nobody
/// has dealt with in a quarter of a year is forgotten by its integration, too.
pub const SIGNAL_KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Longest body, in bytes. Nothing in it is read, but integrations like to send something.
pub const MOST_BODY_BYTES: usize = 1024;

/// What makes a request one of a kind: 16 to 64 letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nonce(String);

/// A text that is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 to 64 letters, digits, - and _")]
pub struct InvalidNonce;

impl FromStr for Nonce {
    type Err = InvalidNonce;
    fn from_str(text: &str) -> Result<Self, InvalidNonce> {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = (16..=64).contains(&text.len()) && text.bytes().all(safe);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidNonce) }
    }
}

impl TryFrom<String> for Nonce {
    type Error = InvalidNonce;
    fn try_from(text: String) -> Result<Self, InvalidNonce> {
        text.parse()
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> String {
        nonce.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A signal whose sender is who it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignal {
    /// Whose draft.
    pub tenant: TenantId,
    /// Which draft.
    pub draft: DraftNumber,
    /// When it came.
    pub at: DateTime<Utc>,
    /// What makes it one of a kind.
    pub nonce: Nonce,
}

impl VerifiedSignal {
    /// The signal as it's kept, for the job that the draft has or will have.
    pub fn for_job(self, job: JobKey) -> ReadySignal {
        ReadySignal { tenant: self.tenant, draft: self.draft, at: self.at, nonce: self.nonce, job }
    }
}

/// A signal as it's kept: this draft is finished, says its integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadySignal {
    /// Whose draft.
    pub tenant: TenantId,
    /// Which draft.
    pub draft: DraftNumber,
    /// When it came.
    pub at: DateTime<Utc>,
    /// What makes it one of a kind.
    pub nonce: Nonce,
    /// The job that the draft has or will have. A number may be used again for another draft, which is another job's and
    /// needs a word of its own.
    pub job: JobKey,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_nonce_is_bounded_and_safe_anywhere() {
        for fine in ["abcdefghij012345", "A-Z_0123456789-_"] {
            assert_eq!(fine.parse::<Nonce>().unwrap().to_string(), fine);
        }
        assert!("x".repeat(64).parse::<Nonce>().is_ok());
        for wrong in ["", "short", "abcdefghij01234#", "abcdefghij01234 ", "abcdefghij01234å", &"x".repeat(65)] {
            assert_eq!(wrong.parse::<Nonce>(), Err(InvalidNonce), "{wrong}");
        }
    }

    #[test]
    fn a_nonce_is_kept_for_as_long_as_its_timestamp_could_pass() {
        assert_eq!(NONCE_KEPT_FOR, CLOCK_TOLERANCE * 2);
    }
}
