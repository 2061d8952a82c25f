//! Promise 3: each invoice is delivered at most once, by whichever channels, unless a person asks for it again; and not at all
//! once somebody else has sent it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    job::EventKind,
};
use fortnox_sim::{Actor, Effect, EffectKind};

use super::{Broken, LAG, asked_for::channel_of, broken, made::approvals};
use crate::{Evidence, JobRecord, SentMail};

/// A tenant's invoice, by its number.
type Invoice = (Option<TenantId>, String);

pub(super) fn one_mail_an_invoice(evidence: &Evidence) -> Vec<Broken> {
    let mut deliveries: BTreeMap<Invoice, Vec<Option<DateTime<Utc>>>> = BTreeMap::new();
    for (invoice, at) in deliveries_of(evidence) {
        deliveries.entry(invoice).or_default().push(at);
    }
    let more = deliveries.iter().filter(|((tenant, invoice), deliveries)| {
        let job = evidence.jobs.iter().find(|record| {
            Some(record.job.key.tenant()) == tenant.as_ref()
                && record.job.invoice().map(domain::ids::InvoiceNumber::as_str) == Some(invoice.as_str())
        });
        let back = evidence.mails.iter().filter(|mail| mail.came_back && is_of(mail, tenant.as_ref(), invoice)).count();
        deliveries.len() > 1 + back + job.map_or(0, |record| approvals(record, None) + resends(record))
    });
    let twice = more.map(|((_, invoice), deliveries)| {
        broken(3, format!("invoice {invoice} was delivered {} times", deliveries.len()))
    });
    let given_away = evidence.mails.iter().filter(|mail| mail.shows_bcc);
    let given_away = given_away.map(|mail| broken(3, format!("the mail of {} names its blind copies", mail.invoice)));
    twice.chain(given_away).chain(although_sent(evidence, &deliveries)).collect()
}

fn is_of(mail: &SentMail, tenant: Option<&TenantId>, invoice: &str) -> bool {
    mail.tenant.as_ref() == tenant && mail.invoice == invoice
}

/// How often a person wanted it delivered once more.
fn resends(record: &JobRecord) -> usize {
    record.events.iter().filter(|event| matches!(event.kind, EventKind::Resent { .. })).count()
}

/// Every delivery of ours: the mails, and what Fortnox sent for us.
fn deliveries_of(evidence: &Evidence) -> impl Iterator<Item = (Invoice, Option<DateTime<Utc>>)> {
    let mails = evidence.mails.iter().map(|mail| ((mail.tenant.clone(), mail.invoice.clone()), mail.at));
    let by_fortnox = evidence.effects().filter_map(|(entry, effect)| {
        let ours = entry.actor == Actor::App && channel_of(effect.kind).is_some();
        let invoice = (Some(TenantId::new(SystemKind::Fortnox, entry.tenant?)), effect.invoice?.to_string());
        ours.then_some((invoice, Some(entry.at)))
    });
    mails.chain(by_fortnox)
}

/// Deliveries of what a person had marked as sent, or handed over to the invoice service, before, long enough for us to have
/// seen it.
fn although_sent(evidence: &Evidence, deliveries: &BTreeMap<Invoice, Vec<Option<DateTime<Utc>>>>) -> Vec<Broken> {
    let by_hand = evidence.effects().filter(|(entry, effect)| {
        entry.actor == Actor::Person && effect.kind == EffectKind::MarkedSent
            || effect.kind == EffectKind::TakenOnByService && handed_over_by_a_person(evidence, entry.tenant, effect)
    });
    let again = by_hand.filter_map(|(entry, effect)| {
        let invoice = (Some(TenantId::new(SystemKind::Fortnox, entry.tenant?)), effect.invoice?.to_string());
        // Once a mail of ours came back, the mark as sent is our own and tells nothing of what a person did since.
        let back = |mail: &&SentMail| {
            mail.came_back
                && is_of(mail, invoice.0.as_ref(), &invoice.1)
                && mail.at.is_some_and(|at| at <= entry.at + LAG)
        };
        if evidence.mails.iter().any(|mail| back(&mail)) {
            return None;
        }
        let after = |at: &&Option<DateTime<Utc>>| at.is_some_and(|at| at - entry.at > LAG);
        deliveries.get(&invoice)?.iter().find(after)?;
        Some(broken(3, format!("invoice {} was sent by a person, and delivered by us after that", invoice.1)))
    });
    again.collect()
}

/// What the service has shows when it took it on, if not before.
fn handed_over_by_a_person(evidence: &Evidence, tenant: Option<u64>, taken_on: &Effect) -> bool {
    evidence.effects().any(|(entry, effect)| {
        entry.actor == Actor::Person
            && entry.tenant == tenant
            && effect.kind == EffectKind::HandedToService
            && effect.invoice == taken_on.invoice
    })
}
