//! Promises 2 and 7: nothing is made, booked or delivered unless the settings in force at that step say so.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    hold::HoldReason,
    ids::{SystemKind, TenantId},
    job::{ACT_WITHIN, Event, EventKind, StepName},
    letters::address::MailAddress,
    settings::{Channel, Mode, Resolved},
};
use fortnox_sim::{Actor, Effect, EffectKind};

use super::{
    Broken, broken, cards,
    made::{Made, approvals},
    prices, recurring,
};
use crate::Evidence;

type ByInvoice<'a> = BTreeMap<(u64, u64), &'a Made>;

pub(super) fn only_what_was_asked_for(evidence: &Evidence, made: &[Made]) -> Vec<Broken> {
    let by_invoice: ByInvoice = made.iter().map(|made| ((made.tenant.number(), made.invoice), made)).collect();
    let mut found: Vec<Broken> = made
        .iter()
        .filter(|made| made.by == Actor::App)
        .flat_map(|made| {
            [
                not_to_be_made(evidence, made),
                over_the_limit(evidence, made),
                too_far_behind(evidence, made),
                recurring::invoiced_twice(evidence, made),
            ]
        })
        .flatten()
        .collect();
    found.extend(not_to_be_touched(evidence, &by_invoice));
    found.extend(not_to_be_mailed(evidence, &by_invoice));
    found
}

fn not_to_be_made(evidence: &Evidence, made: &Made) -> Option<Broken> {
    let asked = made.some_settings(evidence, made.at, |settings| {
        matches!(settings.mode.value, Mode::DraftOnly | Mode::Full) && settings.automatic.value
    });
    (!asked).then(|| broken(2, format!("not asked for: {} was made", made.name())))
}

/// A guard holds an invoice, unless a person said yes to just that amount.
fn over_the_limit(evidence: &Evidence, made: &Made) -> Option<Broken> {
    let total = made.total?;
    let within = |settings: &Resolved| {
        let limits = &settings.max_amount.value;
        limits.is_empty() || limits.get(&total.currency).is_some_and(|limit| total.amount <= *limit)
    };
    let approved = evidence.jobs.iter().filter(|record| {
        record.job.key.tenant() == &made.tenant && record.job.key.agreement() == Some(&made.agreement)
    });
    let said_yes = |reason: &HoldReason| match reason {
        HoldReason::AmountOverLimit { total: shown, .. } => *shown == total,
        HoldReason::NoLimitForCurrency { currency } => *currency == total.currency,
        _ => false,
    };
    let mut approved = approved.flat_map(|record| record.job.approved());
    // A person who changes the amount while our call is on its way is as fast as the limit can't be.
    let fine = made.raced || made.some_settings(evidence, made.at, within) || approved.any(said_yes);
    (!fine).then(|| broken(2, format!("over the limit, and nobody said yes: {}", made.name())))
}

/// More missed periods than may be caught up unasked need a person's yes.
fn too_far_behind(evidence: &Evidence, made: &Made) -> Option<Broken> {
    let job = &made.job(evidence)?.job;
    let missed = job.due().map_or(0, |due| due.more_due);
    let allowed = |settings: &Resolved| missed <= u32::from(settings.catch_up_periods.value);
    let said_yes =
        |reason: &HoldReason| matches!(reason, HoldReason::TooFarBehind { missed: shown, .. } if *shown == missed);
    let fine = made.some_settings(evidence, made.at, allowed) || job.approved().iter().any(said_yes);
    (!fine).then(|| broken(2, format!("{missed} periods behind, and nobody said yes: {}", made.name())))
}

