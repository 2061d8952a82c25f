//! The story of the three months, day by day, out of the journal.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    due::{Decision, Verdict},
    hold::HoldReason,
    ids::AgreementNumber,
    job::{EventKind, Source, StepName},
};
use serde::Serialize;
use serde_json::Value;
use stage::Evidence;

/// One day's story.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    /// Agreements that were read and decided on.
    pub(crate) read: usize,
    pub(crate) due: usize,
    pub(crate) created: usize,
    pub(crate) booked: usize,
    pub(crate) mailed: usize,
    /// What needs a person, with why and what to do.
    pub(crate) needs_person: Vec<Notice>,
    /// What people did.
    pub(crate) scenes: Vec<String>,
}

/// Something that waits for a person.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    pub(crate) about: String,
    pub(crate) why: String,
    pub(crate) advice: String,
}

/// The days, first to last.
pub(crate) fn tell(evidence: &Evidence, scenes: &[(NaiveDate, &'static str)]) -> Vec<Day> {
    let names = customer_names(evidence);
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    let mut standing: BTreeMap<AgreementNumber, HoldReason> = BTreeMap::new();
    for page in &evidence.pages {
        let day = days.entry(page.date).or_default();
        day.read += page.decisions.len();
        day.due += page.decisions.iter().filter(|decision| matches!(decision.verdict, Verdict::Due(_))).count();
        for decision in &page.decisions {
            day.needs_person.extend(newly_concerned(&mut standing, decision));
        }
    }
    for record in &evidence.jobs {
        let customer = names.get(record.job.customer.as_str()).cloned().unwrap_or_default();
        let about = match (record.job.key.source(), record.job.due()) {
            (Source::Agreement { number, .. }, Some(due)) => {
                format!("agreement {number} · {customer} · {}", due.period)
            }
            (Source::Draft { number, .. }, _) => format!("draft {number} · {customer}"),
            (Source::Agreement { number, .. }, None) => format!("agreement {number} · {customer}"),
        };
        for event in &record.events {
            count(days.entry(local_date(event.at)).or_default(), &event.kind, &about);
        }
    }
    for concern in evidence.concerns.iter().filter(|concern| concern.subject == "tenant") {
        let day = days.entry(local_date(concern.concern.since)).or_default();
        day.needs_person.push(notice("the company as a whole".to_owned(), &concern.concern.reason));
    }
    for (date, what) in scenes {
        days.entry(*date).or_default().scenes.push((*what).to_owned());
    }
    days.into_iter().map(|(date, day)| Day { date, ..day }).collect()
}

/// An agreement that is held without a job to stand in, told on the first day only.
fn newly_concerned(standing: &mut BTreeMap<AgreementNumber, HoldReason>, decision: &Decision) -> Option<Notice> {
    let Verdict::Held { due: None, reason } = &decision.verdict else {
        standing.remove(&decision.agreement);
        return None;
    };
    let known = standing.insert(decision.agreement.clone(), reason.clone());
    (known.as_ref() != Some(reason)).then(|| notice(format!("agreement {}", decision.agreement), reason))
}

fn count(day: &mut Day, kind: &EventKind, about: &str) {
    match kind {
        EventKind::Happened { step: StepName::Create, .. } => day.created += 1,
        EventKind::Happened { step: StepName::Book, .. } => day.booked += 1,
        EventKind::Happened { step: StepName::Deliver, .. } => day.mailed += 1,
        EventKind::Held { reason } => day.needs_person.push(notice(about.to_owned(), reason)),
        EventKind::Failed { words, .. } => day.needs_person.push(Notice {
            about: about.to_owned(),
            why: words.clone(),
            advice: "see the job's own advice in report.json".to_owned(),
        }),
        _ => {}
    }
}

fn notice(about: String, reason: &HoldReason) -> Notice {
    Notice { about, why: reason.to_string(), advice: reason.advice() }
}

/// The company's own date.
fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Stockholm).date_naive()
}

fn customer_names(evidence: &Evidence) -> BTreeMap<String, String> {
    let companies = evidence.fortnox["companies"].as_array().into_iter().flatten();
    let customers = companies.flat_map(|company| company["customers"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    customers.map(|customer| (text(&customer["CustomerNumber"]), text(&customer["Name"]))).collect()
}
