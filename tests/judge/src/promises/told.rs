//! A person can always see what happened and why: the journal and the outside world say the same.

use std::collections::BTreeMap;

use domain::{
    hold::HoldReason,
    job::{Ending, Event, EventKind, JobState, StepName},
    settings::{Channel, Mode, Resolved},
};
use fortnox_sim::{Actor, Effect, EffectKind, LedgerEntry};

use super::{
    Broken, LAG,
    asked_for::by_fortnox,
    broken, cards,
    made::{Made, waits},
};
use crate::{Evidence, JobRecord};

pub(super) fn the_journal_tells_what_happened(evidence: &Evidence, made: &[Made]) -> Vec<Broken> {
    let untold = made.iter().filter(|made| made.by == Actor::App && made.job(evidence).is_none()).filter(|made| {
        let of_agreement = |record: &&JobRecord| {
            record.job.key.tenant() == &made.tenant && record.job.key.agreement() == Some(&made.agreement)
        };
        // On its way, or a person is asked about it, or was and has seen to it.
        let seen = |record: &JobRecord| {
            waits(record)
                || matches!(
                    record.job.state,
                    JobState::Working | JobState::Done { ending: Ending::SkippedByPerson, .. }
                )
        };
        !evidence.jobs.iter().filter(of_agreement).any(seen)
            && !taken_back_by_hand(evidence, made)
            && !a_person_is_asked_about(evidence, made)
    });
    let untold = untold.map(|made| broken(4, format!("the journal knows nothing of {}", made.name())));
    let told = evidence.jobs.iter().flat_map(|record| of_job(evidence, made, record));
    untold.chain(told).collect()
}

/// Whoever took an invoice back knows of it.
fn taken_back_by_hand(evidence: &Evidence, made: &Made) -> bool {
    evidence.effects().any(|(entry, effect)| {
        entry.actor == Actor::Person
            && entry.tenant == Some(made.tenant.number())
            && effect.invoice == Some(made.invoice)
            && matches!(effect.kind, EffectKind::InvoiceCancelled | EffectKind::InvoiceCredited)
    })
}

/// What a job says that isn't so.
fn of_job(evidence: &Evidence, made: &[Made], record: &JobRecord) -> Vec<Broken> {
    let job = &record.job;
    let Some(created) = job.create.outcome() else { return Vec::new() };
    let key = &job.key;
    let is_it = |made: &&Made| {
        &made.tenant == key.tenant()
            && Some(&made.agreement) == key.agreement()
            && made.invoice.to_string() == created.invoice.as_str()
    };
    let Some(made) = made.iter().find(is_it) else {
        return vec![broken(4, format!("{key} tells of invoice {}, which there isn't", created.invoice))];
    };
    let mut found = Vec::new();
    if created.adopted && made.by == Actor::App && !a_person_is_asked_about(evidence, made) {
        found.push(broken(4, format!("{key} takes our own invoice {} for a person's", created.invoice)));
    }
    found.extend(stopped_short(evidence, made, record));
    if made.total.is_some_and(|total| total != created.total) {
        found.push(broken(4, format!("{key} says {} where the ledger says {:?}", created.total, made.total)));
    }
    let booked = || {
        evidence.effects().any(|(entry, effect)| {
            effect.kind == EffectKind::InvoiceBooked
                && entry.tenant == Some(key.tenant().number())
                && effect.invoice == Some(made.invoice)
        })
    };
    if job.book.outcome().is_some() && !booked() {
        found.push(broken(4, format!("{key} says that {} is booked", created.invoice)));
    }
    let marked = |(entry, effect): (&LedgerEntry, &Effect)| {
        // What the invoice service has bears a mark of its own.
        matches!(effect.kind, EffectKind::MarkedSent | EffectKind::HandedToService)
            && entry.tenant == Some(made.tenant.number())
            && effect.invoice == Some(made.invoice)
    };
    if job.deliver.outcome().is_some_and(|delivered| delivered.marked_sent) && !evidence.effects().any(marked) {
        found.push(broken(3, format!("{key} says that {} is marked as sent", created.invoice)));
    }
    if tells_of_the_service(record) && !is_taken_on(evidence, made) {
        found.push(broken(4, format!("{key} says that the invoice service took {} on", created.invoice)));
    }
    let delivered = job.deliver.outcome().filter(|delivered| !delivered.found_sent);
    if let Some(kind) = delivered.and_then(|delivered| by_fortnox(delivered.channel)) {
        let really = |(entry, effect): (&LedgerEntry, &Effect)| {
            effect.kind == kind && entry.tenant == Some(made.tenant.number()) && effect.invoice == Some(made.invoice)
        };
        if !evidence.effects().any(really) {
            found.push(broken(3, format!("{key} says that Fortnox delivered {}: no {kind:?}", created.invoice)));
        }
        return found;
    }
    let mailed = || {
        evidence
            .mails
            .iter()
            .any(|mail| mail.tenant.as_ref() == Some(key.tenant()) && mail.invoice == created.invoice.as_str())
    };
    if delivered.is_some() && !mailed() {
        found.push(broken(3, format!("{key} says that {} was mailed", created.invoice)));
    }
    found
}

