//! Step two, for a draft: it's booked, and by that becomes the invoice.
//!
//! Booking can't be taken back, so the draft is read again just before and decided on anew. Afterwards the accounting system's
//! own key tells what became of a call, for as long as it lives; then only the booked invoice does.

mod announce;
mod gone;
mod objections;
mod observe;

use accounting::AccountingSystem;
use domain::{
    draft::{Circumstances, Draft, DraftVerdict, FinishedDraft, FoundBooked, Sign, decide},
    hold::HoldReason,
    job::{Booked, Created, Delivered, Ending, EventKind, Matter, Step, StepName},
    settings::{Channel, Resolved},
};

pub(crate) use self::observe::observe;
use super::{after_error, review};
use crate::{
    advance::{Run, Stopped, Turn},
    notebook::Notebook,
    ports::{PortError, Ports},
};

/// Re-reads the draft, decides on it anew by the same rules as the sweep, announces, and books.
pub(crate) async fn book<P: Ports>(
    run: &mut Run<'_, P>,
    notebook: &Notebook,
    settings: &Resolved,
) -> Result<Turn, Stopped> {
    let wanted = wanted(run)?;
    if let Some(turn) = review(run, settings).await? {
        return Ok(turn);
    }
    let tenant = run.job().key.tenant().clone();
    let draft = match run.ports.accounting().draft(&tenant, wanted.number).await {
        Ok(Some(Ok(draft))) if draft.print.is_same_draft(&wanted.print) => draft,
        // One whose number is used again is gone too.
        Ok(Some(Ok(_)) | None) => return gone::gone(run, &wanted).await,
        Ok(Some(Err(broken))) => {
            return Ok(Turn::Stop(run.hold(HoldReason::Unreadable { problem: broken.problem }).await?));
        }
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    if draft.print.customer != run.job().customer {
        // Another customer, other settings.
        run.job_mut().customer = draft.print.customer.clone();
        return Ok(Turn::Again);
    }
    if let Some(turn) = decided_anew(run, settings, &draft, &wanted).await? {
        return Ok(turn);
    }
    match objections::find(run, notebook, settings, &draft).await {
        Ok(None) => announce::call(run, settings.channel.value, draft.print).await,
        Ok(Some(reason)) => Ok(Turn::Stop(run.hold(reason).await?)),
        Err(error) => after_error(run, StepName::Book, error).await,
    }
}

/// The draft that the job is about.
fn wanted<P: Ports>(run: &Run<'_, P>) -> Result<FinishedDraft, PortError> {
    run.job().draft().cloned().ok_or_else(|| PortError::new("booking a draft", "the job comes of no draft"))
}

/// Decides on the draft as it is now. A turn, when it's not to be booked; else the job is about what it is now.
async fn decided_anew<P: Ports>(
    run: &mut Run<'_, P>,
    settings: &Resolved,
    draft: &Draft,
    wanted: &FinishedDraft,
) -> Result<Option<Turn>, Stopped> {
    let now = run.now();
    let seen = Circumstances {
        signalled_at: match wanted.sign {
            Sign::ReadySignal { at } => Some(at),
            _ => None,
        },
        of_subscription: wanted.sign == Sign::Subscription,
        today: now.with_timezone(&settings.time_zone).date_naive(),
        now,
        approved: run.job().approved(),
    };
    let decision = decide(draft, &settings.draft_policy(), seen);
    let verdict = decision.verdict.clone();
    if !draft.print.is_unchanged(&wanted.print) || !matches!(verdict, DraftVerdict::Finished { .. }) {
        run.tell(EventKind::DraftDecided { decision: Box::new(decision) });
    }
    match verdict {
        DraftVerdict::Finished { sign } => {
            // What was asked for before an edit is another request now.
            let unheard = wanted.unheard.clone().filter(|asked| asked.before.is_unchanged(&draft.print));
            let now_wanted = FinishedDraft { number: draft.number, print: draft.print.clone(), sign, unheard };
            run.job_mut().matter = Matter::Draft(now_wanted);
            Ok(None)
        }
        DraftVerdict::Held { reason, .. } => Ok(Some(Turn::Stop(run.hold(reason).await?))),
        DraftVerdict::Unfinished { .. } | DraftVerdict::Passed { .. } => {
            Ok(Some(Turn::Stop(run.finish(Ending::NotDue).await?)))
        }
    }
}

/// The draft is an invoice now. `send_by` is how our own call had it sent; `None` when a person booked it.
async fn booked<P: Ports>(
    run: &mut Run<'_, P>,
    invoice: FoundBooked,
    send_by: Option<Channel>,
) -> Result<Turn, Stopped> {
    let adopted = send_by.is_none();
    let decided = wanted(run)?.print.gross;
    let how = if adopted { "a person had booked it" } else { "booked" };
    let number = invoice.number.clone();
    run.tell(EventKind::Happened { step: StepName::Book, invoice: number.clone(), how: how.to_owned() });
    let FoundBooked { number: made_as, date: invoice_date, gross: total, .. } = invoice.clone();
    let made = Created { invoice: made_as, invoice_date, total, adopted, known_at: None };
    run.job_mut().book = Step::Done { outcome: Booked { found_booked: adopted, invoice: Some(made) } };
    if let Matter::Draft(draft) = &mut run.job_mut().matter {
        draft.unheard = None;
    }
    run.job_mut().failed_looks = 0;
    if let Some(channel) = send_by.filter(|channel| channel.is_sent_by_booking()) {
        let how = "the accounting system sent it along with the booking".to_owned();
        run.tell(EventKind::Happened { step: StepName::Deliver, invoice: number.clone(), how });
        let outcome =
            Delivered { channel, accepted_as: None, mail: None, found_sent: false, marked_sent: true, service: None };
        run.job_mut().deliver = Step::Done { outcome };
    }
    if !adopted && invoice.gross != decided {
        let reason = HoldReason::BookedOtherwise { invoice: number, decided, booked: invoice.gross };
        return Ok(Turn::Stop(run.hold(reason).await?));
    }
    run.save().await?;
    Ok(Turn::Again)
}
