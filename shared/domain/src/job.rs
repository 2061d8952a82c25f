//! A job: one invoice's way through the pipeline, as data, and the pure rules that move it.
//!
//! Every effect is three writes: the *intent* with what the world looked like before, the call itself, and the *outcome*.
//! A step that's [`Step::Intended`] **may have happened**; only an observation moves it on ([`observe`]).

mod event;
mod next;
pub mod observe;

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use event::{Event, EventKind};
pub use next::{Next, look_again_at, next};

use crate::{
    due::DuePeriod,
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber, InvalidId, InvoiceNumber, TenantId},
    money::Money,
    period::Period,
    settings::Channel,
};

/// A call must begin this soon after its intent was written; a worker that comes later lets go instead. Together with
/// [`CALL_LIMIT`] it lets an observer know when a call can no longer be on its way.
pub const CALL_BEGINS_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// Longest time a call to an accounting system or the mail service may take before the client gives it up.
pub const CALL_LIMIT: TimeDelta = TimeDelta::seconds(30);
/// What a server may still do with a call after the client gave it up, generously.
const SERVER_TAIL: TimeDelta = TimeDelta::seconds(60);
/// "It did not happen" is believed only this long after the intent.
pub const SETTLED_AFTER: TimeDelta =
    TimeDelta::seconds(CALL_BEGINS_WITHIN.num_seconds() + CALL_LIMIT.num_seconds() + SERVER_TAIL.num_seconds());
/// A worker's hold on a job. Longer than any single step, shorter than the settling time, so that a dead worker's job is
/// looked at as soon as that can lead to anything.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);
/// How often a step is tried before a person is asked.
pub const MAX_ATTEMPTS: u32 = 3;

/// What makes a job unique: tenant, agreement and the first date of the period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobKey {
    tenant: TenantId,
    agreement: AgreementNumber,
    period_start: NaiveDate,
}

impl JobKey {
    /// The key of the invoice of `agreement` for the period that starts on `period_start`.
    pub fn new(tenant: TenantId, agreement: AgreementNumber, period_start: NaiveDate) -> Self {
        Self { tenant, agreement, period_start }
    }

    /// Whose it is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Which agreement.
    pub fn agreement(&self) -> &AgreementNumber {
        &self.agreement
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.tenant, self.agreement, self.period_start)
    }
}

/// A text that isn't a job's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a job's key is <tenant>:<agreement>:<period start>")]
pub struct InvalidJobKey;

impl From<InvalidId> for InvalidJobKey {
    fn from(_: InvalidId) -> Self {
        Self
    }
}

impl FromStr for JobKey {
    type Err = InvalidJobKey;
    fn from_str(text: &str) -> Result<Self, InvalidJobKey> {
        // An agreement's number may hold a colon; a tenant and a date can't.
        let (tenant, rest) = text.split_once(':').ok_or(InvalidJobKey)?;
        let (agreement, start) = rest.rsplit_once(':').ok_or(InvalidJobKey)?;
        let period_start = start.parse().map_err(|_| InvalidJobKey)?;
        Ok(Self { tenant: tenant.parse()?, agreement: agreement.parse()?, period_start })
    }
}

impl TryFrom<String> for JobKey {
    type Error = InvalidJobKey;
    fn try_from(text: String) -> Result<Self, InvalidJobKey> {
        text.parse()
    }
}

impl From<JobKey> for String {
    fn from(key: JobKey) -> String {
        key.to_string()
    }
}

/// The three steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// Make the invoice from the agreement.
    Create,
    /// Book it.
    Book,
    /// Deliver it.
    Deliver,
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Book => "book",
            Self::Deliver => "deliver",
        })
    }
}

/// How far a step has come. `I` is what its intent remembers, `O` what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Step<I, O> {
    /// Not done; `attempts` are proven not to have happened.
    Open {
        /// Attempts so far.
        attempts: u32,
        /// What the last one answered.
        last: Option<String>,
    },
    /// Announced. It may have happened, or may be happening.
    Intended {
        /// Which attempt, from 1.
        attempt: u32,
        /// When it was announced.
        at: DateTime<Utc>,
        /// What the world looked like before.
        intent: I,
    },
    /// It happened.
    Done {
        /// What came of it.
        outcome: O,
    },
    /// It isn't wanted.
    Skipped {
        /// Why.
        why: String,
    },
}

