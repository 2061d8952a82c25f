//! Announcing a booking, and making the call.

use accounting::{AccountingSystem, BookAnswer, Happened};
use domain::{
    draft::{DraftBooking, Fingerprint, booking_key},
    job::{BookIntent, EventKind, Matter, SETTLED_AFTER, Step, StepName},
    settings::Channel,
};

use super::{booked, wanted};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
    steps::{after_error, may_still_begin, tell_error, too_late, withdraw},
};

/// Announces with the exact request and its key, then calls once.
pub(super) async fn call<P: Ports>(
    run: &mut Run<'_, P>,
    channel: Channel,
    before: Fingerprint,
) -> Result<Turn, Stopped> {
    if !run.may_act() {
        return Ok(Turn::Again);
    }
    let announced = run.now();
    let intent = match request(run, channel, before)? {
        Ok(intent) => intent,
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    let tenant = run.job().key.tenant().clone();
    let attempt = run.job_mut().book.intend(announced, BookIntent::Draft(intent.clone()));
    run.tell(EventKind::Intended { step: StepName::Book, attempt });
    run.save().await?;
    let begun = run.now();
    if !may_still_begin(announced, begun) {
        return Ok(too_late(run, StepName::Book));
    }
    let match_to_book_ms = (begun - run.job().matched_at).num_milliseconds();
    tracing::info!(tenant = %tenant, job = %run.job().key, match_to_book_ms, "booking the draft");
    metric::MATCH_TO_BOOK.add(u64::try_from(match_to_book_ms).unwrap_or(0));
    match run.ports.accounting().book_draft(&tenant, &intent.body, &intent.key).await {
        Ok(BookAnswer::Booked(invoice)) => booked(run, invoice, Some(intent.send_by)).await,
        // Deleted, booked by a person, or booked by a call of ours that was never answered: that's to be seen.
        Ok(BookAnswer::NoSuchDraft { words }) => {
            run.tell(EventKind::Unknown { step: StepName::Book, seen: words });
            run.wait_until(announced + SETTLED_AFTER).await
        }
        Err(error) => match tell_error(run, StepName::Book, &error) {
            Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,
            Happened::No => {
                withdraw(&mut run.job_mut().book, &error);
                // A refusal may be kept under its key, so the next try gets a new one.
                if let Matter::Draft(draft) = &mut run.job_mut().matter {
                    draft.unheard = None;
                }
                after_error(run, StepName::Book, error).await
            }
        },
    }
}

/// The request to make: the very one whose answer was never heard, as long as its key lives; else a new one.
fn request<P: Ports>(
    run: &Run<'_, P>,
    channel: Channel,
    before: Fingerprint,
) -> Result<Result<DraftBooking, accounting::Error>, Stopped> {
    let (wanted, now) = (wanted(run)?, run.now());
    let send_by = if channel.is_sent_by_booking() { channel } else { Channel::None };
    if let Some(unheard) = wanted.unheard.filter(|asked| asked.may_be_replayed(now) && asked.send_by == send_by) {
        return Ok(Ok(unheard));
    }
    let attempt = match &run.job().book {
        Step::Open { attempts, .. } => attempts + 1,
        _ => 1,
    };
    let key = booking_key(&run.job().key.to_string(), attempt, now);
    let body = run.ports.accounting().booking_request(run.job().key.tenant(), wanted.number, send_by);
    Ok(body.map(|body| DraftBooking { draft: wanted.number, body, key, first_used_at: now, send_by, before }))
}
