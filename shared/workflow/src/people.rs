//! What a person decides about a job: a held or failed one goes on or ends, and one that isn't booked yet can be stopped.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{Approval, Ending, Event, EventKind, Job, JobKey, JobState, LEASE, Step, StepName},
};

use crate::{
    message::{BookingMessage, DeliveryMessage, Message},
    ports::{Also, Claim, Clock, Journal, PortError, Ports, Queues, SaveError},
};

/// Why a person's word could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// No such job.
    #[error("there is no job {0}")]
    Missing(JobKey),
    /// A worker has it: try again in a minute.
    #[error("the job {0} is being worked on; try again in a minute")]
    Busy(JobKey),
    /// It neither is held nor has failed, and nothing of it can be stopped any more.
    #[error("the job {0} is neither held nor failed, and can't be stopped any more, so there is nothing to decide")]
    NothingToDecide(JobKey),
    /// A guard or doubt holds it, which only a yes lifts.
    #[error("the job {key} is held, not failed: {reason}. Approve it if it's right, so that it goes on")]
    Held {
        /// Which.
        key: JobKey,
        /// Why it's held.
        reason: Box<HoldReason>,
    },
    /// The journal didn't answer.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// `by` says yes: the job goes on, past the guard or doubt that held it, and what was tried too often or ended unknown is
/// done again. Another guard, or the same with another amount, holds it again.
pub async fn approve<P: Ports>(ports: &P, key: &JobKey, by: &str) -> Result<(), PeopleError> {
    let at = ports.clock().now();
    decide(ports, key, EventKind::Approved { by: by.to_owned() }, Job::needs_person, |job| {
        let state = std::mem::replace(&mut job.state, JobState::Working);
        job.failed_looks = 0;
        job.wake_at = Some(at + TimeDelta::minutes(5));
        let unknown = match &state {
            JobState::Held { reason: HoldReason::OutcomeUnknown { step, .. }, .. } => Some(*step),
            _ => None,
        };
        reopen(&mut job.create, unknown == Some(StepName::Create));
        reopen(&mut job.book, unknown == Some(StepName::Book));
        reopen(&mut job.deliver, unknown == Some(StepName::Deliver));
        // Now it's to go the ordinary way once more. Any other yes is one to what stood in the way of the other channel.
        if matches!(state, JobState::Held { reason: HoldReason::CameBack { .. }, .. }) {
            job.came_back = None;
        }
        let mut reasons = job.approval.take().map(|approval| approval.reasons).unwrap_or_default();
        if let JobState::Held { reason, .. } = state
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
        job.approval = Some(Approval { by: by.to_owned(), at, reasons });
    })
    .await?;
    let message = Message::Booking(BookingMessage::Job { job: key.clone() });
    Ok(ports.queues().send(&message, std::time::Duration::ZERO).await?)
}

/// `by` says that this invoice is dealt with: the job ends. So does one on its way that isn't booked yet, as long as no call of
/// it is out: that's how a person stops it in its review window.
pub async fn skip<P: Ports>(ports: &P, key: &JobKey, by: &str) -> Result<(), PeopleError> {
    let at = ports.clock().now();
    let may = |job: &Job| job.needs_person() || job.may_be_stopped();
    decide(ports, key, EventKind::Finished { ending: Ending::SkippedByPerson }, may, |job| {
        // What was said yes to before stays told.
        let reasons = job.approval.take().map(|approval| approval.reasons).unwrap_or_default();
        job.approval = Some(Approval { by: by.to_owned(), at, reasons });
        job.state = JobState::Done { ending: Ending::SkippedByPerson, at };
        job.wake_at = None;
    })
    .await
}

/// `by` wants an invoice that was delivered to be delivered once more, and says `why`: by the channel and to the address that are set
/// now. The journal keeps both.
pub async fn resend<P: Ports>(ports: &P, key: &JobKey, by: &str, why: &str) -> Result<(), PeopleError> {
    let at = ports.clock().now();
    let kind = EventKind::Resent { by: by.to_owned(), why: why.to_owned() };
    let may = |job: &Job| matches!(job.state, JobState::Done { .. }) && matches!(job.deliver, Step::Done { .. });
    decide(ports, key, kind, may, |job| {
        job.deliver_again();
        job.came_back = None;
        job.state = JobState::Working;
        job.failed_looks = 0;
        job.wake_at = Some(at + TimeDelta::minutes(5));
    })
    .await?;
    let message = Message::Delivery(DeliveryMessage::Job { job: key.clone() });
    Ok(ports.queues().send(&message, std::time::Duration::ZERO).await?)
}

/// What came of having a job tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It had failed, and goes on.
    Reopened,
    /// It's on its way: it's looked at now instead of at its time.
    Woken,
}

/// `by` has put right what a job failed by, so it's tried again; one that is on its way is looked at now. Lifts no hold.
pub async fn retry<P: Ports>(ports: &P, key: &JobKey, by: &str) -> Result<Retried, PeopleError> {
    let job = ports.journal().job(key).await?.ok_or_else(|| PeopleError::Missing(key.clone()))?;
    match job.state {
        JobState::Failed { .. } => approve(ports, key, by).await.map(|()| Retried::Reopened),
        JobState::Held { reason, .. } => Err(PeopleError::Held { key: key.clone(), reason: Box::new(reason) }),
        JobState::Done { .. } => Err(PeopleError::NothingToDecide(key.clone())),
        // A worker looks before it acts, and one that has the job already is asked twice: neither does anything twice.
        JobState::Working => {
            let message = Message::Booking(BookingMessage::Job { job: key.clone() });
            ports.queues().send(&message, std::time::Duration::ZERO).await?;
            Ok(Retried::Woken)
        }
    }
}

/// Forgets how often a step was tried. One that was announced is opened only by the person's word that it's to be done in
/// spite of its `unknown` outcome; after any other yes it's observed as before.
fn reopen<I, O>(step: &mut Step<I, O>, unknown: bool) {
    if unknown {
        step.not_done("a person said to do it again".to_owned());
    }
    if let Step::Open { attempts, .. } = step {
        *attempts = 0;
    }
}

async fn decide<P: Ports>(
    ports: &P,
    key: &JobKey,
    kind: EventKind,
    may: impl FnOnce(&Job) -> bool,
    change: impl FnOnce(&mut Job),
) -> Result<(), PeopleError> {
    let now = ports.clock().now();
    let mut claimed = match ports.journal().claim(key, now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } => return Err(PeopleError::Busy(key.clone())),
        Claim::Missing => return Err(PeopleError::Missing(key.clone())),
    };
    let undecided = may(&claimed.job);
    let mut also = Also::default();
    if undecided {
        change(&mut claimed.job);
        also.events.push(Event { at: now, kind });
    }
    match ports.journal().save(&mut claimed, also, None).await {
        Ok(()) if undecided => Ok(()),
        Ok(()) => Err(PeopleError::NothingToDecide(key.clone())),
        Err(SaveError::Fenced) => Err(PeopleError::Busy(key.clone())),
        Err(SaveError::Port(error)) => Err(error.into()),
    }
}
