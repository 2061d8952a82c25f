//! The promises about drafts in e-conomic, judged by its own ledger, by what integrations said, and by the settings.

mod asked_for;
mod claims;
mod life;
mod mailed;
mod missed;
mod signs;

use chrono::NaiveDate;
use domain::ids::TenantId;

use self::life::lives;
use super::Broken;
use crate::{Evidence, JobRecord};

/// What must hold at every moment.
pub(super) fn as_promised(evidence: &Evidence) -> Vec<Broken> {
    let lives = lives(evidence);
    [
        asked_for::only_finished_drafts_are_booked(evidence, &lives),
        asked_for::nothing_else_is_done(evidence, &lives),
        claims::the_journal_says_what_is_so(evidence, &lives),
        claims::what_was_booked_is_sent(evidence, &lives),
        mailed::to_whom_it_should_go(evidence, &lives),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What must hold when all is over.
pub(super) fn none_is_missed(evidence: &Evidence, today: NaiveDate) -> Vec<Broken> {
    missed::each_finished_draft_is_booked_or_told_of(evidence, &lives(evidence), today)
}

/// The jobs of a draft's number.
fn jobs_of<'a>(evidence: &'a Evidence, tenant: &'a TenantId, draft: u64) -> impl Iterator<Item = &'a JobRecord> {
    evidence.jobs.iter().filter(move |record| {
        let key = &record.job.key;
        key.tenant() == tenant && key.draft().map(|number| u64::from(number.get())) == Some(draft)
    })
}

/// The job that says that an invoice is its own.
fn job_with<'a>(evidence: &'a Evidence, tenant: &TenantId, invoice: &str) -> Option<&'a JobRecord> {
    let says = |record: &&JobRecord| record.job.invoice().is_some_and(|it| it.as_str() == invoice);
    evidence.jobs.iter().filter(|record| record.job.key.tenant() == tenant).find(says)
}
