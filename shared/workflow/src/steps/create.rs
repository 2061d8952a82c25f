//! Step one: the agreement's invoice is made.

mod by_hand;
mod recurring;

use accounting::{AccountingSystem, CreateAnswer, Error, Happened};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    agreement::{Agreement, LastInvoice},
    due::{DuePeriod, Reading, Verdict, decide},
    hold::HoldReason,
    ids::{AgreementNumber, InvoiceNumber},
    job::{
        CreateIntent, Created, EventKind, JobKey, Matter, SETTLED_AFTER, Step, StepName,
        observe::{self, Call, FoundInvoice, Look, judge_create, other_period},
    },
    settings::Resolved,
};

use super::{after_error, may_still_begin, tell_error, too_late, withdraw};
use crate::{
    advance::{Run, Stopped, Turn},
    message::{Message, ScanMessage},
    ports::{Journal, PortError, Ports, Queues, Remembered},
};

/// Re-reads the agreement, decides on it anew by the same rules as the scan, announces, and creates.
pub(crate) async fn create<P: Ports>(run: &mut Run<'_, P>, settings: &Resolved) -> Result<Turn, Stopped> {
    let (_, wanted) = subject(run)?;
    let (agreement, history) = match look(run).await? {
        Ok(seen) => seen,
        Err(turn) => return Ok(turn),
    };
    let today = run.now().with_timezone(&settings.time_zone).date_naive();
    let decision =
        decide(&agreement, history.history.last.as_ref(), &settings.due_policy(), today, run.job().approved());
    match decision.verdict.clone() {
        Verdict::Due(due) if due.period.start() == wanted.period.start() => {
            run.job_mut().matter = Matter::Due(due);
            if decision.reading != Some(Reading::NextPeriod)
                && let Some(turn) = by_hand::made_meanwhile(run, &agreement, &history).await?
            {
                return Ok(turn);
            }
            if let Some(turn) = recurring::held(run, settings).await? {
                return Ok(turn);
            }
            call(run, &agreement, history, today).await
        }
        Verdict::Held { due, reason } if due.as_ref().is_none_or(|due| due.period.start() == wanted.period.start()) => {
            Ok(Turn::Stop(run.hold(reason).await?))
        }
        _ => by_hand::not_due_any_more(run, &agreement, history, decision).await,
    }
}

/// The agreement and the period that the job is about.
fn subject<P: Ports>(run: &Run<'_, P>) -> Result<(AgreementNumber, DuePeriod), PortError> {
    match (run.job().key.agreement(), run.job().due()) {
        (Some(agreement), Some(due)) => Ok((agreement.clone(), due.clone())),
        _ => Err(PortError::new("creating an invoice", "the job comes of no agreement")),
    }
}

/// What the agreement and its history are now, or the turn that a failed look leads to.
async fn look<P: Ports>(run: &mut Run<'_, P>) -> Result<Result<(Agreement, Remembered), Turn>, Stopped> {
    let key = run.job().key.clone();
    let (agreement, _) = subject(run)?;
    let history = run.ports.journal().history(key.tenant(), &agreement).await?;
    match run.ports.accounting().agreement(key.tenant(), &agreement).await {
        Ok(Ok(agreement)) => Ok(Ok((agreement, history))),
        Ok(Err(broken)) => Ok(Err(Turn::Stop(run.hold(HoldReason::Unreadable { problem: broken.problem }).await?))),
        Err(error) => Ok(Err(after_error(run, StepName::Create, error).await?)),
    }
}

