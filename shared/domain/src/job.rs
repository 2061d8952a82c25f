//! A job: one invoice's way through the pipeline, as data, and the pure rules that move it.
//!
//! Every effect is three writes: the *intent* with what the world looked like before, the call itself, and the *outcome*.
//! A step that's [`Step::Intended`] **may have happened**; only an observation moves it on ([`observe`]).

mod at_service;
mod event;
mod key;
mod next;
pub mod observe;
mod step;
mod told;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use at_service::AtService;
pub use event::{Event, EventKind};
pub use key::{InvalidJobKey, JobKey, Source};
pub use next::{Next, look_again_at, next};
pub use step::{Step, StepName};

use crate::{
    draft::{DraftBooking, FinishedDraft},
    due::DuePeriod,
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    mail::MailName,
    money::Money,
    period::Period,
    settings::Channel,
};

/// An effect is announced this soon after the settings and the world it goes by were read; a worker that comes later reads
/// them anew. So a switch works at once even on a worker that was held up between reading and acting.
pub const ACT_WITHIN: TimeDelta = TimeDelta::seconds(60);
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
    /// The invoice that the call was answered with, while it isn't known which period that is for.
    #[serde(default)]
    pub answered: Option<InvoiceNumber>,
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
    /// When we knew of it; from then on it can be reviewed. Not kept of a draft's, nor before there were review windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<DateTime<Utc>>,
}

/// What we announce before booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BookIntent {
    /// An invoice that is there already.
    Invoice {
        /// Which.
        invoice: InvoiceNumber,
    },
    /// A draft, which becomes the invoice by being booked.
    Draft(DraftBooking),
}

/// The booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// A person or an earlier attempt had booked it when we looked.
    pub found_booked: bool,
    /// The invoice that a draft became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Created>,
}

/// What a job is to invoice.
#[expect(clippy::large_enum_variant, reason = "a worker holds one job, which is large whatever it's about")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// An agreement's period.
    Due(DuePeriod),
    /// A finished draft.
    Draft(FinishedDraft),
}

/// What we announce before a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverIntent {
    /// Which way.
    pub channel: Channel,
    /// The mail's own Message-ID, where it's a mail of ours.
    pub message_id: Option<String>,
    /// Whether the invoice was marked as sent before, where the accounting system delivers it itself: its mark is what tells
    /// afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_before: Option<bool>,
}

/// The delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Which way it went.
    pub channel: Channel,
    /// The mail service's own id of the mail, once it accepted it.
    pub accepted_as: Option<String>,
    /// The mail's name in what the mail service tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailName>,
    /// The invoice was marked as sent already when we looked, so nothing was sent by us.
    pub found_sent: bool,
    /// The accounting system has been told.
    pub marked_sent: bool,
    /// How it stands with the invoice service, where we handed it over to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<AtService>,
}

impl Delivered {
    /// Whether it was handed over, and whether it was taken on isn't known yet.
    pub fn awaits_service(&self) -> bool {
        self.service.as_ref().is_some_and(|service| !service.taken_on)
    }
}

