//! To whom a mail may go, and what is written down of it before it goes.

use accounting::{Customer, Invoice};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    hold::HoldReason,
    ids::InvoiceNumber,
    job::Job,
    letters::address::MailAddress,
    mail::{AddressHash, MailName, MailRecord, Recipient, Role},
    settings::Resolved,
};

use super::Ready;
use crate::{
    advance::Run,
    letter,
    ports::{MailBook, MailStop, PortError, Ports},
};

/// In this time after a mail was announced the mail service tells that it has it, if it does: by the event that it sends at once and
/// delivers within seconds as a rule. Longer than a call can be on its way.
pub(super) const WORD_COMES_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// Over so many days a tenant's share of bounces is reckoned: those who invoice by the month have one run in it.
const DAYS_THAT_COUNT: Days = Days::new(28);

/// The addresses that the mail may go to, or why it can't go.
pub(super) async fn reachable<P: Ports>(
    run: &Run<'_, P>,
    settings: &Resolved,
    invoice: &Invoice,
    customer: &Customer,
) -> Result<Result<Vec<MailAddress>, HoldReason>, PortError> {
    let to = match letter::recipients(settings, invoice, customer) {
        Ok(to) => to,
        Err(reason) => return Ok(Err(reason)),
    };
    let said_yes = |reason: &HoldReason| run.job().approved().contains(reason);
    if let Some(reason) = unwanted(run).await?.filter(|reason| !said_yes(reason)) {
        return Ok(Err(reason));
    }
    let (living, dead_since) = living(run, &to).await?;
    if living.is_empty() {
        let reason = dead_since.map(|since| HoldReason::AddressDead { since });
        if let Some(reason) = reason.filter(|reason| !said_yes(reason)) {
            return Ok(Err(reason));
        }
    }
    if let Some(reason) = paused(run).await? {
        // The figures move with each mail, so a yes is one to the matter and not to the figure.
        let yes = run.job().approved().iter().any(|reason| matches!(reason, HoldReason::MailsPaused { .. }));
        if !yes {
            return Ok(Err(reason));
        }
    }
    Ok(Ok(if living.is_empty() { to } else { living }))
}

async fn unwanted<P: Ports>(run: &Run<'_, P>) -> Result<Option<HoldReason>, PortError> {
    let stop = MailStop::Customer(run.job().customer.clone());
    let since = run.ports.mails().stopped(run.job().key.tenant(), &stop).await?;
    Ok(since.map(|since| HoldReason::MailUnwanted { since }))
}

/// Those of the addresses that aren't known to be dead, and since when the last of the others is.
async fn living<P: Ports>(
    run: &Run<'_, P>,
    to: &[MailAddress],
) -> Result<(Vec<MailAddress>, Option<DateTime<Utc>>), PortError> {
    let tenant = run.job().key.tenant();
    let (mut living, mut dead_since) = (Vec::new(), None);
    for address in to {
        let stop = MailStop::Address(AddressHash::of(tenant, address.as_str()));
        match run.ports.mails().stopped(tenant, &stop).await? {
            Some(since) => dead_since = dead_since.max(Some(since)),
            None => living.push(address.clone()),
        }
    }
    Ok((living, dead_since))
}

async fn paused<P: Ports>(run: &Run<'_, P>) -> Result<Option<HoldReason>, PortError> {
    let today = run.now().date_naive();
    let from = today.checked_sub_days(DAYS_THAT_COUNT).unwrap_or(today);
    let counts = run.ports.mails().counts(run.job().key.tenant(), from).await?;
    let reason = HoldReason::MailsPaused { accepted: counts.accepted, bounced: counts.bounced };
    Ok(counts.are_too_many().then_some(reason))
}

/// The record of a mail that is about to go.
pub(super) fn record(job: &Job, invoice: &InvoiceNumber, mail: &Ready, at: DateTime<Utc>) -> MailRecord {
    let tenant = job.key.tenant();
    let hash = |address: &str| AddressHash::of(tenant, address);
    let customers: Vec<AddressHash> = mail.to.iter().map(|address| hash(address.as_str())).collect();
    let recipient = |address: &String| {
        let address = hash(address);
        let role = if customers.contains(&address) { Role::Customer } else { Role::ControlCopy };
        (address, Recipient::announced(role, at))
    };
    MailRecord {
        tenant: tenant.clone(),
        mail: MailName::of(&mail.id),
        job: job.key.clone(),
        invoice: invoice.clone(),
        customer: job.customer.clone(),
        announced_at: at,
        recipients: mail.recipients.iter().map(recipient).collect(),
        accepted_as: None,
    }
}

/// The mail service's own name of a mail, once it told anything of it.
pub(super) async fn heard_of<P: Ports>(run: &Run<'_, P>, id: &str) -> Result<Option<String>, PortError> {
    let kept = run.ports.mails().record(&MailName::of_text(id)).await?;
    Ok(kept.and_then(|kept| kept.record.accepted_as))
}
