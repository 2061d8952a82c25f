//! How a mail stands with one of those it went to.

use serde::{Deserialize, Serialize};

/// How a mail stands with one recipient. Events come twice and in any order, so the higher of two states counts: each tells more
/// than those above it in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Announced. Whether the mail service has it isn't known.
    Queued,
    /// The mail service took it.
    Accepted,
    /// The recipient's server doesn't take it yet; the mail service goes on trying.
    Delayed,
    /// Given up for a reason that may pass, such as a full mailbox. Below [`Self::Delivered`], since an automatic answer to a mail
    /// that arrived is told of in the same way (source: SES developer guide, bounce types `Transient` and `Undetermined`).
    Failed,
    /// The recipient's server took it.
    Delivered,
    /// The mail service itself didn't send it, since it found a virus in it (source: SES developer guide, `Reject`).
    Rejected,
    /// There is no such mailbox. Also told of an address that the mail service knows to be dead and doesn't try (its suppression
    /// list).
    Bounced,
    /// The recipient called it unwanted.
    Complained,
}

impl MailState {
    /// Whether the recipient doesn't have the mail and won't get it.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Failed | Self::Rejected | Self::Bounced)
    }

    /// Whether the mail service is known to have taken the mail.
    pub fn was_accepted(self) -> bool {
        self > Self::Queued
    }

    /// Its name, as it's stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Delayed => "delayed",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Rejected => "rejected",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}