/// What was done in Fortnox to invoices that there are.
fn not_to_be_touched(evidence: &Evidence, by_invoice: &ByInvoice) -> Vec<Broken> {
    let ours = evidence.effects().filter(|(entry, _)| entry.actor == Actor::App);
    let mut found = Vec::new();
    for (entry, effect) in ours {
        // What the invoice service does in its own time only shows with a call of ours.
        if matches!(effect.kind, EffectKind::InvoiceCreated | EffectKind::TakenOnByService) {
            continue;
        }
        let Some((tenant, invoice)) = entry.tenant.zip(effect.invoice) else { continue };
        let Some(made) = by_invoice.get(&(tenant, invoice)) else {
            found
                .push(broken(2, format!("invoice {invoice} of {tenant} is none of an agreement's: {:?}", effect.kind)));
            continue;
        };
        let asked = match effect.kind {
            EffectKind::InvoiceBooked => goes_on(evidence, made, entry.at, |settings| {
                let window = TimeDelta::minutes(i64::from(settings.book_after_minutes.value));
                settings.mode.value == Mode::Full && settings.auto_book.value && made.at + window <= entry.at
            }),
            // That it was sent is only said of what was mailed.
            EffectKind::MarkedSent => {
                evidence.mails.iter().any(|mail| names(mail, tenant, invoice))
                    || has(evidence, tenant, invoice, |kind| channel_of(kind).is_some())
            }
            // Whom Fortnox is to mail it to, or its prices.
            EffectKind::InvoiceChanged => {
                let addressed = goes_on(evidence, made, entry.at, |settings| {
                    let by_mail = || goes_by(evidence, made, entry.at, settings, Channel::FortnoxEmail);
                    settings.mode.value == Mode::Full && by_mail()
                });
                addressed || made.some_settings(evidence, entry.at, |settings| prices::follow(settings, entry.at))
            }
            kind => channel_of(kind).is_some_and(|channel| {
                let ready = !channel.needs_a_booked_invoice()
                    || has(evidence, tenant, invoice, |kind| kind == EffectKind::InvoiceBooked);
                let by_channel = |settings: &Resolved| goes_by(evidence, made, entry.at, settings, channel);
                ready
                    && is_for_service(effect)
                    && goes_on(evidence, made, entry.at, |settings| {
                        by_channel(settings) && wants(settings, channel, effect)
                    })
            }),
        };
        if !asked {
            found.push(broken(2, format!("not asked for: {:?} at {}: {}", effect.kind, entry.at, made.name())));
        }
    }
    found
}

/// By which channel Fortnox itself delivers with such an effect.
pub(super) fn channel_of(kind: EffectKind) -> Option<Channel> {
    [Channel::FortnoxEmail, Channel::FortnoxEinvoice, Channel::FortnoxPrintService, Channel::FortnoxInvoiceService]
        .into_iter()
        .find(|channel| by_fortnox(*channel) == Some(kind))
}

/// What a delivery by such a channel looks like in Fortnox's ledger.
pub(super) fn by_fortnox(channel: Channel) -> Option<EffectKind> {
    match channel {
        Channel::FortnoxEmail => Some(EffectKind::EmailSent),
        Channel::FortnoxEinvoice => Some(EffectKind::EinvoiceSent),
        Channel::FortnoxPrintService => Some(EffectKind::PrintServiceSent),
        Channel::FortnoxInvoiceService => Some(EffectKind::HandedToService),
        _ => None,
    }
}

/// Whether the settings say this channel, or leave it to the customer's card, and that does.
fn goes_by(evidence: &Evidence, made: &Made, at: DateTime<Utc>, settings: &Resolved, channel: Channel) -> bool {
    let came_back =
        || evidence.mails.iter().any(|mail| mail.came_back && names(mail, made.tenant.number(), made.invoice));
    settings.channel.value == channel
        || settings.bounce_channel.value == Some(channel) && came_back()
        || settings.channel.value == Channel::CustomerDefault && cards::may_name(evidence, made, at, channel)
}

/// The invoice service is for kronor only.
fn is_for_service(effect: &Effect) -> bool {
    effect.kind != EffectKind::HandedToService || effect.currency.as_deref() == Some("SEK")
}