/// A mail that was accepted and didn't arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameBack {
    /// By which channel it had gone.
    pub channel: Channel,
    /// What the mail service tells of it, without any address.
    pub problem: String,
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
    /// The draft was deleted before it was booked.
    Gone,
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
    #[serde(flatten)]
    pub matter: Matter,
    /// The tenant's date when it was decided.
    pub decided_on: NaiveDate,
    /// When the scan matched it: the start of the 0.5 s to the create call.
    pub matched_at: DateTime<Utc>,
    /// When it was last seen that the accounting system doesn't invoice the customer by itself, or can't be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_recurring_at: Option<DateTime<Utc>>,
    /// First step.
    pub create: Step<CreateIntent, Created>,
    /// Second step.
    pub book: Step<BookIntent, Booked>,
    /// Third step.
    pub deliver: Step<DeliverIntent, Delivered>,
    /// Deliveries that came back, or that a person wanted done once more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delivered_before: Vec<Delivered>,
    /// Why the last of them came back, as long as nobody has said what is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_back: Option<CameBack>,
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
        let key = JobKey::new(tenant, agreement, due.period.start());
        Self::with(key, customer, Matter::Due(due), today, now)
    }

    /// A new job for a finished draft, the `life`th of its number.
    pub fn of_draft(
        tenant: TenantId,
        life: u32,
        customer: CustomerNumber,
        draft: FinishedDraft,
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Self {
        let key = JobKey::of_draft(tenant, draft.number, life);
        let create = Step::Skipped { why: "the draft is in the accounting system already".to_owned() };
        Self { create, ..Self::with(key, customer, Matter::Draft(draft), today, now) }
    }

    fn with(key: JobKey, customer: CustomerNumber, matter: Matter, today: NaiveDate, now: DateTime<Utc>) -> Self {
        Self {
            key,
            customer,
            matter,
            decided_on: today,
            matched_at: now,
            not_recurring_at: None,
            create: Step::NEW,
            book: Step::NEW,
            deliver: Step::NEW,
            delivered_before: Vec::new(),
            came_back: None,
            state: JobState::Working,
            approval: None,
            wake_at: None,
            failed_looks: 0,
        }
    }

    /// The invoice, once there is one.
    pub fn made(&self) -> Option<&Created> {
        self.create.outcome().or_else(|| self.book.outcome()?.invoice.as_ref())
    }

    /// The invoice's number, once there is one.
    pub fn invoice(&self) -> Option<&InvoiceNumber> {
        self.made().map(|made| &made.invoice)
    }

    /// The period to invoice, where the job comes of an agreement.
    pub fn due(&self) -> Option<&DuePeriod> {
        match &self.matter {
            Matter::Due(due) => Some(due),
            Matter::Draft(_) => None,
        }
    }

    /// The draft to book, where the job comes of one.
    pub fn draft(&self) -> Option<&FinishedDraft> {
        match &self.matter {
            Matter::Due(_) => None,
            Matter::Draft(draft) => Some(draft),
        }
    }

    /// Whether nothing moves it but a person's word: it's over, or waits for a yes.
    pub fn stands_still(&self) -> bool {
        match &self.state {
            JobState::Working => false,
            JobState::Held { reason, .. } => !reason.lifts_by_itself(),
            JobState::Done { .. } | JobState::Failed { .. } => true,
        }
    }

    /// Whether it waits for a person, as held or failed jobs do.
    pub fn needs_person(&self) -> bool {
        matches!(self.state, JobState::Held { .. } | JobState::Failed { .. })
    }

    /// When a review window of this length ends, in which a person may stop the booking. It's open from when there is
    /// something to look at: a draft is there when it's decided on, an agreement's invoice when it's created.
    pub fn review_ends(&self, window: TimeDelta) -> DateTime<Utc> {
        let created_at = self.create.outcome().and_then(|created| created.known_at);
        created_at.unwrap_or(self.matched_at) + window
    }

    /// Whether it's on its way, and nothing of it has been booked or is about to be.
    pub fn may_be_stopped(&self) -> bool {
        self.is_working() && !self.has_open_intent() && matches!(self.book, Step::Open { .. })
    }

    /// Whether it's on its way.
    pub fn is_working(&self) -> bool {
        self.state == JobState::Working
    }

    /// The holds that a person has said yes to.
    pub fn approved(&self) -> &[HoldReason] {
        self.approval.as_ref().map_or(&[], |approval| &approval.reasons)
    }

    /// Opens a delivery that was done, to be done once more. `false`: there is none.
    pub fn deliver_again(&mut self) -> bool {
        let done = matches!(self.deliver, Step::Done { .. });
        if done && let Step::Done { outcome } = std::mem::replace(&mut self.deliver, Step::NEW) {
            self.delivered_before.push(outcome);
        }
        done
    }

    /// Whether the invoice is marked as sent because of a delivery of this job's: then the mark tells nothing of the next one.
    pub fn mark_is_its_own(&self) -> bool {
        self.delivered_before.iter().any(|delivered| delivered.marked_sent)
    }

    /// Whether it takes one of the invoices that its tenant may make on the day it was decided on: it has made one, or is
    /// about to. One that was held, let go or skipped before it made any doesn't.
    pub fn counts_for_its_day(&self) -> bool {
        if let Some(made) = self.made() {
            return !made.adopted;
        }
        match (&self.create, &self.book) {
            (Step::Intended { .. }, _) | (_, Step::Intended { .. }) => true,
            _ => self.state == JobState::Working,
        }
    }

    /// Whether a step was announced and what became of it isn't known.
    pub fn has_open_intent(&self) -> bool {
        [StepName::Create, StepName::Book, StepName::Deliver].into_iter().any(|step| self.is_announced(step))
    }

    /// Whether something that was asked for is to be followed to its end, whatever is wanted by now: an announced step, or an
    /// invoice that the invoice service was handed.
    pub fn is_under_way(&self) -> bool {
        self.has_open_intent() || self.deliver.outcome().is_some_and(Delivered::awaits_service)
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
    use super::*;

    #[test]
    fn a_call_that_may_still_run_is_never_taken_for_not_done() {
        assert!(SETTLED_AFTER >= CALL_BEGINS_WITHIN + CALL_LIMIT);
        assert!(LEASE > CALL_BEGINS_WITHIN + CALL_LIMIT);
    }
}
