//! From a decision to a job.

use chrono::{DateTime, Utc};
use domain::{
    due::{Decision, Verdict},
    hold::HoldReason,
    ids::TenantId,
    job::{Ending, Event, EventKind, Job, JobState, LEASE, Step},
};

use crate::{
    figures::Told,
    looking::{
        Moment, send,
        turns::{Calls, Turn, Turns},
    },
    ports::{Also, Claim, Clock, Journal, Opened, PortError, Ports, SaveError},
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

/// What was decided on one agreement.
pub(super) struct Decided {
    pub(super) decision: Decision,
    /// When it was asked whom the accounting system invoices by itself, if the decision goes by that.
    pub(super) looked_at: Option<DateTime<Utc>>,
    /// The fewest calls that its invoice takes.
    pub(super) calls: Calls,
}

/// Opens the job that a decision asks for, or wakes the one there is when what held it is gone. What goes to work takes one of
/// `turns`.
pub(super) async fn follow<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    decided: &Decided,
    turns: &Turns,
    at: Moment,
) -> Result<Led, PortError> {
    let Some(mut job) = job_for(tenant, decided, at) else { return Ok(Led::Nowhere) };
    let mut events =
        vec![Event { at: at.now, kind: EventKind::Decided { decision: Box::new(decided.decision.clone()) } }];
    if let JobState::Held { reason, .. } = &job.state {
        events.push(Event { at: at.now, kind: EventKind::Held { reason: reason.clone() } });
        return open(ports, &job, &events).await;
    }
    let now = ports.clock().now();
    let turn = turns.next(now);
    // Should the message get lost, the heartbeat finds the job by this. Jobs that are opened side by side may say the same here.
    job.wake_at = Some(turn.wake_at(now));
    let led = open(ports, &job, &events).await?;
    if led == Led::ToWork {
        // One that is left to the heartbeat now, and was to be sent a moment ago, is found a few minutes late.
        if let Turn::Sent(delay) = turns.take(decided.calls, now) {
            send(ports, &job.key, delay).await?;
        }
    }
    Ok(led)
}

/// Opens the job, or takes up the one there is.
async fn open<P: Ports>(ports: &P, job: &Job, events: &[Event]) -> Result<Led, PortError> {
    match ports.journal().open(job, events).await? {
        Opened::New => {
            Told::of(job.key.tenant(), events).publish();
            Ok(fresh(job))
        }
        Opened::Exists(old) if may_be_taken_up(&old, job) => take_up(ports, &old, events, job).await,
        Opened::Exists(old) => Ok(left_alone(&old)),
    }
}

/// What [`follow`] would lead to. Changes nothing.
pub(super) async fn foresee<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    decided: &Decided,
    at: Moment,
) -> Result<Led, PortError> {
    let Some(job) = job_for(tenant, decided, at) else { return Ok(Led::Nowhere) };
    Ok(match ports.journal().job(&job.key).await? {
        Some(old) if !may_be_taken_up(&old, &job) => left_alone(&old),
        _ => fresh(&job),
    })
}

/// The job that a decision asks for, if it asks for one.
fn job_for(tenant: &TenantId, decided: &Decided, at: Moment) -> Option<Job> {
    let Decided { decision, looked_at, .. } = decided;
    let (due, hold) = match &decision.verdict {
        Verdict::Due(due) => (due, None),
        Verdict::Held { due: Some(due), reason } => (due, Some(reason)),
        Verdict::Held { due: None, .. } | Verdict::NotYet { .. } | Verdict::Skipped { .. } => return None,
    };
    let customer = decision.customer.as_ref()?;
    let mut job = Job::new(tenant.clone(), decision.agreement.clone(), customer.clone(), due.clone(), at.today, at.now);
    job.not_recurring_at = *looked_at;
    if let Some(reason) = hold {
        job.state = JobState::Held { reason: reason.clone(), since: at.now };
    }
    Some(job)
}

/// What a job that was just opened leads to.
fn fresh(job: &Job) -> Led {
    if job.needs_person() { Led::ToHold } else { Led::ToWork }
}

/// What a job that there is already, and that doesn't follow the newest decision, leads to.
fn left_alone(job: &Job) -> Led {
    if is_skipped(job) { Led::Skipped } else { made_other_period(job).map_or(Led::Nowhere, Led::OtherPeriod) }
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

async fn take_up<P: Ports>(ports: &P, old: &Job, events: &[Event], new: &Job) -> Result<Led, PortError> {
    let now = new.matched_at;
    let mut claimed = match ports.journal().claim(&old.key, now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } | Claim::Missing => return Ok(Led::Nowhere),
    };
    // It may have moved since it was seen.
    let still = may_be_taken_up(&claimed.job, new);
    let mut also = Also::default();
    if still {
        also.events = events.to_vec();
        also.events.push(Event { at: now, kind: EventKind::Resumed { why: "it's due at the newest scan".to_owned() } });
        // What couldn't be looked at for days gets one more look a day, and else goes on waiting for a person.
        let looks = match &claimed.job.state {
            JobState::Held { reason: HoldReason::TooManyAttempts { attempts, .. }, .. } => attempts.saturating_sub(1),
            _ => 0,
        };
        claimed.job = Job { failed_looks: looks, ..new.clone() };
    }
    let told = Told::of(old.key.tenant(), &also.events);
    let saved = ports.journal().save(&mut claimed, also, None).await;
    if saved.is_ok() {
        told.publish();
    }
    match saved {
        Ok(()) if still => Ok(fresh(&claimed.job)),
        Ok(()) | Err(SaveError::Fenced) => Ok(Led::Nowhere),
        Err(SaveError::Port(error)) => Err(error),
    }
}
