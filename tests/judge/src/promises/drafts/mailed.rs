//! Promises 3 and 7: what came of a draft is mailed to those who should get it, and to nobody else.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    settings::{Channel, Mode, Resolved},
};
use economic_sim::Actor;
use serde_json::{Value, json};

use super::{
    job_with,
    life::{End, Life},
};
use crate::{
    Evidence, SentMail,
    promises::{Broken, LAG, broken, made::approvals},
};

pub(super) fn to_whom_it_should_go(evidence: &Evidence, lives: &[Life]) -> Vec<Broken> {
    let economic = |mail: &&SentMail| mail.tenant.as_ref().is_some_and(|it| it.system() == SystemKind::Economic);
    let mails = evidence.mails.iter().filter(economic);
    mails
        .filter_map(|mail| Some((mail, mail.tenant.as_ref()?)))
        .filter_map(|(mail, tenant)| Some((mail, what_is_wrong(evidence, lives, mail, tenant)?)))
        .map(|(mail, what)| broken(3, format!("the mail of invoice {}: {what}", mail.invoice)))
        .collect()
}

fn what_is_wrong(evidence: &Evidence, lives: &[Life], mail: &SentMail, tenant: &TenantId) -> Option<String> {
    let Some(record) = job_with(evidence, tenant, &mail.invoice) else { return Some("no job knows it".to_owned()) };
    if !mail.pdf.starts_with(b"%PDF") {
        return Some("its attachment is no PDF".to_owned());
    }
    let booked = lives.iter().filter(|life| &life.tenant == tenant).find_map(|life| match &life.end {
        Some(End::Booked(booked)) if booked.invoice.to_string() == mail.invoice => Some((life, booked.by)),
        _ => None,
    });
    let Some((life, by)) = booked else { return Some("no draft was booked as that".to_owned()) };
    if is_public(evidence, life) {
        return Some("its customer has an EAN and must get an e-invoice".to_owned());
    }
    let settings = match mail.at {
        // A mail's date is told to the second, and cut.
        Some(at) => life.settings_between(evidence, at - LAG, at + TimeDelta::seconds(1)),
        None => life.settings_between(evidence, DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC),
    };
    // What a person booked is theirs to send, unless the settings or a person say otherwise.
    let released = by == Actor::App || approvals(record, None) > 0;
    let asked = |it: &Resolved| {
        it.mode.value == Mode::Full && it.channel.value == Channel::SesEmail && (released || it.continue_adopted.value)
    };
    if !settings.iter().any(asked) {
        return Some("no settings asked for it".to_owned());
    }
    wrong_hands(evidence, life, mail, &settings)
}

/// A public customer, by the draft or by the register.
fn is_public(evidence: &Evidence, life: &Life) -> bool {
    let Some(text) = life.text() else { return false };
    let registered = || {
        let number = text.customer();
        let mut own = customer(agreement(evidence, life)?, &number);
        own.next()?["ean"].as_str().map(|ean| !ean.is_empty())
    };
    text.has_ean() || registered() == Some(true)
}

/// The books of the draft's company, as they are now.
fn agreement<'a>(evidence: &'a Evidence, life: &Life) -> Option<&'a Value> {
    let number = json!(life.tenant.number());
    evidence.economic_state["agreements"].as_array()?.iter().find(|one| one["agreementNumber"] == number)
}

fn customer<'a>(agreement: &'a Value, number: &'a str) -> impl Iterator<Item = &'a Value> {
    let customers = agreement["customers"].as_array().into_iter().flatten();
    customers.filter(move |one| one["customerNumber"].as_u64().map(|it| it.to_string()).as_deref() == Some(number))
}

/// Somebody got it who is neither of the customer's, nor named in the settings, nor the one who keeps an eye on it.
fn wrong_hands(evidence: &Evidence, life: &Life, mail: &SentMail, settings: &[Resolved]) -> Option<String> {
    let own = agreement(evidence, life)?;
    let addresses = addresses(own, &life.text()?.customer());
    let for_customer = |address: &String| {
        addresses.contains(address)
            || settings.iter().any(|it| it.recipient.value.as_deref().is_some_and(|set| set.contains(address.as_str())))
    };
    let user = own["user"]["email"].as_str();
    let control = |address: &String| {
        user == Some(address.as_str())
            || settings.iter().any(|it| it.control_copy.value.as_ref().is_some_and(|it| it.as_str() == address))
    };
    if mail.to.is_empty() || !mail.to.iter().all(for_customer) {
        return Some(format!("it went to {:?}", mail.to));
    }
    let copies = mail.envelope.iter().filter(|address| !mail.to.contains(address));
    let copies: Vec<_> = copies.collect();
    (copies.is_empty() || !copies.iter().all(|copy| control(copy)))
        .then(|| format!("its blind copies went to {copies:?}"))
}

/// The addresses of a customer and of those who work there. People write several into one field.
fn addresses(agreement: &Value, number: &str) -> Vec<String> {
    customer(agreement, number)
        .flat_map(|one| {
            let contacts = one["contacts"].as_array().into_iter().flatten();
            contacts.chain([one]).filter_map(|it| it["email"].as_str())
        })
        .flat_map(|addresses| addresses.split([';', ',', ' ']))
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}