async fn call<P: Ports>(
    run: &mut Run<'_, P>,
    agreement: &Agreement,
    history: Remembered,
    today: NaiveDate,
) -> Result<Turn, Stopped> {
    if !run.may_act() {
        return Ok(Turn::Again);
    }
    let announced = run.now();
    let (number, due) = subject(run)?;
    let invoice_date = due.invoice_date;
    let intent = CreateIntent {
        fields: agreement.period,
        last_invoice_date: agreement.last_invoice_date,
        remaining: agreement.remaining,
        invoice_date,
        today,
        answered: None,
    };
    let attempt = run.job_mut().create.intend(announced, intent);
    run.tell(EventKind::Intended { step: StepName::Create, attempt });
    run.save().await?;
    let begun = run.now();
    if !may_still_begin(announced, begun) {
        return Ok(too_late(run, StepName::Create));
    }
    let key = run.job().key.clone();
    let match_to_create_ms = (begun - run.job().matched_at).num_milliseconds();
    tracing::info!(tenant = %key.tenant(), job = %key, match_to_create_ms, "creating the invoice");
    metric::MATCH_TO_CREATE.add(u64::try_from(match_to_create_ms).unwrap_or(0));
    match run.ports.accounting().create_invoice(key.tenant(), &number, invoice_date).await {
        Ok(CreateAnswer::Invoice(invoice)) if invoice.period.is_some() => {
            made(run, invoice, false, agreement, history).await
        }
        Ok(CreateAnswer::Invoice(invoice)) => answered(run, invoice.number, history).await,
        Ok(CreateAnswer::Done) => look_for_it(run, &Call::Answered { with: None }).await,
        Err(error) => failed(run, announced, error).await,
    }
}

/// The call gave an invoice that doesn't say which period it's for: that only the agreement tells. First it's written down
/// whose it is, so that no other job takes it for a person's.
async fn answered<P: Ports>(
    run: &mut Run<'_, P>,
    invoice: InvoiceNumber,
    mut history: Remembered,
) -> Result<Turn, Stopped> {
    history.history.know(invoice.clone());
    run.remember(history);
    if let Step::Intended { intent, .. } = &mut run.job_mut().create {
        intent.answered = Some(invoice);
    }
    run.save().await?;
    observe(run).await
}

/// The call gave no invoice. What is proven undone goes on; the rest is observed when the call can't be on its way any more.
async fn failed<P: Ports>(run: &mut Run<'_, P>, announced: DateTime<Utc>, error: Error) -> Result<Turn, Stopped> {
    match tell_error(run, StepName::Create, &error) {
        Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,
        Happened::No => {
            withdraw(&mut run.job_mut().create, &error);
            after_error(run, StepName::Create, error).await
        }
    }
}

/// Finds out whether an announced creation happened.
pub(crate) async fn observe<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    look_for_it(run, &Call::Unanswered).await
}

async fn look_for_it<P: Ports>(run: &mut Run<'_, P>, call: &Call) -> Result<Turn, Stopped> {
    let Step::Intended { at, intent, .. } = run.job().create.clone() else { return Ok(Turn::Again) };
    let (agreement, history) = match look(run).await? {
        Ok(seen) => seen,
        Err(turn) => return Ok(turn),
    };
    // The accounting system's day may have begun before ours, or ended after it.
    let from = intent.invoice_date.unwrap_or(intent.today).min(intent.today);
    let from = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    let others = match &intent.answered {
        Some(ours) => history.without(ours),
        None => history.clone(),
    };
    let found = match find(run, from, &others).await? {
        Ok(found) => found,
        Err(turn) => return Ok(turn),
    };
    let period = subject(run)?.1.period;
    let call = match &intent.answered {
        Some(ours) => &Call::Answered { with: Some(ours.clone()) },
        None => call,
    };
    if let Some(unsettled) = unsettled_later(run, &found, period.start()).await? {
        let why = format!("invoice {unsettled} is for a later period, whose own job isn't settled yet");
        return run.look_later(StepName::Create, why).await;
    }
    let explained = by_hand::explained(intent.last_invoice_date, &history);
    let look = Look { agreement: &agreement, found: &found, explained };
    match judge_create(&intent, call, at, run.now(), period, look) {
        observe::Verdict::Happened(invoice) => {
            let before = Agreement { period: intent.fields, ..agreement };
            made(run, invoice, false, &before, history).await
        }
        observe::Verdict::NotHappened => {
            let why = "nothing moved on the agreement and no invoice was found".to_owned();
            run.tell(EventKind::NotDone { step: StepName::Create, why: why.clone() });
            run.job_mut().create.not_done(why);
            Ok(Turn::Again)
        }
        observe::Verdict::TooEarly(at) => run.wait_until(at).await,
        observe::Verdict::Ask(seen) => {
            // Which period it's for nobody can tell, so no other period may go on as if that were known.
            if let Some(ours) = &intent.answered {
                run.remember(history.without(ours));
            }
            run.tell(EventKind::Unknown { step: StepName::Create, seen: seen.clone() });
            Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Create, seen }).await?))
        }
        observe::Verdict::CannotTell(seen) => {
            run.tell(EventKind::Unknown { step: StepName::Create, seen: seen.clone() });
            run.look_later(StepName::Create, seen).await
        }
    }
}

