//! What a job needs next: a pure function of the job, the settings in force, and the time.

use chrono::{DateTime, Utc};

use super::{CameBack, Ending, Job, JobState, MAX_ATTEMPTS, Step, StepName};
use crate::{
    hold::HoldReason,
    settings::{Channel, Mode, Resolved},
};

/// The next act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it has ended, or waits for a person.
    Rest,
    /// Re-read the agreement and create its invoice.
    Create,
    /// Find out whether the announced creation happened.
    ObserveCreate,
    /// Book the invoice.
    Book,
    /// Find out whether the announced booking happened.
    ObserveBook,
    /// Deliver it this way.
    Deliver(Channel),
    /// Find out whether the announced delivery happened.
    ObserveDeliver,
    /// Ask the invoice service whether it took on what it was handed.
    AskService,
    /// Tell the accounting system that it was sent.
    MarkSent,
    /// The settings don't want this step.
    Skip(StepName, String),
    /// A person is needed.
    Hold(HoldReason),
    /// All done.
    Finish(Ending),
}

/// What `job` needs next under `settings`, which must be those in force now.
///
/// A held job whose reason the settings themselves can lift is judged anew; any other hold stays until a person acts.
pub fn next(job: &Job, settings: &Resolved) -> Next {
    match &job.state {
        JobState::Done { .. } | JobState::Failed { .. } => return Next::Rest,
        JobState::Held { reason, .. } if !reason.lifts_by_itself() => return Next::Rest,
        JobState::Held { .. } | JobState::Working => {}
    }
    create(job, settings)
        .or_else(|| book(job, settings))
        .or_else(|| deliver(job, settings))
        .unwrap_or(Next::Finish(Ending::Completed))
}

fn create(job: &Job, settings: &Resolved) -> Option<Next> {
    match &job.create {
        // Looking is always allowed, whatever the mode says now: what has happened has happened.
        Step::Intended { .. } => Some(Next::ObserveCreate),
        Step::Open { attempts, last } => Some(match settings.mode.value {
            mode @ (Mode::Off | Mode::Preview) => Next::Hold(HoldReason::ModeForbids { step: StepName::Create, mode }),
            Mode::DraftOnly | Mode::Full => {
                too_often(StepName::Create, *attempts, last.as_ref()).unwrap_or(Next::Create)
            }
        }),
        Step::Skipped { .. } if job.draft().is_some() => None,
        Step::Skipped { .. } => Some(Next::Finish(Ending::NotDue)),
        Step::Done { outcome } if outcome.adopted && !settings.continue_adopted.value && !perhaps_ours(job) => {
            (!job.is_under_way()).then_some(Next::Finish(Ending::Adopted))
        }
        Step::Done { .. } => None,
    }
}

/// An adopted invoice that is likely our own: a person said to go on where our creation's outcome stayed unknown.
fn perhaps_ours(job: &Job) -> bool {
    let unknown = |reason: &HoldReason| matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Create, .. });
    job.approved().iter().any(unknown)
}

fn book(job: &Job, settings: &Resolved) -> Option<Next> {
    match &job.book {
        Step::Intended { .. } => Some(Next::ObserveBook),
        Step::Open { attempts, last } => Some(match settings.mode.value {
            mode @ (Mode::Off | Mode::Preview) => Next::Hold(HoldReason::ModeForbids { step: StepName::Book, mode }),
            // A draft is no step on the way to anything else that could be done in its stead.
            mode @ Mode::DraftOnly if job.draft().is_some() => {
                Next::Hold(HoldReason::ModeForbids { step: StepName::Book, mode })
            }
            Mode::DraftOnly => Next::Skip(StepName::Book, settings.mode.said("mode", "draft_only")),
            // Whether a draft is to be booked is decided when it's read again.
            Mode::Full if job.draft().is_none() && !settings.auto_book.value => {
                Next::Skip(StepName::Book, settings.auto_book.said("auto_book", "false"))
            }
            Mode::Full => too_often(StepName::Book, *attempts, last.as_ref()).unwrap_or(Next::Book),
        }),
        Step::Done { outcome } => outcome
            .invoice
            .as_ref()
            .filter(|invoice| invoice.adopted && !settings.continue_adopted.value && !job.is_under_way())
            .map(|_| Next::Finish(Ending::Adopted)),
        Step::Skipped { .. } => None,
    }
}

fn deliver(job: &Job, settings: &Resolved) -> Option<Next> {
    let channel = match (&job.deliver, &job.came_back) {
        // In the other modes nothing is delivered, by this channel or that.
        (Step::Open { .. }, Some(back)) if matches!(settings.mode.value, Mode::DraftOnly | Mode::Full) => {
            match fallback(back, settings) {
                Some(channel) => channel,
                None => return Some(Next::Hold(came_back(job, back)?)),
            }
        }
        _ => settings.channel.value,
    };
    match &job.deliver {
        Step::Intended { .. } => Some(Next::ObserveDeliver),
        Step::Open { attempts, last } => Some(match (settings.mode.value, channel) {
            (mode @ (Mode::Off | Mode::Preview), _) => {
                Next::Hold(HoldReason::ModeForbids { step: StepName::Deliver, mode })
            }
            (Mode::DraftOnly, _) => Next::Skip(StepName::Deliver, settings.mode.said("mode", "draft_only")),
            (Mode::Full, Channel::None) => Next::Skip(StepName::Deliver, settings.channel.said("channel", "none")),
            (Mode::Full, channel) if !channel.delivers_afterwards() || !channel.is_for(job.key.tenant().system()) => {
                Next::Hold(HoldReason::ChannelUnavailable { channel: channel.name().to_owned() })
            }
            (Mode::Full, channel) => {
                too_often(StepName::Deliver, *attempts, last.as_ref()).unwrap_or(Next::Deliver(channel))
            }
        }),
        Step::Done { outcome } if outcome.awaits_service() => Some(Next::AskService),
        Step::Done { outcome } if !outcome.marked_sent => Some(Next::MarkSent),
        Step::Done { .. } | Step::Skipped { .. } => None,
    }
}

/// The channel for what came back by another one. Only in the mode that delivers: in any other a person is to know.
fn fallback(back: &CameBack, settings: &Resolved) -> Option<Channel> {
    settings.bounce_channel.value.filter(|channel| *channel != back.channel && settings.mode.value == Mode::Full)
}

fn came_back(job: &Job, back: &CameBack) -> Option<HoldReason> {
    Some(HoldReason::CameBack { invoice: job.invoice()?.clone(), problem: back.problem.clone() })
}

fn too_often(step: StepName, attempts: u32, last: Option<&String>) -> Option<Next> {
    let last = || last.cloned().unwrap_or_else(|| "no answer".to_owned());
    (attempts >= MAX_ATTEMPTS).then(|| Next::Hold(HoldReason::TooManyAttempts { step, attempts, last: last() }))
}

/// When a waiting job is looked at again after its `failed_looks` th failed look: 5 minutes, doubling, at most a day.
pub fn look_again_at(now: DateTime<Utc>, failed_looks: u32) -> DateTime<Utc> {
    const FIRST_MINUTES: i64 = 5;
    const LONGEST_MINUTES: i64 = 24 * 60;
    let minutes = FIRST_MINUTES.saturating_mul(1i64 << failed_looks.min(16)).min(LONGEST_MINUTES);
    now + chrono::TimeDelta::minutes(minutes)
}