impl<I, O> Step<I, O> {
    const NEW: Self = Self::Open { attempts: 0, last: None };

    /// The outcome, once there is one.
    pub fn outcome(&self) -> Option<&O> {
        match self {
            Self::Done { outcome } => Some(outcome),
            _ => None,
        }
    }

    /// Whether nothing is left to do of it.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Skipped { .. })
    }

    /// Announces the next attempt.
    pub fn intend(&mut self, at: DateTime<Utc>, intent: I) -> u32 {
        let attempt = match self {
            Self::Open { attempts, .. } => *attempts + 1,
            Self::Intended { attempt, .. } => *attempt,
            Self::Done { .. } | Self::Skipped { .. } => 1,
        };
        *self = Self::Intended { attempt, at, intent };
        attempt
    }

    /// Records that the announced attempt never reached the other side, so that it doesn't count.
    pub fn not_taken(&mut self, why: String) {
        if let Self::Intended { attempt, .. } = self {
            *self = Self::Open { attempts: attempt.saturating_sub(1), last: Some(why) };
        }
    }

    /// Records that the announced attempt is proven not to have happened.
    pub fn not_done(&mut self, why: String) {
        if let Self::Intended { attempt, .. } = self {
            *self = Self::Open { attempts: *attempt, last: Some(why) };
        }
    }
}

/// What an agreement looked like before its invoice was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateIntent {
    /// Its period fields.
    pub fields: Period,
    /// Its newest invoice's date.
    pub last_invoice_date: Option<NaiveDate>,
    /// Invoices left.
    pub remaining: Option<u32>,
    /// The invoice date asked for; `None` leaves it to the accounting system.
    pub invoice_date: Option<NaiveDate>,
    /// The tenant's date.
    pub today: NaiveDate,
}

/// The invoice that came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Its number.
    pub invoice: InvoiceNumber,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// To pay, VAT included.
    pub total: Money,
    /// A person made it; we only found it.
    pub adopted: bool,
}

/// What we announce before booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookIntent {
    /// Which invoice.
    pub invoice: InvoiceNumber,
}

/// The booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// A person or an earlier attempt had booked it when we looked.
    pub found_booked: bool,
}

/// What we announce before a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverIntent {
    /// Which way.
    pub channel: Channel,
    /// The mail's own Message-ID, where it's a mail.
    pub message_id: Option<String>,
}

/// The delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Which way it went.
    pub channel: Channel,
    /// The mail service's own id of the mail, once it accepted it.
    pub accepted_as: Option<String>,
    /// The invoice was marked as sent already when we looked, so nothing was sent by us.
    pub found_sent: bool,
    /// The accounting system has been told.
    pub marked_sent: bool,
}

/// A person's yes to a held or failed job. It counts for what was shown, and for nothing that turns up later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who said it last.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The holds it was said to, one after another.
    #[serde(default)]
    pub reasons: Vec<HoldReason>,
}