/// An invoice of a later period whose own job has announced it and doesn't know yet what came of that: ours, as will turn out, or not. Or
/// which that job has only just found out to be its own. Only later ones are waited for, so that no two jobs wait for each other.
async fn unsettled_later<P: Ports>(
    run: &Run<'_, P>,
    found: &[FoundInvoice],
    start: NaiveDate,
) -> Result<Option<InvoiceNumber>, Stopped> {
    let (agreement, _) = subject(run)?;
    for invoice in found {
        let Some(later) = invoice.period.map(|period| period.start()).filter(|later| *later > start) else { continue };
        let key = JobKey::new(run.job().key.tenant().clone(), agreement.clone(), later);
        let job = run.ports.journal().job(&key).await?;
        if job.is_some_and(|job| job.is_announced(StepName::Create) || job.invoice() == Some(&invoice.number)) {
            return Ok(Some(invoice.number.clone()));
        }
    }
    Ok(None)
}

async fn find<P: Ports>(
    run: &mut Run<'_, P>,
    from: NaiveDate,
    history: &Remembered,
) -> Result<Result<Vec<FoundInvoice>, Turn>, Stopped> {
    let (agreement, _) = subject(run)?;
    let (key, customer) = (run.job().key.clone(), run.job().customer.clone());
    match run.ports.accounting().invoices_of(key.tenant(), &agreement, &customer, from, &history.history.known).await {
        Ok(found) => Ok(Ok(found)),
        Err(error) => Ok(Err(after_error(run, StepName::Create, error).await?)),
    }
}

/// The invoice is there. `before` is the agreement as it was before.
async fn made<P: Ports>(
    run: &mut Run<'_, P>,
    invoice: FoundInvoice,
    adopted: bool,
    before: &Agreement,
    mut history: Remembered,
) -> Result<Turn, Stopped> {
    let (agreement, due) = subject(run)?;
    let other = other_period(&invoice, due.period);
    history.history.add(
        invoice.number.clone(),
        LastInvoice {
            period: other.unwrap_or(due.period),
            invoice_date: invoice.invoice_date,
            total: invoice.total,
            fields_before: before.period,
        },
    );
    run.remember(history);
    let how = if adopted { "a person had made it" } else { "created" };
    run.tell(EventKind::Happened { step: StepName::Create, invoice: invoice.number.clone(), how: how.to_owned() });
    let number = invoice.number.clone();
    let known_at = Some(run.now());
    let FoundInvoice { number: invoice, invoice_date, total, .. } = invoice;
    run.job_mut().create = Step::Done { outcome: Created { invoice, invoice_date, total, adopted, known_at } };
    run.job_mut().failed_looks = 0;
    if let Some(made) = other {
        let reason = HoldReason::OtherPeriod { invoice: number, made, wanted: due.period };
        return Ok(Turn::Stop(run.hold(reason).await?));
    }
    run.save().await?;
    if due.more_due > 0 {
        let again = ScanMessage::Agreement { tenant: run.job().key.tenant().clone(), agreement };
        run.ports.queues().send(&Message::Scan(again), std::time::Duration::ZERO).await?;
    }
    Ok(Turn::Again)
}
