//! What a job's story tells the digest: one line for each step that came true.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerNumber, InvoiceNumber},
    job::{Delivered, Event, EventKind, Job, JobKey, StepName},
    mail::{Bounce, MailRecord},
    money::Money,
    settings::Channel,
};

/// Something that came true of an invoice. Written in one go with the outcome itself, so that neither is there without the
/// other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// The job.
    pub job: JobKey,
    /// The invoice.
    pub invoice: InvoiceNumber,
    /// Whom it's for.
    pub customer: CustomerNumber,
    /// To pay, VAT included.
    pub total: Option<Money>,
}

/// What came true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// It was made.
    Created {
        /// By a person; we only found it.
        adopted: bool,
    },
    /// It was booked.
    Booked {
        /// By a person, or by an earlier attempt of ours; we only found it so.
        found: bool,
    },
    /// It was sent.
    Delivered {
        /// Which way.
        channel: Channel,
        /// It was marked as sent when we looked, so nothing was sent by us.
        found: bool,
    },
    /// Its mail came back.
    Bounced {
        /// How.
        why: Bounce,
    },
}

impl What {
    /// A short stable name, for a key.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Booked { .. } => "booked",
            Self::Delivered { .. } => "delivered",
            Self::Bounced { why: Bounce::Undeliverable } => "bounced",
            Self::Bounced { why: Bounce::InPart } => "bounced_in_part",
            Self::Bounced { why: Bounce::Complained } => "complained",
            Self::Bounced { why: Bounce::ControlCopy } => "copy_bounced",
        }
    }
}

/// What an event of the mail service tells the digest, written in one go with the mail's record: `bounces` is what it changed
/// ([`crate::mail::Folded::bounces`]). The invoice's amount is told where it was sent.
pub fn came_back(record: &MailRecord, bounces: &BTreeSet<Bounce>, at: DateTime<Utc>) -> Vec<Line> {
    let line = |why: &Bounce| Line {
        at,
        what: What::Bounced { why: *why },
        job: record.job.clone(),
        invoice: record.invoice.clone(),
        customer: record.customer.clone(),
        total: None,
    };
    bounces.iter().map(line).collect()
}

/// What the `events` that are written with `job` tell the digest. An invoice that the invoice service has yet to take on isn't
/// delivered.
pub fn happened(job: &Job, events: &[Event]) -> Vec<Line> {
    let line = |event: &Event| {
        let what = match &event.kind {
            EventKind::Happened { step: StepName::Create, .. } => {
                What::Created { adopted: job.create.outcome()?.adopted }
            }
            EventKind::Happened { step: StepName::Book, .. } => {
                What::Booked { found: job.book.outcome()?.found_booked }
            }
            EventKind::Happened { step: StepName::Deliver, .. } => delivered(job.deliver.outcome()?)?,
            EventKind::CameBack { .. } => What::Bounced { why: Bounce::Undeliverable },
            _ => return None,
        };
        let invoice = match &event.kind {
            EventKind::Happened { invoice, .. } => invoice,
            _ => job.invoice()?,
        };
        Some(Line {
            at: event.at,
            what,
            job: job.key.clone(),
            invoice: invoice.clone(),
            customer: job.customer.clone(),
            total: job.made().map(|made| made.total),
        })
    };
    events.iter().filter_map(line).collect()
}

fn delivered(outcome: &Delivered) -> Option<What> {
    let (channel, found) = (outcome.channel, outcome.found_sent);
    (!outcome.awaits_service()).then_some(What::Delivered { channel, found })
}
