//! Finding out whether an announced booking happened.

use std::time::Duration;

use accounting::{AccountingSystem, BookAnswer, Error};
use domain::{
    draft::{BookedLook, BookingVerdict, DraftBooking, FoundBooked, judge_booking},
    hold::HoldReason,
    job::{BookIntent, EventKind, Matter, SETTLED_AFTER, Step, StepName},
};

use super::{
    booked,
    gone::{booked_invoices, deleted, perhaps_ours},
};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
    steps::{after_error, may_still_begin},
};

/// Looks at the draft and at what was booked; where that isn't enough, asks by the same request, which is answered from memory.
pub(crate) async fn observe<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let Step::Intended { at, intent: BookIntent::Draft(intent), .. } = run.job().book.clone() else {
        return Ok(Turn::Again);
    };
    let settled = at + SETTLED_AFTER;
    if run.now() < settled {
        return run.wait_until(settled).await;
    }
    let tenant = run.job().key.tenant().clone();
    let draft = match run.ports.accounting().draft(&tenant, intent.draft).await {
        Ok(Some(Ok(draft))) => Some(draft.print),
        Ok(None) => None,
        Ok(Some(Err(broken))) => return run.look_later(StepName::Book, broken.problem).await,
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    let found = match booked_invoices(run, &intent.before).await? {
        Ok(found) => found,
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    let now = run.now();
    let look = BookedLook { draft: draft.as_ref(), found: &found };
    match judge_booking(&intent, at, now, look) {
        BookingVerdict::Booked(invoice) if intent.may_be_replayed(now) => ask_again(run, intent, Some(invoice)).await,
        BookingVerdict::Booked(invoice) if perhaps_ours(run) => booked(run, invoice, Some(intent.send_by)).await,
        BookingVerdict::Booked(invoice) => {
            let number = invoice.number;
            unknown(run, format!("draft {} became invoice {number}, by us or by a person", intent.draft)).await
        }
        BookingVerdict::Replay => ask_again(run, intent, None).await,
        BookingVerdict::NotBooked => Ok(not_booked(run, intent, draft.is_some())),
        BookingVerdict::Gone => deleted(run).await,
        BookingVerdict::TooEarly(at) => run.wait_until(at).await,
        BookingVerdict::Ask(seen) => unknown(run, seen).await,
    }
}

async fn unknown<P: Ports>(run: &mut Run<'_, P>, seen: String) -> Result<Turn, Stopped> {
    run.tell(EventKind::Unknown { step: StepName::Book, seen: seen.clone() });
    Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Book, seen }).await?))
}

/// The draft is still there. Should the call have been heard all the same, the same request stays the safest to make.
fn not_booked<P: Ports>(run: &mut Run<'_, P>, intent: DraftBooking, is_there: bool) -> Turn {
    let why = "the draft isn't booked".to_owned();
    run.tell(EventKind::NotDone { step: StepName::Book, why: why.clone() });
    run.job_mut().book.not_done(why);
    if let Matter::Draft(draft) = &mut run.job_mut().matter {
        draft.unheard = Some(intent).filter(|_| is_there);
    }
    Turn::Again
}

/// Sends the very same request: e-conomic answers it from memory if it was ever carried out, and else finds no draft. It books
/// nothing, since the draft is gone. `seen` is the invoice that came of the draft, if one says so.
async fn ask_again<P: Ports>(
    run: &mut Run<'_, P>,
    intent: DraftBooking,
    seen: Option<FoundBooked>,
) -> Result<Turn, Stopped> {
    let announced = run.now();
    let attempt = run.job_mut().book.intend(announced, BookIntent::Draft(intent.clone()));
    run.tell(EventKind::Intended { step: StepName::Book, attempt });
    run.save().await?;
    if !may_still_begin(announced, run.now()) {
        return run.come_again(Duration::from_secs(1)).await;
    }
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().book_draft(&tenant, &intent.body, &intent.key).await {
        Ok(BookAnswer::Booked(invoice)) => booked(run, invoice, Some(intent.send_by)).await,
        Ok(BookAnswer::NoSuchDraft { .. }) => match seen {
            Some(invoice) => booked(run, invoice, None).await,
            None => deleted(run).await,
        },
        // A refusal for another reason says nothing of whether the first call was carried out.
        Err(Error::Refused { words, .. } | Error::NotFound { words }) => run.look_later(StepName::Book, words).await,
        Err(Error::NoAnswer { what }) => {
            run.tell(EventKind::Unknown { step: StepName::Book, seen: what });
            run.wait_until(announced + SETTLED_AFTER).await
        }
        Err(error) => after_error(run, StepName::Book, error).await,
    }
}
