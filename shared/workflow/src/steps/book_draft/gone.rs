//! A draft that is gone before it was booked by us.

use accounting::{AccountingSystem, Error};
use chrono::Days;
use domain::{
    draft::{Fingerprint, FinishedDraft, FoundBooked},
    hold::HoldReason,
    job::{Ending, EventKind, JobKey, Source, StepName},
    settings::Channel,
};

use super::booked;
use crate::{
    advance::{Run, Stopped, Turn},
    ports::{Journal, PortError, Ports},
    steps::after_error,
};

/// How far before a draft's date its invoice is looked for: a person may have dated it back. A year, since further back the
/// books are closed.
const LOOK_BACK_DAYS: u64 = 366;

/// A person booked it, which is then adopted, or deleted it.
pub(super) async fn gone<P: Ports>(run: &mut Run<'_, P>, wanted: &FinishedDraft) -> Result<Turn, Stopped> {
    let found = match booked_invoices(run, &wanted.print).await? {
        Ok(found) => found,
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    let mut came_of_it = found.into_iter().filter(|one| one.came_of == Some(u64::from(wanted.number.get())));
    match (came_of_it.next(), came_of_it.next()) {
        (Some(one), None) => booked(run, one, perhaps_ours(run).then_some(Channel::None)).await,
        (Some(one), Some(other)) => {
            let seen = format!("invoices {} and {} both say that they came of the draft", one.number, other.number);
            Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Book, seen }).await?))
        }
        // The list may be behind.
        (None, _) if run.job().failed_looks == 0 => {
            run.look_later(StepName::Book, "the draft is gone, and no invoice came of it yet".to_owned()).await
        }
        (None, _) => deleted(run).await,
    }
}

/// It was deleted, and nothing was booked. That's the end of it: another draft of its number is another job's.
pub(super) async fn deleted<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let why = "the draft is gone from the accounting system, and no invoice came of it".to_owned();
    run.tell(EventKind::NotDone { step: StepName::Book, why: why.clone() });
    run.job_mut().book.not_done(why);
    Ok(Turn::Stop(run.finish(Ending::Gone).await?))
}

/// Whether a person said to go on where our own booking's outcome stayed unknown: then what is booked is likely ours.
pub(super) fn perhaps_ours<P: Ports>(run: &Run<'_, P>) -> bool {
    let unknown = |reason: &HoldReason| matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Book, .. });
    run.job().approved().iter().any(unknown)
}

/// The customer's booked invoices that may have come of the draft: without those that came of earlier drafts of its number.
pub(super) async fn booked_invoices<P: Ports>(
    run: &Run<'_, P>,
    print: &Fingerprint,
) -> Result<Result<Vec<FoundBooked>, Error>, PortError> {
    let key = &run.job().key;
    let from = print.date.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(print.date);
    let found = match run.ports.accounting().booked_since(key.tenant(), &print.customer, from).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let Source::Draft { number, life } = *key.source() else { return Ok(Ok(found)) };
    let mut left = found;
    for earlier in 1..life {
        let job = run.ports.journal().job(&JobKey::of_draft(key.tenant().clone(), number, earlier)).await?;
        if let Some(known) = job.as_ref().and_then(domain::job::Job::invoice) {
            left.retain(|one| one.number != *known);
        }
    }
    Ok(Ok(left))
}
