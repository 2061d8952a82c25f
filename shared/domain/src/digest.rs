//! The digest: what was done for a company since the last one, what waits for a person and what that person can do, and what
//! is coming. Made from the journal alone, and kept as JSON before it's mailed, so that the mail says what was kept.
//!
//! What happened counts in the digest whose [`Span`] contains its moment, and spans follow one upon another: nothing falls
//! between two digests or stands in both. What waits for a person stands in each until it's solved.

mod compose;
mod happened;
mod html;
mod lines;
mod mail;
mod notice;
mod outlook;
mod render;
pub mod schedule;
mod text;
pub mod words;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use compose::{Input, compose};
pub use happened::{Line, What, came_back, happened};
pub use lines::{
    About, ByChannel, Coming, Concern, EarlierMail, MOST_LINES, Part, PriceFate, PriceLine, Waiting, coming_draft,
    coming_period,
};
pub use mail::{Content, Fate, Kept, MailKey, MailKind, NotMailed};
pub use notice::{Notice, nothing_created, of_concern};
pub use outlook::Outlook;
pub use render::{render_digest, render_notice};

use crate::{ids::TenantId, letters::Language};

/// The time a digest tells of: from its first instant up to, and without, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant of the next one.
    pub to: DateTime<Utc>,
}

impl Span {
    /// Whether `at` belongs to it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}

/// How a digest is written as JSON. Integrations go by this name: another shape is another version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// This one.
    #[default]
    #[serde(rename = "digest.v1")]
    V1,
}

/// What a company is told of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How it's written.
    pub version: Version,
    /// Whose.
    pub tenant: TenantId,
    /// The company's name, as its letters show it.
    pub company: Option<String>,
    /// The language of its words.
    pub language: Language,
    /// The tenant's date. There is one digest a date.
    pub date: NaiveDate,
    /// What it tells of.
    pub span: Span,
    /// Invoices that were made.
    pub created: Part<Line>,
    /// Invoices that were booked.
    pub booked: Part<Line>,
    /// Invoices that were sent, way by way: handed over to the mail service, or sent by the accounting system.
    pub delivered: Vec<ByChannel>,
    /// Mails that came back, or weren't wanted.
    pub bounced: Part<Line>,
    /// Jobs that wait for a person's yes, whenever that began.
    pub held: Part<Waiting>,
    /// Jobs that were refused for good, whenever that was.
    pub failed: Part<Waiting>,
    /// What needs a person and has no job.
    pub concerns: Part<Waiting>,
    /// What became of prices.
    pub prices: Part<PriceLine>,
    /// What is due on the day after.
    pub coming: Part<Coming>,
    /// Earlier mails to the company that may not have arrived.
    pub mails: Vec<EarlierMail>,
}

impl Digest {
    /// How many things wait for a person.
    pub fn waiting(&self) -> u64 {
        self.held.count + self.failed.count + self.concerns.count
    }

    /// Whether there's nothing to say.
    pub fn is_empty(&self) -> bool {
        let counts = [&self.created, &self.booked, &self.bounced].map(|part| part.count);
        counts.iter().all(|count| *count == 0)
            && self.delivered.is_empty()
            && self.waiting() == 0
            && self.prices.count == 0
            && self.coming.count == 0
            && self.mails.is_empty()
    }
}
