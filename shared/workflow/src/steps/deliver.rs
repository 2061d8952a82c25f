//! Step three: the invoice is mailed, and the accounting system told so; or [the accounting system sends it](by_system), perhaps as
//! [the customer's card says](by_default), or [its invoice service](to_service) does.

pub(super) mod addressing;
pub(crate) mod by_default;
pub(crate) mod by_system;
mod posting;
pub(crate) mod to_service;

use std::time::Duration;

use accounting::{AccountingSystem, Capabilities, Company, Customer, Invoice};
use domain::{
    hold::HoldReason,
    ids::InvoiceNumber,
    job::{DeliverIntent, Delivered, EventKind, Step, StepName},
    letters::{
        address::MailAddress,
        message_id::{MessageId, message_id},
    },
    mail::MailName,
    settings::{Channel, Resolved},
};

use super::{after_error, may_still_begin, too_late};
use crate::{
    advance::{Run, Stopped, Turn},
    letter::{self, Posting},
    notebook::Notebook,
    ports::{MailBook, MailError, Mailer, Ports, RawMail},
};

/// What a mail is for. One invoice gets one mail per purpose.
const PURPOSE: &str = "invoice";

/// What the mail service was made ready for holds everywhere after this, as a rule. What it's still not ready for then waits longer.
const MADE_READY_AFTER: Duration = Duration::from_secs(5);

/// Reads what the letter needs, announces, and hands the mail over.
pub(crate) async fn deliver<P: Ports, M: Mailer>(
    run: &mut Run<'_, P>,
    mailer: &M,
    notebook: &Notebook,
    settings: &Resolved,
) -> Result<Turn, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let seen = match read(run, notebook, &number).await {
        Ok(seen) => seen,
        Err(error) => return after_error(run, StepName::Deliver, error).await,
    };
    if seen.invoice.is_out() && !run.job().mark_is_its_own() {
        return delivered(run, settings.channel.value, None, true).await;
    }
    if seen.invoice.cancelled {
        return cancelled(run, number).await;
    }
    let to = match posting::reachable(run, settings, &seen.invoice, &seen.customer).await? {
        Ok(to) => to,
        Err(reason) => return Ok(Turn::Stop(run.hold(reason).await?)),
    };
    // Last: of a mail that can't go no PDF need be made.
    let pdf = match run.ports.accounting().pdf(run.job().key.tenant(), &number).await {
        Ok(pdf) => pdf,
        Err(error) => return after_error(run, StepName::Deliver, error).await,
    };
    let mail = match compose(run, mailer, settings, &seen, &pdf, to) {
        Ok(mail) => mail,
        Err(reason) => return Ok(Turn::Stop(run.hold(reason).await?)),
    };
    send(run, mailer, settings.channel.value, &number, &mail).await
}

/// A mail that's ready to go.
struct Ready {
    id: MessageId,
    raw: Vec<u8>,
    /// Everybody it goes to, blind copies included.
    recipients: Vec<String>,
    /// Those of them who are the customer.
    to: Vec<MailAddress>,
}

async fn cancelled<P: Ports>(run: &mut Run<'_, P>, invoice: InvoiceNumber) -> Result<Turn, Stopped> {
    let problem = "was cancelled in the accounting system".to_owned();
    Ok(Turn::Stop(run.hold(HoldReason::InvoiceChanged { invoice, problem }).await?))
}

struct Seen {
    invoice: Invoice,
    customer: Customer,
    company: std::sync::Arc<Company>,
}

async fn read<P: Ports>(
    run: &Run<'_, P>,
    notebook: &Notebook,
    number: &InvoiceNumber,
) -> Result<Seen, accounting::Error> {
    let (ports, tenant) = (run.ports, run.job().key.tenant());
    let invoice = ports.accounting().invoice(tenant, number).await?;
    let customer = ports.accounting().customer(tenant, &invoice.customer).await?;
    let company = notebook.company(ports, tenant, run.now()).await?;
    Ok(Seen { invoice, customer, company })
}

fn compose<P: Ports, M: Mailer>(
    run: &Run<'_, P>,
    mailer: &M,
    settings: &Resolved,
    seen: &Seen,
    pdf: &[u8],
    to: Vec<MailAddress>,
) -> Result<Ready, HoldReason> {
    let Seen { invoice, customer, company } = seen;
    let words = letter::write(settings, invoice, customer, company, &run.job().key)?;
    let key = &run.job().key;
    let attempt = match &run.job().deliver {
        Step::Open { attempts, .. } => attempts + 1,
        _ => 1,
    };
    // Attempts are counted anew after a person's yes, and what that sends is another mail.
    let purpose = match &run.job().approval {
        Some(approval) => format!("{PURPOSE} approved at {}", approval.at),
        None => PURPOSE.to_owned(),
    };
    // And so is what is sent once more.
    let purpose = match run.job().delivered_before.len() {
        0 => purpose,
        before => format!("{purpose} after {before}"),
    };
    let id = message_id(&key.to_string(), &purpose, attempt, mailer.sender());
    let posting = Posting { job: key, message_id: id.clone(), to: to.clone(), at: run.now(), pdf };
    let (raw, recipients) = letter::compose(mailer, settings, &words, company, invoice, posting)?;
    Ok(Ready { id, raw, recipients, to })
}

