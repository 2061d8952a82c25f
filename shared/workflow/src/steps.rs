//! The acts on a job, one file a step. Each is: look, announce, call once, write down what came of it.

pub(crate) mod book;
pub(crate) mod book_draft;
pub(crate) mod create;
pub(crate) mod deliver;

use accounting::{Error, Happened};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    job::{CALL_BEGINS_WITHIN, EventKind, Step, StepName},
    settings::Resolved,
};

use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
};

/// Whether a call announced at `announced` may still begin. A worker that was held up lets go, since an observer may by
/// now count on the call not being made.
pub(crate) fn may_still_begin(announced: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - announced < CALL_BEGINS_WITHIN && now >= announced
}

/// A worker that comes too late for the call it announced takes the announcement back: nobody else can know that the call was
/// never made. Should another have taken the job over, that one's word counts.
pub(crate) fn too_late<P: Ports>(run: &mut Run<'_, P>, step: StepName) -> Turn {
    let why = "the worker was held up before its call, and didn't make it".to_owned();
    run.tell(EventKind::NotDone { step, why: why.clone() });
    let job = run.job_mut();
    match step {
        StepName::Create => job.create.not_taken(why),
        StepName::Book => job.book.not_taken(why),
        StepName::Deliver => job.deliver.not_taken(why),
    }
    Turn::Again
}

/// Waits for the end of the review window, in which a person may stop the booking. `None`: it's over.
async fn review<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Option<Turn>, Stopped> {
    let ends = run.job().review_ends(TimeDelta::minutes(i64::from(settings.book_after_minutes.value)));
    if run.now() < ends {
        return run.wait_until(ends).await.map(Some);
    }
    Ok(None)
}

/// A failed read, or an effect that proved not to have happened: what to do with the job.
pub(crate) async fn after_error<P: Ports>(run: &mut Run<'_, P>, step: StepName, error: Error) -> Result<Turn, Stopped> {
    use domain::hold::HoldReason;
    match error {
        Error::Busy { retry_in } => run.come_again(retry_in).await,
        Error::NotTaken { what } | Error::NoAnswer { what } => run.look_later(step, what).await,
        Error::Refused { words, advice } => Ok(Turn::Stop(run.fail(step, words, advice).await?)),
        Error::NotFound { words } => {
            let advice = "it was removed in the accounting system; skip the job, or enter it again".to_owned();
            Ok(Turn::Stop(run.fail(step, words, advice).await?))
        }
        Error::TenantBlocked { problem, advice } => {
            Ok(Turn::Stop(run.hold(HoldReason::TenantBlocked { problem, advice }).await?))
        }
    }
}

/// Tells the story of an effect's error and says whether it may have happened.
pub(crate) fn tell_error<P: Ports>(run: &mut Run<'_, P>, step: StepName, error: &Error) -> Happened {
    let happened = error.happened();
    run.tell(match happened {
        Happened::No => EventKind::NotDone { step, why: error.to_string() },
        Happened::Perhaps => EventKind::Unknown { step, seen: error.to_string() },
    });
    happened
}

/// Opens a step whose announced attempt is proven not to have happened. One that never reached the accounting system
/// doesn't count as a try.
pub(crate) fn withdraw<I, O>(step: &mut Step<I, O>, error: &Error) {
    match error {
        Error::Refused { .. } | Error::NotFound { .. } | Error::NoAnswer { .. } => step.not_done(error.to_string()),
        Error::Busy { .. } | Error::NotTaken { .. } | Error::TenantBlocked { .. } => step.not_taken(error.to_string()),
    }
}
