//! From a decision to a job.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    due::{Decision, DuePeriod, Verdict},
    hold::HoldReason,
    ids::{CustomerNumber, TenantId},
    job::{Ending, Event, EventKind, Job, JobState, LEASE, Step, look_again_at},
};

use crate::{
    message::{BookingMessage, Message},
    ports::{Also, Claim, Journal, Opened, PortError, Ports, Queues, SaveError},
};

/// What a decision led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Led {
    /// A job is on its way.
    ToWork,
    /// A job waits for a person.
    ToHold,
    /// A person said to skip it.
    Skipped,
    /// Its job has an invoice for other dates, which a person found right; so nothing has come of these.
    OtherPeriod(HoldReason),
    /// Nothing new.
    Nowhere,
}

/// The moment a decision is made, in the tenant's terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) today: NaiveDate,
    pub(super) now: DateTime<Utc>,
}

/// Opens the job that `decision` asks for, or wakes the one there is when what held it is gone.
pub(super) async fn follow<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    decision: &Decision,
    at: Moment,
) -> Result<Led, PortError> {
    let (due, hold) = match &decision.verdict {
        Verdict::Due(due) => (due, None),
        Verdict::Held { due: Some(due), reason } => (due, Some(reason)),
        Verdict::Held { due: None, .. } | Verdict::NotYet { .. } | Verdict::Skipped { .. } => return Ok(Led::Nowhere),
    };
    let Some(customer) = &decision.customer else { return Ok(Led::Nowhere) };
    let job = new_job(tenant, decision, customer, due, hold, at);
    let mut events = vec![Event { at: at.now, kind: EventKind::Decided { decision: Box::new(decision.clone()) } }];
    if let Some(reason) = hold {
        events.push(Event { at: at.now, kind: EventKind::Held { reason: reason.clone() } });
    }
    match ports.journal().open(&job, &events).await? {
        Opened::New if hold.is_some() => Ok(Led::ToHold),
        Opened::New => {
            send(ports, &job).await?;
            Ok(Led::ToWork)
        }
        Opened::Exists(old) if may_be_taken_up(&old, &job) => take_up(ports, &old, events, job).await,
        Opened::Exists(old) if is_skipped(&old) => Ok(Led::Skipped),
        Opened::Exists(old) => Ok(made_other_period(&old).map_or(Led::Nowhere, Led::OtherPeriod)),
    }
}

fn new_job(
    tenant: &TenantId,
    decision: &Decision,
    customer: &CustomerNumber,
    due: &DuePeriod,
    hold: Option<&HoldReason>,
    at: Moment,
) -> Job {
    let mut job = Job::new(tenant.clone(), decision.agreement.clone(), customer.clone(), due.clone(), at.today, at.now);
    match hold {
        Some(reason) => job.state = JobState::Held { reason: reason.clone(), since: at.now },
        // Should the message get lost, the heartbeat finds the job by this.
        None => job.wake_at = Some(look_again_at(at.now, 0)),
    }
    job
}

async fn send<P: Ports>(ports: &P, job: &Job) -> Result<(), PortError> {
    let message = Message::Booking(BookingMessage::Job { job: job.key.clone() });
    ports.queues().send(&message, Duration::ZERO).await
}

/// Whether the job `old`, that was held or let go as not due before its invoice was made, follows the newest decision as
/// `new`: the limit was raised, the agreement is active again.
fn may_be_taken_up(old: &Job, new: &Job) -> bool {
    let attempts = match &old.create {
        // Tries that are proven not to have happened leave nothing behind.
        Step::Open { attempts, .. } => *attempts,
        Step::Skipped { .. } => 0,
        Step::Intended { .. } | Step::Done { .. } => return false,
    };
    match &old.state {
        JobState::Held { reason: HoldReason::TooManyAttempts { .. }, .. } if attempts > 0 => false,
        JobState::Held { .. } => new.state == JobState::Working,
        JobState::Done { ending, .. } => *ending == Ending::NotDue,
        JobState::Working | JobState::Failed { .. } => false,
    }
}

fn made_other_period(job: &Job) -> Option<HoldReason> {
    let other = |reason: &&HoldReason| matches!(reason, HoldReason::OtherPeriod { .. });
    job.approved().iter().find(other).filter(|_| matches!(job.state, JobState::Done { .. })).cloned()
}

fn is_skipped(job: &Job) -> bool {
    matches!(job.state, JobState::Done { ending: Ending::SkippedByPerson, .. })
}

async fn take_up<P: Ports>(ports: &P, old: &Job, events: Vec<Event>, new: Job) -> Result<Led, PortError> {
    let now = new.matched_at;
    let mut claimed = match ports.journal().claim(&old.key, now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } | Claim::Missing => return Ok(Led::Nowhere),
    };
    // It may have moved since it was seen.
    let still = may_be_taken_up(&claimed.job, &new);
    let mut also = Also::default();
    if still {
        also.events = events;
        also.events.push(Event { at: now, kind: EventKind::Resumed { why: "it's due at the newest scan".to_owned() } });
        claimed.job = new;
    }
    match ports.journal().save(&mut claimed, also, None).await {
        Ok(()) if still && claimed.job.needs_person() => Ok(Led::ToHold),
        Ok(()) if still => {
            send(ports, &claimed.job).await?;
            Ok(Led::ToWork)
        }
        Ok(()) | Err(SaveError::Fenced) => Ok(Led::Nowhere),
        Err(SaveError::Port(error)) => Err(error),
    }
}
