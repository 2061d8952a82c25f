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
use stage::Evidence;

use crate::{
    cast::Place,
    digests::{Told, news},
    run::Played,
};

/// One day's story of one company.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Share {
    /// Agreements or drafts that were read and decided on.
    pub(crate) read: usize,
    /// Those that are due or finished.
    pub(crate) due: usize,
    pub(crate) created: usize,
    pub(crate) booked: usize,
    pub(crate) mailed: usize,
    /// What needs a person, with why and what to do.
    pub(crate) needs_person: Vec<Notice>,
    /// What people and programs did.
    pub(crate) scenes: Vec<String>,
    /// What the company was told of mails and prices.
    pub(crate) told: Vec<String>,
}

impl Share {
    /// Nothing was due, done, or told.
    pub(crate) fn is_quiet(&self) -> bool {
        self.created + self.booked + self.mailed + self.needs_person.len() + self.scenes.len() + self.told.len() == 0
    }
}

/// The companies' stories by day.
pub(crate) type Days = BTreeMap<NaiveDate, BTreeMap<Place, Share>>;

/// Something that waits for a person.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    pub(crate) about: String,
    pub(crate) why: String,
    pub(crate) advice: String,
}

/// The days, first to last. `names` are the customers'.
pub(crate) fn tell(
    evidence: &Evidence,
    played: &Played,
    told: &Told,
    names: &BTreeMap<(Place, String), String>,
) -> Days {
    let mut days = Days::new();
    let mut standing: BTreeMap<AgreementNumber, HoldReason> = BTreeMap::new();
    for page in &evidence.pages {
        let share = share(&mut days, page.date, Place::of(&page.tenant));
        share.read += page.decisions.len();
        share.due += page.decisions.iter().filter(|decision| matches!(decision.verdict, Verdict::Due(_))).count();
        for decision in &page.decisions {
            share.needs_person.extend(newly_concerned(&mut standing, decision));
        }
    }
    for page in &evidence.swept {
        share(&mut days, page.date, Place::of(&page.tenant)).read += page.decisions.len();
    }
    for record in &evidence.jobs {
        let place = Place::of(record.job.key.tenant());
        let customer = names.get(&(place, record.job.customer.to_string())).cloned().unwrap_or_default();
        let about = match (record.job.key.source(), record.job.due()) {
            (Source::Agreement { number, .. }, Some(due)) => {
                format!("agreement {number} · {customer} · {}", due.period)
            }
            (Source::Draft { number, .. }, _) => format!("draft {number} · {customer}"),
            (Source::Agreement { number, .. }, None) => format!("agreement {number} · {customer}"),
        };
        for event in &record.events {
            count(share(&mut days, local_date(event.at), place), &event.kind, &about);
        }
    }
    for concern in &evidence.concerns {
        let about = match concern.subject.as_str() {
            "tenant" => "the company as a whole".to_owned(),
            subject if subject.starts_with("draft#") => subject.replace('#', " "),
            _ => continue,
        };
        let share = share(&mut days, local_date(concern.concern.since), Place::of(&concern.tenant));
        share.needs_person.push(notice(about, &concern.concern.reason));
    }
    for (date, place, what) in &played.scenes {
        share(&mut days, *date, *place).scenes.push(what.clone());
    }
    for (place, kept) in told {
        if let Some(digest) = kept.digest() {
            share(&mut days, kept.key.date, *place).told.extend(news(digest));
        }
    }
    days
}

fn share(days: &mut Days, date: NaiveDate, place: Place) -> &mut Share {
    days.entry(date).or_default().entry(place).or_default()
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

fn count(day: &mut Share, kind: &EventKind, about: &str) {
    match kind {
        EventKind::DraftDecided { .. } => day.due += 1,
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

/// The companies' own date: their zones keep the same time.
fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Stockholm).date_naive()
}
