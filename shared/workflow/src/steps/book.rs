//! Step two: the invoice is booked.

use accounting::{AccountingSystem, Error, Happened};
use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    job::{
        BookIntent, Booked, EventKind, Step, StepName,
        observe::{Verdict, judge_mark},
    },
    prices::PriceSync,
    settings::{Channel, Mode, Resolved},
};

use super::{after_error, deliver::addressing, may_still_begin, review, tell_error, too_late, withdraw};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
};

/// Prices are looked for every few minutes, so an invoice that's booked within this time of being made has the ones it was measured
/// with.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// Waits for the review window's end, announces, and books. What the accounting system is to mail gets its recipients before: a booked invoice can't be changed.
pub(crate) async fn book<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Turn, Stopped> {
    let Some(invoice) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    if let Some(turn) = review(run, settings).await? {
        return Ok(turn);
    }
    if may_have_followed(run, settings)
        && let Some(turn) = measure(run, settings).await?
    {
        return Ok(turn);
    }
    if needs_recipients(run, settings)
        && let Some(turn) = address(run, settings).await?
    {
        return Ok(turn);
    }
    if !run.may_act() {
        return Ok(Turn::Again);
    }
    let announced = run.now();
    let attempt = run.job_mut().book.intend(announced, BookIntent::Invoice { invoice: invoice.clone() });
    run.tell(EventKind::Intended { step: StepName::Book, attempt });
    run.save().await?;
    if !may_still_begin(announced, run.now()) {
        return Ok(too_late(run, StepName::Book));
    }
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().book(&tenant, &invoice).await {
        Ok(()) => booked(run, false).await,
        Err(error) => failed(run, error).await,
    }
}

/// Whether its prices may have been changed by us since it was made. One that's booked at once has had no time for that.
fn may_have_followed<P: Ports>(run: &Run<'_, P>, settings: &Resolved) -> bool {
    settings.price_sync.value == PriceSync::Follow && run.now() >= run.job().review_ends(AT_ONCE)
}

/// Holds an invoice that followed a price over the limit: what was measured when it was due is no longer what it is.
async fn measure<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Option<Turn>, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(None) };
    let tenant = run.job().key.tenant().clone();
    let invoice = match run.ports.accounting().invoice(&tenant, &number).await {
        Ok(invoice) => invoice,
        Err(error) => return after_error(run, StepName::Book, error).await.map(Some),
    };
    let grown = run.job().made().is_none_or(|made| made.total != invoice.total);
    let reason = settings.over_limit(invoice.total).filter(|reason| grown && !run.job().approved().contains(reason));
    match reason {
        // What is booked or cancelled already, booking itself finds out.
        Some(reason) if !invoice.booked && !invoice.cancelled => Ok(Some(Turn::Stop(run.hold(reason).await?))),
        Some(_) | None => Ok(None),
    }
}

fn needs_recipients<P: Ports>(run: &Run<'_, P>, settings: &Resolved) -> bool {
    let channel = settings.channel.value;
    settings.mode.value == Mode::Full
        && (channel.goes_by_the_invoices_recipients() || channel == Channel::CustomerDefault)
        && channel.is_for(run.job().key.tenant().system())
        && !run.job().deliver.is_settled()
}

/// Writes the recipients on an invoice that is still open; what came of it otherwise, if it can't be booked yet.
async fn address<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Option<Turn>, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(None) };
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().invoice(&tenant, &number).await {
        // Somebody was faster: booking finds out, and the delivery has its own look.
        Ok(invoice) if invoice.booked || invoice.cancelled || invoice.sent => Ok(None),
        Ok(invoice) => addressing::address(run, StepName::Book, settings, &invoice).await,
        Err(error) => after_error(run, StepName::Book, error).await.map(Some),
    }
}

async fn booked<P: Ports>(run: &mut Run<'_, P>, found_booked: bool) -> Result<Turn, Stopped> {
    let Some(invoice) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let how = if found_booked { "found booked" } else { "booked" };
    run.tell(EventKind::Happened { step: StepName::Book, invoice, how: how.to_owned() });
    run.job_mut().book = Step::Done { outcome: Booked { found_booked, invoice: None } };
    run.job_mut().failed_looks = 0;
    run.save().await?;
    Ok(Turn::Again)
}

async fn failed<P: Ports>(run: &mut Run<'_, P>, error: Error) -> Result<Turn, Stopped> {
    match (tell_error(run, StepName::Book, &error), error) {
        (Happened::Perhaps, _) => {
            run.save().await?;
            observe(run).await
        }
        // A refusal may only mean that somebody was faster.
        (Happened::No, error @ (Error::Refused { .. } | Error::NotFound { .. })) => refused(run, error).await,
        (Happened::No, error) => {
            withdraw(&mut run.job_mut().book, &error);
            after_error(run, StepName::Book, error).await
        }
    }
}

async fn refused<P: Ports>(run: &mut Run<'_, P>, error: Error) -> Result<Turn, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let tenant = run.job().key.tenant().clone();
    run.job_mut().book.not_done(error.to_string());
    match run.ports.accounting().invoice(&tenant, &number).await {
        Ok(invoice) if invoice.cancelled => cancelled(run).await,
        Ok(invoice) if invoice.booked => booked(run, true).await,
        Ok(_) | Err(_) => after_error(run, StepName::Book, error).await,
    }
}

async fn cancelled<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let Some(invoice) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let problem = "was cancelled in the accounting system".to_owned();
    Ok(Turn::Stop(run.hold(HoldReason::InvoiceChanged { invoice, problem }).await?))
}

/// Finds out whether an announced booking happened.
pub(crate) async fn observe<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let Step::Intended { at, intent: BookIntent::Invoice { invoice }, .. } = run.job().book.clone() else {
        return Ok(Turn::Again);
    };
    let tenant = run.job().key.tenant().clone();
    let invoice = match run.ports.accounting().invoice(&tenant, &invoice).await {
        Ok(invoice) => invoice,
        Err(error) => return after_error(run, StepName::Book, error).await,
    };
    match judge_mark(invoice.booked, at, run.now()) {
        Verdict::Happened(()) => booked(run, false).await,
        Verdict::NotHappened if invoice.cancelled => {
            run.job_mut().book.not_done("the invoice was cancelled".to_owned());
            cancelled(run).await
        }
        Verdict::NotHappened => {
            let why = "the invoice isn't booked".to_owned();
            run.tell(EventKind::NotDone { step: StepName::Book, why: why.clone() });
            run.job_mut().book.not_done(why);
            Ok(Turn::Again)
        }
        Verdict::TooEarly(at) => run.wait_until(at).await,
        Verdict::CannotTell(seen) | Verdict::Ask(seen) => run.look_later(StepName::Book, seen).await,
    }
}
