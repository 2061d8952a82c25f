//! The accounting system delivers the invoice itself: by its own e-mail, as an e-invoice, or through its print service; or it
//! hands it over to [its invoice service](super::to_service).
//!
//! Each call delivers once more, and nothing but the invoice's mark as sent tells what came of one. So it's looked at before the
//! call, and it alone is believed after an answer that was lost.

use accounting::{AccountingSystem, Capabilities, Delivery, Error, Happened, Invoice};
use chrono::{DateTime, Utc};
use domain::{
    hold::HoldReason,
    ids::InvoiceNumber,
    job::{
        DeliverIntent, Delivered, EventKind, StepName,
        observe::{Verdict, judge_delivery},
    },
    settings::{Channel, Resolved, ServiceSendMethod},
};

use super::{
    super::{after_error, may_still_begin, tell_error, too_late, withdraw},
    addressing, cancelled, delivered, settle, to_service,
};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
};

/// Sees that the invoice is ready for the channel, announces, and has it delivered.
pub(crate) async fn deliver<P: Ports>(
    run: &mut Run<'_, P>,
    channel: Channel,
    settings: &Resolved,
) -> Result<Turn, Stopped> {
    let invoice = match look(run).await? {
        Ok(invoice) => invoice,
        Err(turn) => return Ok(turn),
    };
    let number = invoice.number.clone();
    if invoice.is_out() && !run.job().mark_is_its_own() {
        return delivered(run, channel, None, true).await;
    }
    if invoice.cancelled {
        return cancelled(run, number).await;
    }
    if channel.needs_a_booked_invoice() && !invoice.booked {
        return Ok(Turn::Stop(run.hold(HoldReason::NotBooked { invoice: number, channel }).await?));
    }
    if channel == Channel::FortnoxInvoiceService
        && let Some(problem) =
            to_service::objection(&invoice, run.now().with_timezone(&settings.time_zone).date_naive())
    {
        return Ok(Turn::Stop(run.hold(HoldReason::NotForService { invoice: number, problem }).await?));
    }
    if channel.goes_by_the_invoices_recipients()
        && let Some(turn) = addressing::address(run, StepName::Deliver, settings, &invoice).await?
    {
        return Ok(turn);
    }
    call(run, channel, settings.service_send_method.value, &number).await
}

/// The invoice as it is now, or what becomes of the job that can't see it.
async fn look<P: Ports>(run: &mut Run<'_, P>) -> Result<Result<Invoice, Turn>, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Err(Turn::Again)) };
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().invoice(&tenant, &number).await {
        Ok(invoice) => Ok(Ok(invoice)),
        Err(error) => after_error(run, StepName::Deliver, error).await.map(Err),
    }
}

async fn call<P: Ports>(
    run: &mut Run<'_, P>,
    channel: Channel,
    send_by: ServiceSendMethod,
    number: &InvoiceNumber,
) -> Result<Turn, Stopped> {
    if !run.may_act() {
        return Ok(Turn::Again);
    }
    let announced = run.now();
    let intent = DeliverIntent { channel, message_id: None, sent_before: Some(run.job().mark_is_its_own()) };
    let attempt = run.job_mut().deliver.intend(announced, intent);
    run.tell(EventKind::Intended { step: StepName::Deliver, attempt });
    run.save().await?;
    if !may_still_begin(announced, run.now()) {
        return Ok(too_late(run, StepName::Deliver));
    }
    let tenant = run.job().key.tenant().clone();
    let accounting = run.ports.accounting();
    let done = match channel {
        Channel::FortnoxInvoiceService => accounting.hand_over(&tenant, number, send_by).await.map(|()| None),
        _ => accounting.deliver(&tenant, number, channel).await.map(Some),
    };
    match done {
        Ok(Some(Delivery { marked_sent })) => {
            let how = format!("the accounting system delivered it by {}", channel.name());
            let outcome =
                Delivered { channel, accepted_as: None, mail: None, found_sent: false, marked_sent, service: None };
            settle(run, outcome, how).await
        }
        Ok(None) => to_service::handed_over(run, announced).await,
        Err(error) => failed(run, channel, error).await,
    }
}

async fn failed<P: Ports>(run: &mut Run<'_, P>, channel: Channel, error: Error) -> Result<Turn, Stopped> {
    match (tell_error(run, StepName::Deliver, &error), error) {
        (Happened::Perhaps, _) => {
            run.save().await?;
            super::observe(run).await
        }
        // A refusal may only mean that somebody was faster.
        (Happened::No, error @ (Error::Refused { .. } | Error::NotFound { .. })) => refused(run, channel, error).await,
        (Happened::No, error) => {
            withdraw(&mut run.job_mut().deliver, &error);
            after_error(run, StepName::Deliver, error).await
        }
    }
}

async fn refused<P: Ports>(run: &mut Run<'_, P>, channel: Channel, error: Error) -> Result<Turn, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let tenant = run.job().key.tenant().clone();
    run.job_mut().deliver.not_done(error.to_string());
    match run.ports.accounting().invoice(&tenant, &number).await {
        Ok(invoice) if invoice.is_out() && !run.job().mark_is_its_own() => delivered(run, channel, None, true).await,
        Ok(invoice) if invoice.cancelled => cancelled(run, number).await,
        Ok(_) | Err(_) => after_error(run, StepName::Deliver, error).await,
    }
}

/// Finds out whether a delivery that was announced `at` happened. Where nobody can tell, a person is asked; it's never simply
/// done again.
pub(super) async fn observe<P: Ports>(
    run: &mut Run<'_, P>,
    intent: &DeliverIntent,
    at: DateTime<Utc>,
) -> Result<Turn, Stopped> {
    let channel = intent.channel;
    if intent.sent_before == Some(true) {
        let seen =
            "the invoice was marked as sent before, so nothing tells whether it was delivered once more".to_owned();
        return Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Deliver, seen }).await?));
    }
    let invoice = match look(run).await? {
        Ok(invoice) => invoice,
        Err(turn) => return Ok(turn),
    };
    let mark_proves = Capabilities::of(run.job().key.tenant().system()).marks_what_it_delivers_by.contains(&channel);
    match judge_delivery(invoice.sent, mark_proves, at, run.now()) {
        Verdict::Happened(()) => delivered(run, channel, None, true).await,
        Verdict::NotHappened => {
            let why = "the invoice isn't marked as sent".to_owned();
            run.tell(EventKind::NotDone { step: StepName::Deliver, why: why.clone() });
            run.job_mut().deliver.not_done(why);
            Ok(Turn::Again)
        }
        Verdict::TooEarly(at) => run.wait_until(at).await,
        Verdict::CannotTell(seen) | Verdict::Ask(seen) => {
            Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Deliver, seen }).await?))
        }
    }
}
