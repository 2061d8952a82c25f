//! Promises 1 and 4: what the journal says of drafts is so, what is so it says, and what was booked is sent.

use std::collections::BTreeMap;

use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Ending, Job, JobState, StepName},
    settings::Channel,
};

use super::{jobs_of, life::Life};
use crate::{
    Evidence,
    promises::{Broken, LAG, broken},
};

/// Our invoices, by tenant and number, with the number of the draft that each came of.
type Ours = BTreeMap<(TenantId, String), u64>;

pub(super) fn the_journal_says_what_is_so(evidence: &Evidence, lives: &[Life]) -> Vec<Broken> {
    let ours: Ours = lives
        .iter()
        .filter_map(|life| Some(((life.tenant.clone(), life.booked_by_us()?.invoice.to_string()), life.number)))
        .collect();
    let mut found = Vec::new();
    let mut claimed: BTreeMap<(TenantId, &str), &Job> = BTreeMap::new();
    for job in evidence.jobs.iter().map(|record| &record.job).filter(|job| job.key.draft().is_some()) {
        let Some(made) = job.book.outcome().and_then(|booked| booked.invoice.as_ref()) else { continue };
        let invoice = made.invoice.as_str();
        if let Some(other) = claimed.insert((job.key.tenant().clone(), invoice), job) {
            found.push(broken(1, format!("{} and {} both say that invoice {invoice} is theirs", other.key, job.key)));
        }
        found.extend(false_claim(&ours, job, invoice, made.adopted));
        found.extend(false_mail(evidence, job, invoice));
    }
    let untold = ours.iter().filter(|((tenant, invoice), draft)| {
        !claimed.contains_key(&(tenant.clone(), invoice.as_str()))
            && !jobs_of(evidence, tenant, **draft).any(|record| asks(&record.job))
    });
    found.extend(untold.map(|((tenant, invoice), draft)| {
        broken(4, format!("invoice {invoice} of {tenant} came of draft {draft}, and no job knows or asks"))
    }));
    found
}

fn false_claim(ours: &Ours, job: &Job, invoice: &str, adopted: bool) -> Option<Broken> {
    // A person was asked which invoice it is.
    if job.approved().iter().any(|reason| matches!(reason, HoldReason::OutcomeUnknown { .. })) {
        return None;
    }
    let draft = job.key.draft().map(|number| u64::from(number.get()));
    match ours.get(&(job.key.tenant().clone(), invoice.to_owned())) {
        Some(of) if Some(*of) != draft => {
            Some(broken(1, format!("{} says invoice {invoice}, which came of draft {of}", job.key)))
        }
        Some(_) if adopted => Some(broken(4, format!("{} takes our own invoice {invoice} for a person's", job.key))),
        None if !adopted => Some(broken(1, format!("{} says that it booked {invoice}, and didn't", job.key))),
        _ => None,
    }
}

fn false_mail(evidence: &Evidence, job: &Job, invoice: &str) -> Option<Broken> {
    let delivered = job.deliver.outcome()?;
    let claims = delivered.channel == Channel::SesEmail && delivered.accepted_as.is_some();
    let mailed = || evidence.mails_of(job.key.tenant()).any(|mail| mail.invoice == invoice);
    (claims && !mailed()).then(|| broken(3, format!("{} says that {invoice} was mailed", job.key)))
}

/// A person is asked what became of the booking, or is still being told, or has seen to it.
fn asks(job: &Job) -> bool {
    match &job.state {
        JobState::Held { reason: HoldReason::OutcomeUnknown { step, .. }, .. } => *step == StepName::Book,
        JobState::Working | JobState::Done { ending: Ending::SkippedByPerson, .. } => true,
        _ => false,
    }
}

/// A job that says it's complete although its invoice was never sent, and all the while should have been.
pub(super) fn what_was_booked_is_sent(evidence: &Evidence, lives: &[Life]) -> Vec<Broken> {
    let ours = lives.iter().filter_map(|life| Some((life, life.booked_by_us()?)));
    ours.filter_map(|(life, booked)| {
        let record = super::job_with(evidence, &life.tenant, &booked.invoice.to_string())?;
        let JobState::Done { ending: Ending::Completed, at } = record.job.state else { return None };
        let settings = life.settings_between(evidence, booked.at - LAG, at);
        let wanted = !settings.is_empty() && settings.iter().all(|it| it.channel.value != Channel::None);
        let sent = record.job.deliver.outcome().is_some();
        (wanted && !sent)
            .then(|| broken(4, format!("{} is complete, but {} was never sent", record.job.key, booked.invoice)))
    })
    .collect()
}
