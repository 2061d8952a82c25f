//! What a mail's standing means for the job that sent it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    hold::HoldReason,
    job::{CameBack, DeliverIntent, Event, EventKind, Job, JobState, LEASE, Step, StepName, look_again_at},
    mail::{MailEvent, MailName, MailRecord, MailState, Standing},
};

use crate::{
    advance::Outcome,
    message::{DeliveryMessage, FeedbackMessage, Message},
    ports::{Also, Claim, Clock, Journal, MailBook, PortError, Ports, Queues, SaveError},
};

/// Where a mail came back while a worker has its job, the job is asked for again after this: longer than a worker may have it without renewing that ([`LEASE`]). A
/// worker that lives is done by then; what one that died left is found by the heartbeat, and whoever ends the job then looks at its
/// mail ([`of_mail`]).
const ASK_AGAIN: Duration = Duration::from_secs(100);

/// So often and no more: messages come twice, and each that asks again would make two more.
const MOST_TIMES: u8 = 1;

/// Takes the job up again if the mail says that something is left to do. It was asked for `times` before.
pub(super) async fn follow<P: Ports>(
    ports: &P,
    record: &MailRecord,
    event: &MailEvent,
    times: u8,
) -> Result<Outcome, PortError> {
    let Some(job) = ports.journal().job(&record.job).await? else { return Ok(Outcome::Settled) };
    let now = ports.clock().now();
    let Some((_, kind)) = change(&job, record, now) else { return Ok(Outcome::Settled) };
    // Of a mail that was just announced the worker, or the heartbeat after it, finds by itself what is known.
    let came_back = matches!(kind, Some(EventKind::CameBack { .. }));
    let mut claimed = match ports.journal().claim(&record.job, now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        Claim::Busy { .. } if came_back && times < MOST_TIMES => {
            let again = FeedbackMessage { event: Some(event.clone()), times: times + 1 };
            ports.queues().send(&Message::Feedback(again), ASK_AGAIN).await?;
            return Ok(Outcome::Settled);
        }
        Claim::Busy { .. } | Claim::Missing => return Ok(Outcome::Settled),
    };
    // It may have moved since it was seen.
    let change = change(&claimed.job, record, now);
    let mut also = Also::default();
    if let Some((job, kind)) = &change {
        claimed.job = Job { wake_at: Some(look_again_at(now, 0)), ..job.clone() };
        also.events.extend(kind.clone().map(|kind| Event { at: now, kind }));
    }
    match ports.journal().save(&mut claimed, also, None).await {
        Ok(()) => {}
        // Whoever took it over ends it, and looks then.
        Err(SaveError::Fenced) => return Ok(Outcome::Settled),
        Err(SaveError::Port(error)) => return Err(error),
    }
    if change.is_some() {
        let message = Message::Delivery(DeliveryMessage::Job { job: record.job.clone() });
        ports.queues().send(&message, Duration::ZERO).await?;
    }
    Ok(Outcome::Settled)
}

/// What the mail that `job` sent says is left to do, as the job's next state and a line of its story: asked before a job is ended, since
/// what was heard while a worker had it could not be written into it.
pub(crate) async fn of_mail<P: Ports>(ports: &P, job: &Job) -> Result<Option<(Job, EventKind)>, PortError> {
    let Some(mail) = job.deliver.outcome().and_then(|outcome| outcome.mail.as_ref()) else { return Ok(None) };
    let Some(kept) = ports.mails().record(mail).await? else { return Ok(None) };
    Ok(change(job, &kept.record, ports.clock().now()).and_then(|(job, kind)| Some((job, kind?))))
}

/// The job as it's to go on, and what is told of that. `None`: nothing is left to do.
fn change(job: &Job, record: &MailRecord, now: DateTime<Utc>) -> Option<(Job, Option<EventKind>)> {
    match &job.deliver {
        // Whether it was sent wasn't known. Now it is, and the worker that looks will see it.
        Step::Intended { intent, .. } if is_of(intent, record) && record.was_accepted() => {
            let (mut job, mut told) = (job.clone(), None);
            if waits_for_word(&job) {
                job.state = JobState::Working;
                told = Some(EventKind::Resumed { why: "the mail service tells that it has the mail".to_owned() });
            }
            // One that's looked at anyway needs no more than to be looked at now.
            let comes_soon = job.is_working() && job.wake_at.is_some_and(|at| at <= now);
            (!comes_soon).then_some((job, told))
        }
        Step::Done { outcome } if outcome.mail.as_ref() == Some(&record.mail) => {
            let problem = came_back(record)?;
            let mut job = job.clone();
            let channel = outcome.channel;
            job.deliver_again();
            job.came_back = Some(CameBack { channel, problem: problem.clone() });
            job.state = JobState::Working;
            job.failed_looks = 0;
            Some((job, Some(EventKind::CameBack { how: problem })))
        }
        _ => None,
    }
}

fn is_of(intent: &DeliverIntent, record: &MailRecord) -> bool {
    intent.message_id.as_deref().is_some_and(|id| MailName::of_text(id) == record.mail)
}

/// Whether it's held since nobody could tell whether it was sent.
fn waits_for_word(job: &Job) -> bool {
    matches!(&job.state, JobState::Held { reason: HoldReason::OutcomeUnknown { step: StepName::Deliver, .. }, .. })
}

/// What happened to a mail that nobody at the customer has or will get. One that arrived and wasn't wanted is no reason to send the
/// invoice once more.
fn came_back(record: &MailRecord) -> Option<String> {
    let Standing::Lost { state, code } = record.standing() else { return None };
    let what = match state {
        MailState::Rejected => "the mail service found something harmful in it and didn't send it",
        MailState::Bounced => "there is no such mailbox",
        _ => "the receiving server didn't take it",
    };
    Some(code.map_or_else(|| what.to_owned(), |code| format!("{what} (status {code})")))
}
