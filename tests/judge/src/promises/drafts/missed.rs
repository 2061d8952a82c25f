//! Promise 4: no finished draft is left lying without anybody being told.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    draft::FinishedBy,
    job::{Ending, Job, JobState},
    settings::{Mode, Resolved},
};

use super::{
    jobs_of,
    life::{Life, Text},
    signs,
};
use crate::{
    Evidence,
    promises::{Broken, broken},
};

/// Of the drafts that are still there when `today` is over.
pub(super) fn each_finished_draft_is_booked_or_told_of(
    evidence: &Evidence,
    lives: &[Life],
    today: NaiveDate,
) -> Vec<Broken> {
    let there = lives.iter().filter(|life| life.end.is_none());
    let finished = there.filter(|life| is_finished(evidence, life, today.and_time(NaiveTime::MIN).and_utc()));
    finished
        .filter(|life| !is_told(evidence, life))
        .map(|life| broken(4, format!("{} is finished, and nothing came of it", life.name())))
        .collect()
}

/// Whether it's to be booked by the settings, and was to be before today, so that a sweep has passed it since.
fn is_finished(evidence: &Evidence, life: &Life, today: DateTime<Utc>) -> bool {
    let Some(settings) = evidence.settings.get(&life.tenant) else { return false };
    let Some(text) = life.text() else { return false };
    let Some(Ok(settings)) = text.customer().parse().ok().map(|it| settings.resolve_customer(&it)) else {
        return false;
    };
    settings.mode.value == Mode::Full
        && settings.draft_policy().automatic
        && !text.says(&settings.hold_word.value)
        && text.date().is_some_and(|date| date < today.date_naive())
        && is_shown(evidence, life, &settings, text, today)
}

fn is_shown(evidence: &Evidence, life: &Life, settings: &Resolved, text: &Text, by: DateTime<Utc>) -> bool {
    let touched = text.touched_at().is_some_and(|touched| touched <= by);
    settings.finished_by.value.iter().any(|way| match way {
        FinishedBy::ReadySignal => signs::signals(evidence, life).any(|said| said.taken && said.at < by),
        FinishedBy::Marker => touched && signs::is_marked(settings, text),
        // Which drafts are of a subscription shows when they're booked; how long one must be left alone depends on more than the
        // ledger tells.
        FinishedBy::Subscription | FinishedBy::QuietTime => false,
    })
}

/// A person knows of it, or said to leave it.
fn is_told(evidence: &Evidence, life: &Life) -> bool {
    let told =
        |job: &Job| job.needs_person() || matches!(job.state, JobState::Done { ending: Ending::SkippedByPerson, .. });
    let subjects = ["tenant".to_owned(), format!("draft#{}", life.number)];
    jobs_of(evidence, &life.tenant, life.number).any(|record| told(&record.job))
        || evidence.concerns.iter().any(|concern| concern.tenant == life.tenant && subjects.contains(&concern.subject))
}