/// Whether the settings ask for just this delivery: in this mode, and a mail to whom they name, with their control copy.
fn wants(settings: &Resolved, channel: Channel, effect: &Effect) -> bool {
    let asked = settings.mode.value == Mode::Full;
    let copy = settings.control_copy.value.as_ref().map(MailAddress::as_str);
    let (recipient, is_mail) = (settings.recipient.value.as_deref(), channel == Channel::FortnoxEmail);
    let copied = copy.is_none_or(|copy| effect.bcc.as_deref() == Some(copy));
    let to_them = recipient.is_none_or(|recipient| effect.to.as_deref() == Some(recipient));
    asked && (!is_mail || copied && to_them)
}

fn has(evidence: &Evidence, tenant: u64, invoice: u64, wanted: impl Fn(EffectKind) -> bool) -> bool {
    evidence
        .effects()
        .any(|(entry, effect)| entry.tenant == Some(tenant) && effect.invoice == Some(invoice) && wanted(effect.kind))
}

fn not_to_be_mailed(evidence: &Evidence, by_invoice: &ByInvoice) -> Vec<Broken> {
    let of_agreements = evidence.mails.iter().filter(|mail| !is_of_draft(mail));
    let not_asked = of_agreements.filter(|mail| {
        let key = mail.tenant.as_ref().map(TenantId::number).zip(mail.invoice.parse().ok());
        let Some(made) = key.and_then(|key| by_invoice.get(&key)) else { return true };
        let by_settings =
            |settings: &Resolved| settings.mode.value == Mode::Full && settings.channel.value == Channel::SesEmail;
        let asked = match mail.at {
            Some(at) => goes_on(evidence, made, at, by_settings),
            None => evidence
                .settings
                .get(&made.tenant)
                .and_then(|all| made.settings(all))
                .is_some_and(|it| by_settings(&it)),
        };
        !asked
    });
    not_asked
        .map(|mail| broken(2, format!("not asked for: the mail of invoice {} at {:?}", mail.invoice, mail.at)))
        .collect()
}

/// What came of a draft is judged by e-conomic's own ledger.
fn is_of_draft(mail: &crate::SentMail) -> bool {
    mail.tenant.as_ref().is_some_and(|tenant| tenant.system() == SystemKind::Economic)
}

fn names(mail: &crate::SentMail, tenant: u64, invoice: u64) -> bool {
    mail.tenant.as_ref().map(TenantId::number) == Some(tenant) && mail.invoice == invoice.to_string()
}

/// Whether an invoice may go on at `at`: the settings say so. Where it's a person's own, or came of a race with one, they
/// must say so for those too, or a person did.
fn goes_on(evidence: &Evidence, made: &Made, at: DateTime<Utc>, asked: impl Fn(&Resolved) -> bool) -> bool {
    let theirs =
        (made.by == Actor::Person && !taken_for_ours(evidence, made)) || (made.raced && made.is_early(evidence));
    let approved = || made.job(evidence).is_some_and(|record| approvals(record, Some(at)) > 0);
    let released = !theirs || approved();
    made.some_settings(evidence, at, |settings| asked(settings) && (released || settings.continue_adopted.value))
}

/// A person's invoice that was made while the outcome of our own call was unknown can't be told from ours: it's the one
/// invoice of the period, and goes on as ours would. So can't one made in the moment between our last look at the agreement and
/// the announcement of a call that then failed.
fn taken_for_ours(evidence: &Evidence, made: &Made) -> bool {
    let Some(record) = made.job(evidence) else { return false };
    let create = |event: &&Event| match event.kind {
        EventKind::Intended { step, .. } | EventKind::NotDone { step, .. } | EventKind::Happened { step, .. } => {
            step == StepName::Create
        }
        _ => false,
    };
    let intended = |event: &Event| matches!(event.kind, EventKind::Intended { step: StepName::Create, .. });
    let before = record.events.iter().filter(create).take_while(|event| event.at <= made.at);
    let since_the_look = |event: &Event| event.at > made.at && event.at - made.at <= ACT_WITHIN;
    before.last().is_some_and(intended) || record.events.iter().any(|event| intended(event) && since_the_look(event))
}
