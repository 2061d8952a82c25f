//! A digest or a notice as it's kept: what it says, whom it's for, and what became of its mail.
//!
//! The mail service has no idempotency key, so a mail is announced, handed over once, and its outcome written down. One that was
//! announced and not answered for is never sent again: the next digest says that it may not have arrived.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Digest, EarlierMail, Notice};
use crate::letters::address::MailAddress;

/// Which mail of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// The day's digest.
    Digest,
    /// The accounting system can't be reached or used for the company, as when its consent was taken back.
    Unreachable,
    /// The company is stopped by something else, such as broken settings.
    Stopped,
    /// Nothing was created although something was due.
    NothingCreated,
}

impl MailKind {
    /// The notices, which don't wait for the digest.
    pub const NOTICES: [Self; 3] = [Self::Unreachable, Self::Stopped, Self::NothingCreated];

    /// Its name, as stores keep it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Unreachable => "unreachable",
            Self::Stopped => "stopped",
            Self::NothingCreated => "nothing_created",
        }
    }
}

/// What makes a mail to a tenant unique: one of each kind a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MailKey {
    /// The tenant's date.
    pub date: NaiveDate,
    /// Which.
    pub kind: MailKind,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A digest.
    Digest(Box<Digest>),
    /// A notice.
    Notice(Notice),
}

/// Why nothing is mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotMailed {
    /// Nobody is set to receive it.
    NobodySet,
    /// There's nothing to say, and the company doesn't want to be told that.
    NothingToSay,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Fate {
    /// Kept, and not to be mailed.
    NotMailed {
        /// Why.
        why: NotMailed,
    },
    /// To be mailed. Nothing has been handed over.
    Ready,
    /// Announced. It may have been sent, or may be on its way.
    Intended {
        /// When.
        at: DateTime<Utc>,
    },
    /// The mail service took it.
    Accepted {
        /// When.
        at: DateTime<Utc>,
        /// The service's own id of it.
        accepted_as: String,
    },
    /// The mail service, or the making of the mail, refused it for good.
    Refused {
        /// When.
        at: DateTime<Utc>,
        /// The words.
        words: String,
    },
    /// Announced, and nobody knows what became of it. It isn't sent again.
    Unknown {
        /// When that was found.
        at: DateTime<Utc>,
        /// What was seen.
        seen: String,
    },
}

/// A mail as it's kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    #[serde(flatten)]
    pub key: MailKey,
    /// Whom it's for.
    pub to: Vec<MailAddress>,
    /// What it says.
    pub says: Content,
    /// What became of it.
    pub mail: Fate,
}

impl Kept {
    /// The digest, where it's one.
    pub fn digest(&self) -> Option<&Digest> {
        match &self.says {
            Content::Digest(digest) => Some(digest),
            Content::Notice(_) => None,
        }
    }

    /// What the next digest says of it, if it may not have arrived.
    pub fn trouble(&self) -> Option<EarlierMail> {
        let refused = match self.mail {
            Fate::Refused { .. } => true,
            Fate::Unknown { .. } | Fate::Intended { .. } => false,
            Fate::NotMailed { .. } | Fate::Ready | Fate::Accepted { .. } => return None,
        };
        Some(EarlierMail { date: self.key.date, kind: self.key.kind, refused })
    }
}
