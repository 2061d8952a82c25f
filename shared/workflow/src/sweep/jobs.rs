//! From a decision on a draft to a job.

use std::time::Duration;

use domain::{
    draft::{Draft, DraftDecision, DraftVerdict, FinishedDraft},
    due::DayCap,
    hold::HoldReason,
    job::{Ending, Event, EventKind, Job, JobKey, JobState, LEASE, Source, Step, look_again_at},
};

use super::lives;
use crate::{
    figures::Told,
    looking::{Moment, send},
    ports::{Also, Claim, Journal, Opened, PortError, Ports, SaveError},
};

/// Opens the job that the decision asks for, or takes up the one there is when it says something new.
pub(super) async fn follow<P: Ports>(
    ports: &P,
    draft: &Draft,
    key: &JobKey,
    existing: Option<&Job>,
    decision: &DraftDecision,
    cap: &mut DayCap,
    at: Moment,
) -> Result<(), PortError> {
    let Some(mut job) = job_for(draft, key, decision, at) else { return Ok(()) };
    let Some(old) = existing else {
        // The list may still show what was booked a moment ago, and a person may have said to leave it.
        let earlier = lives::before(ports, key).await?;
        if earlier.as_ref().and_then(Job::draft).is_some_and(|known| known.print.is_surely(&draft.print)) {
            return Ok(());
        }
        if job.is_working()
            && let Err(reason) = cap.take()
        {
            hold(&mut job, reason, at);
        }
        return open(ports, job, decision, at).await;
    };
    if old.draft().is_some_and(|known| !known.print.is_same_draft(&draft.print)) {
        // The number is another draft's now. The next sweep meets it as such.
        return end_as_gone(ports, old, at).await;
    }
    if may_be_taken_up(old, &job) { take_up(ports, old, job, decision, at).await } else { Ok(()) }
}

/// Ends a job that waits for somebody, or was let go, and whose draft is gone. One that's on its way finds out by itself.
async fn end_as_gone<P: Ports>(ports: &P, old: &Job, at: Moment) -> Result<(), PortError> {
    let waits = |job: &Job| matches!(job.book, Step::Open { .. } | Step::Skipped { .. }) && !job.is_working();
    if !waits(old) {
        return Ok(());
    }
    let mut claimed = match ports.journal().claim(&old.key, at.now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } | Claim::Missing => return Ok(()),
    };
    let mut also = Also::default();
    if waits(&claimed.job) {
        also.events.push(Event { at: at.now, kind: EventKind::Finished { ending: Ending::Gone } });
        claimed.job.state = JobState::Done { ending: Ending::Gone, at: at.now };
        claimed.job.wake_at = None;
    }
    let told = Told::of(old.key.tenant(), &also.events);
    match ports.journal().save(&mut claimed, also, None).await {
        Ok(()) => {
            told.publish();
            Ok(())
        }
        Err(SaveError::Fenced) => Ok(()),
        Err(SaveError::Port(error)) => Err(error),
    }
}

/// The job that `decision` asks for, if it asks for one.
fn job_for(draft: &Draft, key: &JobKey, decision: &DraftDecision, at: Moment) -> Option<Job> {
    let (sign, reason) = match &decision.verdict {
        DraftVerdict::Finished { sign } => (sign, None),
        DraftVerdict::Held { sign, reason } => (sign, Some(reason)),
        DraftVerdict::Unfinished { .. } | DraftVerdict::Passed { .. } => return None,
    };
    let Source::Draft { life, .. } = *key.source() else { return None };
    let finished =
        FinishedDraft { number: draft.number, print: draft.print.clone(), sign: sign.clone(), unheard: None };
    let customer = draft.print.customer.clone();
    let mut job = Job::of_draft(key.tenant().clone(), life, customer, finished, at.today, at.now);
    // Should the message get lost, or what holds it be mended, the heartbeat finds the job by this.
    job.wake_at = Some(look_again_at(at.now, 0));
    if let Some(reason) = reason {
        hold(&mut job, reason.clone(), at);
    }
    Some(job)
}

fn hold(job: &mut Job, reason: HoldReason, at: Moment) {
    if !reason.lifts_by_itself() {
        job.wake_at = None;
    }
    job.state = JobState::Held { reason, since: at.now };
}

fn story(job: &Job, decision: &DraftDecision, at: Moment) -> Vec<Event> {
    let mut events = vec![Event { at: at.now, kind: EventKind::DraftDecided { decision: Box::new(decision.clone()) } }];
    if let JobState::Held { reason, .. } = &job.state {
        events.push(Event { at: at.now, kind: EventKind::Held { reason: reason.clone() } });
    }
    events
}

async fn open<P: Ports>(ports: &P, job: Job, decision: &DraftDecision, at: Moment) -> Result<(), PortError> {
    let story = story(&job, decision, at);
    if let Opened::Exists(_) = ports.journal().open(&job, &story).await? {
        return Ok(());
    }
    Told::of(job.key.tenant(), &story).publish();
    if job.is_working() { send(ports, &job.key, Duration::ZERO).await } else { Ok(()) }
}

/// Whether the job `old`, whose draft isn't booked, follows the newest decision as `new`. What the job's own looks will find
/// out is left to them, unless somebody has edited the draft.
fn may_be_taken_up(old: &Job, new: &Job) -> bool {
    if !matches!(old.book, Step::Open { .. } | Step::Skipped { .. }) || !new.is_working() {
        return false;
    }
    let edited = match (old.draft(), new.draft()) {
        (Some(old), Some(new)) => !old.print.is_unchanged(&new.print),
        _ => false,
    };
    match &old.state {
        JobState::Working => false,
        JobState::Failed { .. } => edited,
        JobState::Held { reason, .. } => edited || was_decided(reason),
        JobState::Done { .. } => !lives::is_over(old),
    }
}

/// Whether the reason was the decision's own, so that the newest decision says that it's gone.
pub(super) fn was_decided(reason: &HoldReason) -> bool {
    matches!(
        reason,
        HoldReason::AmountOverLimit { .. } | HoldReason::NoLimitForCurrency { .. } | HoldReason::NotFlagged
    )
}

async fn take_up<P: Ports>(
    ports: &P,
    old: &Job,
    mut new: Job,
    decision: &DraftDecision,
    at: Moment,
) -> Result<(), PortError> {
    let mut claimed = match ports.journal().claim(&old.key, at.now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } | Claim::Missing => return Ok(()),
    };
    // It may have moved since it was seen.
    let still = may_be_taken_up(&claimed.job, &new);
    let mut also = Also::default();
    if still {
        also.events = story(&new, decision, at);
        also.events.push(Event {
            at: at.now,
            kind: EventKind::Resumed { why: "the newest sweep found it finished".to_owned() },
        });
        if let (domain::job::Matter::Draft(draft), Some(known)) = (&mut new.matter, claimed.job.draft()) {
            // A request that was never heard of stays the safest to make.
            draft.unheard.clone_from(&known.unheard);
        }
        claimed.job = new;
    }
    match ports.journal().save(&mut claimed, also, None).await {
        // What is taken up is on its way: no new state to tell of.
        Ok(()) if still => send(ports, &claimed.job.key, Duration::ZERO).await,
        Ok(()) | Err(SaveError::Fenced) => Ok(()),
        Err(SaveError::Port(error)) => Err(error),
    }
}
