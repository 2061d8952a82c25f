//! Drafts that other programs put into the accounting system: which of them are finished, and what becomes of them.
//!
//! e-conomic has no state "finished" (API fact sheet, 0.2), so a company chooses which signs of it count.

mod booking;
mod decide;
mod policy;
mod recipient;

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use booking::{
    BookedLook, DraftBooking, FoundBooked, REPLAY_WITHIN, Verdict as BookingVerdict, booking_key, judge_booking,
};
pub use decide::{Circumstances, DraftDecision, DraftVerdict, Passed, Unfinished, decide};
pub use policy::{DraftPolicy, FinishedBy, Markers};
pub use recipient::{Contact, Contacts, Recipient, choose_recipient};

use crate::{
    ids::{CustomerNumber, DraftNumber},
    money::Money,
};

/// What is printed on a draft besides its lines. People write into it what they like, so it's shown to nobody by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The free reference.
    pub reference: Option<String>,
    /// The heading.
    pub heading: Option<String>,
    /// The text above the lines.
    pub first: Option<String>,
    /// The text below the lines.
    pub second: Option<String>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").finish_non_exhaustive()
    }
}

impl Texts {
    fn all(&self) -> impl Iterator<Item = &str> {
        [&self.reference, &self.heading, &self.first, &self.second].into_iter().filter_map(Option::as_deref)
    }
}

/// What makes a draft the one that was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Whom it's for.
    pub customer: CustomerNumber,
    /// Its date.
    pub date: NaiveDate,
    /// Without VAT.
    pub net: Money,
    /// To pay, VAT included.
    pub gross: Money,
    /// The accounting system's inner number of it, where it gives one: it stays when people edit the draft.
    pub handle: Option<u64>,
    /// A digest of all that is printed on it. `None` when only its row in a list was read.
    pub content: Option<String>,
}

impl Fingerprint {
    /// Whether both are the same draft, edited or not. Without inner numbers only the customer can tell.
    pub fn is_same_draft(&self, other: &Self) -> bool {
        match (self.handle, other.handle) {
            (Some(one), Some(other)) => one == other,
            _ => self.customer == other.customer,
        }
    }

    /// Whether both are surely the same draft: their inner numbers say so.
    pub fn is_surely(&self, other: &Self) -> bool {
        self.handle.is_some() && self.handle == other.handle
    }

    /// Whether nothing of it was edited, as far as both were read.
    pub fn is_unchanged(&self, other: &Self) -> bool {
        let content = match (&self.content, &other.content) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        content && Self { content: None, ..self.clone() } == Self { content: None, ..other.clone() }
    }
}

/// A draft as the accounting system shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub number: DraftNumber,
    /// What makes it this draft.
    pub print: Fingerprint,
    /// Lines that have a price. `None` when only its row in a list was read, which has no lines.
    pub priced_lines: Option<u32>,
    /// Its layout.
    pub layout: Option<u32>,
    /// What is printed on it.
    pub texts: Texts,
    /// Whether its recipient has an EAN: a public customer, who must get an e-invoice.
    pub has_ean: bool,
    /// The contact it's for the attention of.
    pub attention: Option<u32>,
    /// The contact named as "your reference".
    pub your_reference: Option<u32>,
    /// When it was last touched. e-conomic tells to the minute.
    pub touched_at: Option<DateTime<Utc>>,
}

/// How a draft showed that it's finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Sign {
    /// The integration said so.
    ReadySignal {
        /// When.
        at: DateTime<Utc>,
    },
    /// Whether it did isn't known, since the settings can't be used.
    Unknown,
    /// It carries the company's marker.
    Marker {
        /// Which: the setting's name.
        setting: String,
    },
    /// It was made by the subscription run, which makes complete ones.
    Subscription,
    /// Its date has come, and nobody has touched it for a while.
    QuietTime {
        /// Untouched since.
        since: DateTime<Utc>,
    },
}

/// A finished draft, as it was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedDraft {
    /// Its number.
    pub number: DraftNumber,
    /// What it looked like.
    pub print: Fingerprint,
    /// How it showed that it's finished.
    pub sign: Sign,
    /// A booking that was asked for and is proven not to have happened, while the very same request is the safest to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unheard: Option<DraftBooking>,
}

#[cfg(test)]
mod tests;
