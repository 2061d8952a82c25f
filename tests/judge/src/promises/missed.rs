//! Promise 4: nothing due is silently missed, and every job ends.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    due::{Decision, Verdict},
    ids::{AgreementNumber, TenantId},
    job::{Ending, Job, JobKey, JobState},
    period::Period,
    settings::Mode,
};
use fortnox_sim::Actor;
use serde_json::Value;

use super::{
    Broken, broken,
    made::{self, Made, waits},
};
use crate::Evidence;

/// Every active agreement was decided on in the newest scan, and none is due without an invoice, a job or a concern.
pub(super) fn nothing_missed(evidence: &Evidence, today: NaiveDate) -> Vec<Broken> {
    let companies = evidence.fortnox["companies"].as_array().cloned().unwrap_or_default();
    companies.iter().flat_map(|company| missed_by(evidence, company, today)).collect()
}

fn missed_by(evidence: &Evidence, company: &Value, today: NaiveDate) -> Vec<Broken> {
    let number = &company["DatabaseNumber"];
    let Ok(tenant) = format!("fortnox-{number}").parse::<TenantId>() else {
        return vec![broken(4, format!("a company without a number: {number}"))];
    };
    // A tenant as a whole that a person has to look after, and says so.
    if evidence.concerns.iter().any(|concern| concern.tenant == tenant && concern.subject == "tenant") {
        return Vec::new();
    }
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
    let active = contracts.iter().filter(|contract| contract["Active"] == true);
    active
        .filter_map(|contract| {
            let agreement: AgreementNumber = contract["DocumentNumber"].as_str()?.parse().ok()?;
            match newest.get(&agreement) {
                Some((date, _)) if *date != today => {
                    Some(broken(4, format!("agreement {agreement} of {tenant} was last decided on {date}")))
                }
                None => Some(broken(4, format!("agreement {agreement} of {tenant} was never decided on"))),
                Some((_, decision)) => silently_missed(evidence, &tenant, contract, &agreement, decision, today),
            }
        })
        .collect()
}

fn silently_missed(
    evidence: &Evidence,
    tenant: &TenantId,
    contract: &Value,
    agreement: &AgreementNumber,
    decision: &Decision,
    today: NaiveDate,
) -> Option<Broken> {
    let late = next_due(evidence, tenant, contract, agreement).filter(|due| *due <= today)?;
    // Its next period is for the next day's scan.
    let zone = evidence.settings.get(tenant)?.profile().ok()?.tenant.time_zone;
    let invoiced_today = |made: &Made| {
        let date = made.at.with_timezone(&zone).date_naive();
        made.by == Actor::App && &made.tenant == tenant && &made.agreement == agreement && date == today
    };
    if made::all(evidence).iter().any(invoiced_today) {
        return None;
    }
    let seen = match &decision.verdict {
        // Somebody said so: it's switched off, ended, or skipped.
        Verdict::Skipped { .. } => true,
        // Stands in the preview of each day; a due one must have a job besides.
        Verdict::Held { .. } | Verdict::Due(_) | Verdict::NotYet { .. } => {
            stands_somewhere(evidence, tenant, agreement)
        }
    };
    (!seen).then(|| broken(4, format!("agreement {agreement} of {tenant} was due on {late} and nothing came of it")))
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
    // Its last invoice has been made, whether or not Fortnox calls that finished.
    if contract["Continuous"] == false && contract["InvoicesRemaining"] == "0" {
        return None;
    }
    let customer = contract["CustomerNumber"].as_str()?.parse().ok()?;
    let settings = evidence.settings.get(tenant)?.resolve(&customer, agreement).ok()?;
    settings.due_policy().due_on(next)
}

/// Whether a job or a concern of the agreement waits for a person, or a person said that its period is dealt with.
fn stands_somewhere(evidence: &Evidence, tenant: &TenantId, agreement: &AgreementNumber) -> bool {
    let of_agreement = format!("agreement#{agreement}");
    let mut jobs = evidence.jobs.iter().filter(|record| {
        let key = &record.job.key;
        key.tenant() == tenant && key.agreement() == Some(agreement)
    });
    let dealt_with = |job: &Job| matches!(job.state, JobState::Done { ending: Ending::SkippedByPerson, .. });
    let job = jobs.any(|record| record.job.is_working() || waits(record) || dealt_with(&record.job));
    job || evidence.concerns.iter().any(|concern| concern.tenant == *tenant && concern.subject == of_agreement)
}

pub(super) fn every_job_ended(evidence: &Evidence) -> Vec<Broken> {
    let working = evidence.jobs.iter().filter(|record| record.job.state == JobState::Working);
    working.map(|record| broken(4, never_ended(&record.job.key))).collect()
}

/// How it's said that a job never ended.
pub fn never_ended(job: &JobKey) -> String {
    format!("the job {job} never ended")
}