async fn send<P: Ports, M: Mailer>(
    run: &mut Run<'_, P>,
    mailer: &M,
    channel: Channel,
    invoice: &InvoiceNumber,
    mail: &Ready,
) -> Result<Turn, Stopped> {
    if let Err(no_room) = mailer.room(mail.recipients.len()).await {
        return run.look_later(StepName::Deliver, no_room.to_string()).await;
    }
    // After that, since the answer may take a while.
    if !run.may_act() {
        return Ok(Turn::Again);
    }
    let announced = run.now();
    // First, so that whatever the mail service tells finds it.
    run.ports.mails().keep(&posting::record(run.job(), invoice, mail, announced)).await?;
    let intent = DeliverIntent { channel, message_id: Some(mail.id.as_str().to_owned()), sent_before: None };
    let attempt = run.job_mut().deliver.intend(announced, intent);
    run.tell(EventKind::Intended { step: StepName::Deliver, attempt });
    run.save().await?;
    if !may_still_begin(announced, run.now()) {
        return Ok(too_late(run, StepName::Deliver));
    }
    let tenant = run.job().key.tenant().clone();
    match mailer.send(RawMail { tenant: &tenant, raw: &mail.raw, recipients: &mail.recipients }).await {
        Ok(accepted) => delivered(run, channel, Some(accepted), false).await,
        Err(MailError::NotTaken(why)) => {
            run.tell(EventKind::NotDone { step: StepName::Deliver, why: why.clone() });
            run.job_mut().deliver.not_taken(why.clone());
            run.look_later(StepName::Deliver, why).await
        }
        Err(MailError::MadeReady(why)) => {
            run.tell(EventKind::NotDone { step: StepName::Deliver, why: why.clone() });
            run.job_mut().deliver.not_taken(why);
            run.come_again(MADE_READY_AFTER).await
        }
        Err(MailError::Refused(words)) => {
            run.job_mut().deliver.not_done(words.clone());
            let advice = "mend what the mail service says; the invoice itself is made".to_owned();
            Ok(Turn::Stop(run.fail(StepName::Deliver, words, advice).await?))
        }
        Err(MailError::NoAnswer(seen)) => {
            run.tell(EventKind::Unknown { step: StepName::Deliver, seen });
            run.wait_until(announced + posting::WORD_COMES_WITHIN).await
        }
    }
}

async fn delivered<P: Ports>(
    run: &mut Run<'_, P>,
    channel: Channel,
    accepted_as: Option<String>,
    found_sent: bool,
) -> Result<Turn, Stopped> {
    let how = match &accepted_as {
        Some(id) => format!("the mail service accepted it as {id}"),
        None => "the accounting system shows it as sent".to_owned(),
    };
    // Where no mark is kept, there's nothing to tell.
    let marked_sent = found_sent || !Capabilities::of(run.job().key.tenant().system()).keeps_sent_mark;
    let mail = match &run.job().deliver {
        Step::Intended { intent, .. } if accepted_as.is_some() => intent.message_id.as_deref().map(MailName::of_text),
        _ => None,
    };
    settle(run, Delivered { channel, accepted_as, mail, found_sent, marked_sent, service: None }, how).await
}

/// Writes down that it's delivered.
async fn settle<P: Ports>(run: &mut Run<'_, P>, outcome: Delivered, how: String) -> Result<Turn, Stopped> {
    let Some(invoice) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    run.tell(EventKind::Happened { step: StepName::Deliver, invoice, how });
    run.job_mut().deliver = Step::Done { outcome };
    run.job_mut().failed_looks = 0;
    run.save().await?;
    Ok(Turn::Again)
}

/// A delivery that was announced and not answered for. What the mail service tells of it settles it, and so does the invoice's own
/// mark, where that's no earlier delivery's. Where neither tells in time a person is asked.
pub(crate) async fn observe<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let Step::Intended { intent, at, .. } = run.job().deliver.clone() else { return Ok(Turn::Again) };
    if intent.channel == Channel::FortnoxInvoiceService {
        return to_service::observe(run, at).await;
    }
    if intent.channel.is_sent_by_call() {
        return by_system::observe(run, &intent, at).await;
    }
    let id = intent.message_id.unwrap_or_default();
    if let Some(accepted_as) = posting::heard_of(run, &id).await? {
        return delivered(run, intent.channel, Some(accepted_as), false).await;
    }
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().invoice(&tenant, &number).await {
        Ok(invoice) if invoice.is_out() && !run.job().mark_is_its_own() => {
            delivered(run, intent.channel, None, true).await
        }
        Ok(_) if run.now() < at + posting::WORD_COMES_WITHIN => run.wait_until(at + posting::WORD_COMES_WITHIN).await,
        Ok(_) => {
            let seen = format!(
                "the mail {id} was handed over, but the mail service's answer was lost, and it told nothing of it since"
            );
            Ok(Turn::Stop(run.hold(HoldReason::OutcomeUnknown { step: StepName::Deliver, seen }).await?))
        }
        Err(error) => after_error(run, StepName::Deliver, error).await,
    }
}

/// Tells the accounting system that the invoice was sent. The same however often it's done, so an unknown outcome is
/// simply looked at again.
pub(crate) async fn mark_sent<P: Ports>(run: &mut Run<'_, P>) -> Result<Turn, Stopped> {
    let Some(number) = run.job().invoice().cloned() else { return Ok(Turn::Again) };
    let tenant = run.job().key.tenant().clone();
    match run.ports.accounting().mark_sent(&tenant, &number).await {
        Ok(()) => {
            if let Step::Done { outcome } = &mut run.job_mut().deliver {
                outcome.marked_sent = true;
            }
            Ok(Turn::Again)
        }
        Err(error) => after_error(run, StepName::Deliver, error).await,
    }
}
