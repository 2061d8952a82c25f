//! The invoice is handed over to the accounting system's invoice service, which sends it and looks after its payment.
//!
//! Handing it over is the effect. Whether the service takes the invoice on it says in its own time, so the job waits for that,
//! and asks ever more seldom.

use accounting::{AccountingSystem, Capabilities, ForService, Invoice, ServiceStanding, ServiceState};
use chrono::{DateTime, Months, NaiveDate, Utc};
use domain::{
    hold::HoldReason,
    ids::InvoiceNumber,
    job::{
        AtService, Delivered, EventKind, Step, StepName,
        observe::{Verdict, judge_mark},
    },
    money::Currency,
    settings::Channel,
};

use super::{super::after_error, delivered, settle};
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
};

/// How far from today an invoice's date may be: "within two years" (Fortnox's fact sheet, 7).
const MONTHS_FROM_TODAY: Months = Months::new(24);

/// What speaks against handing it over (Fortnox's fact sheet, 7). A credit note would have to be linked to a debit that the
/// service has; those are left to a person.
pub(super) fn objection(invoice: &Invoice, today: NaiveDate) -> Option<String> {
    let ForService { is_unpaid, has_rows, is_addressed, is_interest, has_it: _ } = invoice.for_service;
    let date = invoice.invoice_date;
    let (oldest, latest) = (today.checked_sub_months(MONTHS_FROM_TODAY), today.checked_add_months(MONTHS_FROM_TODAY));
    let is_near = oldest.is_none_or(|oldest| date >= oldest) && latest.is_none_or(|latest| date <= latest);
    let problem = if invoice.credit {
        "it's a credit note"
    } else if is_interest {
        "it asks for interest"
    } else if invoice.total.currency != Currency::SEK {
        "it isn't in SEK"
    } else if !has_rows {
        "it has no row"
    } else if !is_unpaid {
        "nothing is left to pay"
    } else if !is_addressed {
        "the customer's name, address, postcode or town isn't on it"
    } else if !is_near {
        "its date is more than two years from today"
    } else {
        return None;
    };
    Some(problem.to_owned())
}

/// Writes down that the service has it, and is to be asked whether it takes it on.
pub(super) async fn handed_over<P: Ports>(run: &mut Run<'_, P>, since: DateTime<Utc>) -> Result<Turn, Stopped> {
    let outcome = Delivered {
        channel: Channel::FortnoxInvoiceService,
        accepted_as: None,
        mail: None,
        found_sent: false,
        // That the service has it is a mark of its own.
        marked_sent: true,
        service: Some(AtService::new(since)),
    };
    settle(run, outcome, "it was handed over to the invoice service, which is yet to take it on".to_owned()).await
}

/// Finds out whether an invoice was handed over that was to be at `at`. It's looked for over some days before a person is
/// asked, since the service may show it late, and never handed over once more unless its absence proves something.
pub(super) async fn observe<P: Ports>(run: &mut Run<'_, P>, at: DateTime<Utc>) -> Result<Turn, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let (invoice, shown) = match look(run, &number).await {
        Ok(seen) => seen,
        Err(error) => return after_error(run, StepName::Deliver, error).await,
    };
    match judge_mark(shown, at, run.now()) {
        Verdict::Happened(()) => handed_over(run, at).await,
        Verdict::TooEarly(at) => run.wait_until(at).await,
        // A person was faster, and the service refuses what is sent.
        _ if invoice.sent => delivered(run, Channel::FortnoxInvoiceService, None, true).await,
        _ if Capabilities::of(run.job().key.tenant().system()).service_shows_at_once => {
            let why = "the invoice service doesn't have the invoice".to_owned();
            run.tell(EventKind::NotDone { step: StepName::Deliver, why: why.clone() });
            run.job_mut().deliver.not_done(why);
            Ok(Turn::Again)
        }
        _ => {
            let seen = "the accounting system's answer was lost, and the invoice service doesn't show the invoice";
            run.look_later(StepName::Deliver, seen.to_owned()).await
        }
    }
}

/// The invoice, and whether it or the service says that the service has it.
async fn look<P: Ports>(run: &Run<'_, P>, number: &InvoiceNumber) -> Result<(Invoice, bool), accounting::Error> {
    let (accounting, tenant) = (run.ports.accounting(), run.job().key.tenant());
    let invoice = accounting.invoice(tenant, number).await?;
    let shown = invoice.for_service.has_it || accounting.at_service(tenant, number).await?.is_some();
    Ok((invoice, shown))
}

/// Asks whether the service took it on.
pub(crate) async fn ask<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let (Some(number), Some(service)) = (run.job().invoice().cloned(), service(run).cloned()) else {
        return Ok(Turn::Again);
    };
    if run.now() < service.ask_at {
        return run.wait_until(service.ask_at).await;
    }
    let tenant = run.job().key.tenant().clone();
    let state = match run.ports.accounting().at_service(&tenant, &number).await {
        Ok(state) => state,
        Err(error) => return after_error(run, StepName::Deliver, error).await,
    };
    match state {
        Some(state) if state.standing == ServiceStanding::TakenOn => taken_on(run, number, state).await,
        Some(ServiceState { standing: ServiceStanding::NotAuthorized, .. }) => {
            hold(run, number, "waits there to be approved".to_owned()).await
        }
        Some(ServiceState { standing: ServiceStanding::Other(word), .. }) => {
            hold(run, number, format!("stands there as `{word}`, which isn't known")).await
        }
        _ => not_yet(run, number).await,
    }
}

fn service<'a, P: Ports>(run: &'a Run<'_, P>) -> Option<&'a AtService> {
    run.job().deliver.outcome()?.service.as_ref()
}

fn service_mut<'a, P: Ports>(run: &'a mut Run<'_, P>) -> Option<&'a mut AtService> {
    match &mut run.job_mut().deliver {
        Step::Done { outcome } => outcome.service.as_mut(),
        _ => None,
    }
}

async fn hold<P: Ports>(run: &mut Run<'_, P>, invoice: InvoiceNumber, problem: String) -> Result<Turn, Stopped> {
    Ok(Turn::Stop(run.hold(HoldReason::AtService { invoice, problem }).await?))
}

async fn not_yet<P: Ports>(run: &mut Run<'_, P>, number: InvoiceNumber) -> Result<Turn, Stopped> {
    let now = run.now();
    let Some(service) = service_mut(run) else { return Ok(Turn::Again) };
    if let Some(at) = service.not_yet(now) {
        run.job_mut().failed_looks = 0;
        return run.wait_until(at).await;
    }
    let problem = format!("hasn't been confirmed there since {}", service.since.format("%Y-%m-%d %H:%M UTC"));
    hold(run, number, problem).await
}

async fn taken_on<P: Ports>(
    run: &mut Run<'_, P>,
    invoice: InvoiceNumber,
    state: ServiceState,
) -> Result<Turn, Stopped> {
    let which = state.name.map(|name| format!(" ({name})")).unwrap_or_default();
    let how = match &state.ocr {
        Some(ocr) => format!("the invoice service took it on{which}; its payment reference is {ocr} now"),
        None => format!("the invoice service took it on{which}"),
    };
    if let Some(service) = service_mut(run) {
        service.taken_on = true;
        service.ocr = state.ocr;
    }
    run.tell(EventKind::Happened { step: StepName::Deliver, invoice, how });
    run.job_mut().failed_looks = 0;
    run.save().await?;
    Ok(Turn::Again)
}