/// Whether a job says that the service took its invoice on: in so many words, or by being complete.
fn tells_of_the_service(record: &JobRecord) -> bool {
    let is_complete = matches!(record.job.state, JobState::Done { ending: Ending::Completed, .. });
    let service = record.job.deliver.outcome().and_then(|delivered| delivered.service.as_ref());
    service.is_some_and(|service| service.taken_on || is_complete)
}

fn is_taken_on(evidence: &Evidence, made: &Made) -> bool {
    evidence.effects().any(|(entry, effect)| {
        effect.kind == EffectKind::TakenOnByService
            && entry.tenant == Some(made.tenant.number())
            && effect.invoice == Some(made.invoice)
    })
}

/// Of two invoices made in the same seconds, one by a person, nobody but people can tell which is whose; who is asked is told
/// of both, and what becomes of them is left to them.
fn a_person_is_asked_about(evidence: &Evidence, made: &Made) -> bool {
    let number = made.invoice.to_string();
    let names_it = |event: &Event| match &event.kind {
        EventKind::Unknown { step: StepName::Create, seen } => {
            seen.split(|letter: char| !letter.is_ascii_digit()).any(|word| word == number)
        }
        _ => false,
    };
    let of_agreement = |record: &&JobRecord| {
        record.job.key.tenant() == &made.tenant && record.job.key.agreement() == Some(&made.agreement)
    };
    made.raced && evidence.jobs.iter().filter(of_agreement).any(|record| record.events.iter().any(names_it))
}

/// A job that says it's complete although the settings, all the while, asked for more.
fn stopped_short(evidence: &Evidence, made: &Made, record: &JobRecord) -> Option<Broken> {
    let JobState::Done { ending: Ending::Completed, at } = record.job.state else { return None };
    let all_ask = |ask: &dyn Fn(&Resolved) -> bool| {
        let settings = evidence.in_force(&made.tenant, made.at - LAG, at);
        !settings.is_empty() && settings.iter().all(|it| made.settings(it).is_some_and(|settings| ask(&settings)))
    };
    let unbooked = all_ask(&|settings| settings.mode.value == Mode::Full && settings.auto_book.value)
        && record.job.book.outcome().is_none();
    // What a card doesn't name any channel for is printed by hand.
    let by_card = || cards::always_names_one(evidence, made, at);
    let unsent = all_ask(&|settings| match settings.channel.value {
        Channel::CustomerDefault => settings.mode.value == Mode::Full && by_card(),
        channel => settings.mode.value == Mode::Full && channel.delivers_afterwards(),
    }) && record.job.deliver.outcome().is_none();
    (unbooked || unsent).then(|| broken(4, format!("{} stopped short: {}", record.job.key, made.name())))
}

/// Every held or failed job and every concern has a reason that a person can act on.
pub(super) fn who_waits_for_a_person_says_why(evidence: &Evidence) -> Vec<Broken> {
    let speaks = |reason: &HoldReason| !reason.to_string().trim().is_empty() && !reason.advice().trim().is_empty();
    let jobs = evidence.jobs.iter().filter(|record| match &record.job.state {
        JobState::Held { reason, .. } => !speaks(reason),
        JobState::Failed { words, advice, .. } => words.trim().is_empty() || advice.trim().is_empty(),
        JobState::Working | JobState::Done { .. } => false,
    });
    let jobs = jobs.map(|record| broken(4, format!("{} waits for a person and doesn't say why", record.job.key)));
    let concerns = evidence.concerns.iter().filter(|concern| !speaks(&concern.concern.reason));
    jobs.chain(concerns.map(|concern| broken(4, format!("a concern of {} says nothing", concern.tenant)))).collect()
}

/// Being refused for calling too often is a defect of our pacing.
pub(super) fn no_429(evidence: &Evidence) -> Vec<Broken> {
    const TOO_MANY_REQUESTS: u16 = 429;
    let mut by_tenant: BTreeMap<_, usize> = BTreeMap::new();
    let fortnox = evidence.ledger.iter().map(|entry| ("Fortnox", entry.tenant, entry.status, entry.fault.is_none()));
    let economic = evidence.economic.iter().map(|it| ("e-conomic", it.tenant, it.status, it.fault.is_none()));
    for (system, tenant, _, _) in
        fortnox.chain(economic).filter(|(_, _, status, unasked)| *status == Some(TOO_MANY_REQUESTS) && *unasked)
    {
        *by_tenant.entry((system, tenant)).or_default() += 1;
    }
    by_tenant.into_values().map(|count| broken(4, format!("{count} calls were answered with 429"))).collect()
}
