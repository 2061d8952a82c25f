//! The promises of the design's section 3, judged by what Fortnox and the mail service saw.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    due::Verdict,
    ids::{AgreementNumber, CustomerNumber, TenantId},
    job::JobState,
    period::Period,
    settings::{Channel, Mode, Resolved},
};
use fortnox_sim::{Actor, EffectKind};
use serde_json::Value;

use crate::Evidence;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the design.
    pub promise: u8,
    /// How.
    pub how: String,
}

/// An invoice as it came to be.
struct Made {
    tenant: u64,
    contract: u64,
    customer: String,
    invoice: u64,
    period_start: NaiveDate,
    by: Actor,
}

/// Every promise that was broken. `today` is the last date that was scanned.
pub fn check(evidence: &Evidence, today: NaiveDate) -> Vec<Broken> {
    let made = made(evidence);
    [
        one_invoice_a_period(&made),
        only_what_was_asked_for(evidence, &made),
        one_mail_an_invoice(evidence),
        nothing_missed(evidence, today),
        every_job_ended(evidence),
        no_429(evidence),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn broken(promise: u8, how: String) -> Broken {
    Broken { promise, how }
}

fn made(evidence: &Evidence) -> Vec<Made> {
    evidence
        .effects()
        .filter(|(_, effect)| effect.kind == EffectKind::InvoiceCreated)
        .filter_map(|(entry, effect)| {
            Some(Made {
                tenant: entry.tenant?,
                contract: effect.contract?,
                customer: effect.customer.clone().unwrap_or_default(),
                invoice: effect.invoice?,
                period_start: effect.period_start?,
                by: entry.actor,
            })
        })
        .collect()
}

fn one_invoice_a_period(made: &[Made]) -> Vec<Broken> {
    let mut by_period: BTreeMap<_, Vec<&Made>> = BTreeMap::new();
    for invoice in made {
        by_period.entry((invoice.tenant, invoice.contract, invoice.period_start)).or_default().push(invoice);
    }
    let twice = by_period.into_iter().filter(|(_, made)| made.len() > 1 && made.iter().any(|one| one.by == Actor::App));
    twice
        .map(|((_, contract, start), made)| {
            let numbers: Vec<_> = made.iter().map(|one| one.invoice.to_string()).collect();
            broken(1, format!("agreement {contract}, period from {start}: invoices {}", numbers.join(" and ")))
        })
        .collect()
}

fn only_what_was_asked_for(evidence: &Evidence, made: &[Made]) -> Vec<Broken> {
    let by_invoice: BTreeMap<(u64, u64), &Made> = made.iter().map(|made| ((made.tenant, made.invoice), made)).collect();
    let mut found = Vec::new();
    let ours = evidence.effects().filter(|(entry, _)| entry.actor == Actor::App);
    for (entry, effect) in ours {
        let Some(made) = entry.tenant.zip(effect.invoice).and_then(|key| by_invoice.get(&key)) else { continue };
        let Some(settings) = settings_of(evidence, made) else {
            found.push(broken(2, format!("invoice {} has no usable settings", made.invoice)));
            continue;
        };
        let allowed = match effect.kind {
            EffectKind::InvoiceCreated => matches!(settings.mode.value, Mode::DraftOnly | Mode::Full),
            EffectKind::InvoiceBooked => settings.mode.value == Mode::Full && settings.auto_book.value,
            EffectKind::MarkedSent => settings.mode.value == Mode::Full && settings.channel.value == Channel::SesEmail,
            _ => false,
        };
        if !allowed {
            found.push(broken(
                2,
                format!("invoice {}: {:?}, which the settings don't ask for", made.invoice, effect.kind),
            ));
        }
    }
    for mail in &evidence.mails {
        let key = mail.tenant.as_ref().map(TenantId::number).zip(mail.invoice.parse().ok());
        let asked = key.and_then(|key| by_invoice.get(&key)).is_some_and(|made| {
            settings_of(evidence, made).is_some_and(|settings| {
                settings.mode.value == Mode::Full && settings.channel.value == Channel::SesEmail
            })
        });
        if !asked {
            found.push(broken(2, format!("the mail {} was not asked for", mail.file.display())));
        }
    }
    found
}

fn settings_of(evidence: &Evidence, made: &Made) -> Option<Resolved> {
    let tenant: TenantId = format!("fortnox-{}", made.tenant).parse().ok()?;
    let customer: CustomerNumber = made.customer.parse().ok()?;
    let agreement: AgreementNumber = made.contract.to_string().parse().ok()?;
    evidence.settings.get(&tenant)?.resolve(&customer, &agreement).ok()
}

fn one_mail_an_invoice(evidence: &Evidence) -> Vec<Broken> {
    let mut seen = BTreeSet::new();
    let again = evidence.mails.iter().filter(|mail| !seen.insert((mail.tenant.clone(), mail.invoice.clone())));
    let twice = again.map(|mail| broken(3, format!("invoice {} was mailed twice", mail.invoice)));
    let given_away = evidence.mails.iter().filter(|mail| mail.shows_bcc);
    twice
        .chain(given_away.map(|mail| broken(3, format!("the mail of {} names its blind copies", mail.invoice))))
        .collect()
}

/// Every active agreement was decided on in the newest scan, and none is due without an invoice, a job or a concern.
fn nothing_missed(evidence: &Evidence, today: NaiveDate) -> Vec<Broken> {
    let companies = evidence.fortnox["companies"].as_array().cloned().unwrap_or_default();
    companies.iter().flat_map(|company| missed_by(evidence, company, today)).collect()
}

fn missed_by(evidence: &Evidence, company: &Value, today: NaiveDate) -> Vec<Broken> {
    let number = &company["DatabaseNumber"];
    let Ok(tenant) = format!("fortnox-{number}").parse::<TenantId>() else {
        return vec![broken(4, format!("a company without a number: {number}"))];
    };
    let scanned = evidence.settings.get(&tenant).and_then(|settings| settings.profile().ok());
    if scanned.is_none_or(|profile| matches!(profile.tenant.mode, Mode::Off | Mode::Preview)) {
        return Vec::new();
    }
    let newest: BTreeMap<_, _> = evidence
        .pages
        .iter()
        .filter(|page| page.tenant == tenant)
        .flat_map(|page| page.decisions.iter().map(|decision| (decision.agreement.clone(), (page.date, decision))))
        .collect();
    let contracts = company["contracts"].as_array().cloned().unwrap_or_default();
    contracts
        .iter()
        .filter(|contract| contract["Active"] == true)
        .filter_map(|contract| {
            let agreement: AgreementNumber = contract["DocumentNumber"].as_str()?.parse().ok()?;
            match newest.get(&agreement) {
                Some((date, _)) if *date != today => {
                    Some(broken(4, format!("agreement {agreement} was last decided on {date}")))
                }
                None => Some(broken(4, format!("agreement {agreement} was never decided on"))),
                Some((_, decision)) => {
                    let quiet = matches!(decision.verdict, Verdict::NotYet { .. });
                    let late = next_due(evidence, &tenant, contract, &agreement).filter(|due| *due <= today)?;
                    let seen = !quiet || waits_for_a_person(evidence, &tenant, &agreement);
                    (!seen)
                        .then(|| broken(4, format!("agreement {agreement} was due on {late} and nothing came of it")))
                }
            }
        })
        .collect()
}

/// When the agreement's next invoice is due by Fortnox's own word on what it will cover.
fn next_due(
    evidence: &Evidence,
    tenant: &TenantId,
    contract: &Value,
    agreement: &AgreementNumber,
) -> Option<NaiveDate> {
    let date = |name: &str| contract["sim"]["next_invoice_covers"][name].as_str()?.parse::<NaiveDate>().ok();
    let next = Period::new(date("start")?, date("end")?).ok()?;
    let customer = contract["CustomerNumber"].as_str()?.parse().ok()?;
    let settings = evidence.settings.get(tenant)?.resolve(&customer, agreement).ok()?;
    settings.due_policy().due_on(next)
}

fn waits_for_a_person(evidence: &Evidence, tenant: &TenantId, agreement: &AgreementNumber) -> bool {
    evidence.jobs.iter().any(|record| {
        record.job.key.tenant() == tenant && record.job.key.agreement() == agreement && record.job.needs_person()
    })
}

fn every_job_ended(evidence: &Evidence) -> Vec<Broken> {
    let working = evidence.jobs.iter().filter(|record| record.job.state == JobState::Working);
    working.map(|record| broken(4, format!("the job {} never ended", record.job.key))).collect()
}

fn no_429(evidence: &Evidence) -> Vec<Broken> {
    const TOO_MANY_REQUESTS: u16 = 429;
    let unasked =
        evidence.ledger.iter().filter(|entry| entry.status == Some(TOO_MANY_REQUESTS) && entry.fault.is_none()).count();
    if unasked == 0 { Vec::new() } else { vec![broken(4, format!("{unasked} calls were answered with 429"))] }
}