/// How a job ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// All that the settings asked for was done.
    Completed,
    /// A person had made the invoice; the rest was left to them.
    Adopted,
    /// It turned out not to be due any more.
    NotDue,
    /// A person said to skip it.
    SkippedByPerson,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum JobState {
    /// On its way.
    Working,
    /// Waits for a person.
    Held {
        /// Why.
        reason: HoldReason,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Refused for good by the accounting system or the mail service.
    Failed {
        /// Which step.
        step: StepName,
        /// The refusal, in the system's own words.
        words: String,
        /// What to do.
        advice: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Ended well.
    Done {
        /// How.
        ending: Ending,
        /// When.
        at: DateTime<Utc>,
    },
}

/// One invoice's way through the pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What makes it unique.
    pub key: JobKey,
    /// Whom the invoice is for.
    pub customer: CustomerNumber,
    /// What was decided, and is to be invoiced.
    pub due: DuePeriod,
    /// The tenant's date when it was decided.
    pub decided_on: NaiveDate,
    /// When the scan matched it: the start of the 0.5 s to the create call.
    pub matched_at: DateTime<Utc>,
    /// First step.
    pub create: Step<CreateIntent, Created>,
    /// Second step.
    pub book: Step<BookIntent, Booked>,
    /// Third step.
    pub deliver: Step<DeliverIntent, Delivered>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: JobState,
    /// A person's yes, if one was given.
    pub approval: Option<Approval>,
    /// When to look at it again, if nobody does before.
    pub wake_at: Option<DateTime<Utc>>,
    /// Reads in a row that failed; bounds how often we look again.
    pub failed_looks: u32,
}

impl Job {
    /// A new job for `due`, decided on the tenant's date `today` and matched `now`.
    pub fn new(
        tenant: TenantId,
        agreement: AgreementNumber,
        customer: CustomerNumber,
        due: DuePeriod,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            key: JobKey::new(tenant, agreement, due.period.start()),
            customer,
            due,
            decided_on: today,
            matched_at: now,
            create: Step::NEW,
            book: Step::NEW,
            deliver: Step::NEW,
            state: JobState::Working,
            approval: None,
            wake_at: None,
            failed_looks: 0,
        }
    }

    /// The invoice, once there is one.
    pub fn invoice(&self) -> Option<&InvoiceNumber> {
        self.create.outcome().map(|created| &created.invoice)
    }

    /// Whether it waits for a person, as held or failed jobs do.
    pub fn needs_person(&self) -> bool {
        matches!(self.state, JobState::Held { .. } | JobState::Failed { .. })
    }

    /// The holds that a person has said yes to.
    pub fn approved(&self) -> &[HoldReason] {
        self.approval.as_ref().map_or(&[], |approval| &approval.reasons)
    }

    /// Whether it takes one of the invoices that its tenant may make on the day it was decided on: it has made one, or is
    /// about to. One that was held, let go or skipped before it made any doesn't.
    pub fn counts_for_its_day(&self) -> bool {
        match &self.create {
            Step::Done { outcome } => !outcome.adopted,
            Step::Intended { .. } => true,
            Step::Open { .. } | Step::Skipped { .. } => self.state == JobState::Working,
        }
    }

    /// Whether a step was announced and what became of it isn't known.
    pub fn has_open_intent(&self) -> bool {
        [StepName::Create, StepName::Book, StepName::Deliver].into_iter().any(|step| self.is_announced(step))
    }

    /// Whether `step` was announced and what became of it isn't known.
    pub fn is_announced(&self, step: StepName) -> bool {
        match step {
            StepName::Create => matches!(self.create, Step::Intended { .. }),
            StepName::Book => matches!(self.book, Step::Intended { .. }),
            StepName::Deliver => matches!(self.deliver, Step::Intended { .. }),
        }
    }

    /// The step it has come to.
    pub fn step(&self) -> StepName {
        if !self.create.is_settled() {
            StepName::Create
        } else if !self.book.is_settled() {
            StepName::Book
        } else {
            StepName::Deliver
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_survives_writing_and_reading_even_with_a_colon_in_the_number() {
        let key = JobKey::new("fortnox-1".parse().unwrap(), "A:7".parse().unwrap(), "2026-01-31".parse().unwrap());
        assert_eq!(key.to_string(), "fortnox-1:A:7:2026-01-31");
        assert_eq!(key.to_string().parse(), Ok(key));
        for wrong in ["", "fortnox-1", "fortnox-1:7", "fortnox-1:7:soon", "x:7:2026-01-31", "fortnox-1::2026-01-31"] {
            assert!(wrong.parse::<JobKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_proof_opens_an_intended_step_again() {
        let at = "2026-01-01T06:00:00Z".parse().unwrap();
        let intent = BookIntent { invoice: "1".parse().unwrap() };
        let mut step: Step<BookIntent, Booked> = Step::NEW;
        assert_eq!(step.intend(at, intent.clone()), 1);
        step.not_done("refused".into());
        assert_eq!(step, Step::Open { attempts: 1, last: Some("refused".into()) });
        assert_eq!(step.intend(at, intent), 2);
        assert!(!step.is_settled());
    }

    #[test]
    fn a_call_that_may_still_run_is_never_taken_for_not_done() {
        assert!(SETTLED_AFTER >= CALL_BEGINS_WITHIN + CALL_LIMIT);
        assert!(LEASE > CALL_BEGINS_WITHIN + CALL_LIMIT);
    }
}
