//! Promise 2: no draft is booked that isn't finished, or that the settings leave to people.

use chrono::{DateTime, TimeDelta};
use domain::{
    hold::HoldReason,
    job::{Ending, Event, EventKind},
    settings::{Channel, Mode, Resolved},
};
use economic_sim::{Actor, EffectKind};

use super::{
    job_with, jobs_of,
    life::{Booked, Life, Text},
    signs,
};
use crate::{
    Evidence,
    promises::{Broken, broken},
};

pub(super) fn only_finished_drafts_are_booked(evidence: &Evidence, lives: &[Life]) -> Vec<Broken> {
    let ours = lives.iter().filter_map(|life| Some((life, life.booked_by_us()?)));
    ours.flat_map(|(life, booked)| {
        let why_not = objections(evidence, lives, life, booked);
        why_not.into_iter().map(|why| broken(2, format!("{} was booked although {why}", life.name())))
    })
    .collect()
}

/// What should have kept us from booking it. Anything that its worker may have read counts: a person who writes or switches
/// something while the call is on its way comes too late for it.
fn objections(evidence: &Evidence, lives: &[Life], life: &Life, booked: &Booked) -> Vec<&'static str> {
    let (settings, texts) = (life.settings_before(evidence, booked.at), life.texts_before(booked.at));
    let ever = |allows: &dyn Fn(&Resolved, &Text) -> bool| {
        settings.iter().any(|settings| texts.iter().any(|text| allows(settings, text)))
    };
    let in_time = |settings: &Resolved, text: &Text| {
        text.date().is_some_and(|date| date <= booked.at.with_timezone(&settings.time_zone).date_naive())
    };
    let signed = |settings: &Resolved, text: &Text| signs::is_shown(evidence, lives, life, settings, text, booked.at);
    [
        ("the mode forbade it", ever(&|settings, _| settings.mode.value == Mode::Full)),
        ("its customer isn't flagged", ever(&|settings, _| settings.draft_policy().automatic)),
        ("it carried the hold word", ever(&|settings, text| !text.says(&settings.hold_word.value))),
        ("its date lay ahead", ever(&in_time)),
        ("nothing said that it's finished", ever(&signed) || said_by_a_person(evidence, life, booked)),
        ("a person had said to leave it", !was_skipped(evidence, life, booked)),
        ("it could still be reviewed", ever(&|settings, _| is_reviewed(evidence, life, booked, settings))),
        ("it's over the limit", texts.len() > 1 || ever(&|settings, _| is_within(evidence, life, booked, settings))),
    ]
    .into_iter()
    .filter(|(_, fine)| !fine)
    .map(|(why, _)| why)
    .collect()
}

/// A person was asked whether the signal was for this draft, and said so.
fn said_by_a_person(evidence: &Evidence, life: &Life, booked: &Booked) -> bool {
    let unclear = |reason: &HoldReason| matches!(reason, HoldReason::SignalUnclear { .. });
    job_with(evidence, &life.tenant, &booked.invoice.to_string())
        .is_some_and(|record| record.job.approved().iter().any(unclear))
}

/// A person said that the draft is dealt with, in its review window or when it was held.
fn was_skipped(evidence: &Evidence, life: &Life, booked: &Booked) -> bool {
    let since = life.put_at.unwrap_or(DateTime::UNIX_EPOCH);
    let skipped = |event: &Event| {
        let word = matches!(event.kind, EventKind::Finished { ending: Ending::SkippedByPerson });
        word && event.at >= since && event.at < booked.at
    };
    let mut jobs = jobs_of(evidence, &life.tenant, life.number).filter(|record| record.job.matched_at >= since);
    jobs.any(|record| record.events.iter().any(skipped))
}

/// The time in which a person could stop it is over.
fn is_reviewed(evidence: &Evidence, life: &Life, booked: &Booked, settings: &Resolved) -> bool {
    let window = TimeDelta::minutes(i64::from(settings.book_after_minutes.value));
    let job = job_with(evidence, &life.tenant, &booked.invoice.to_string());
    job.is_none_or(|record| record.job.matched_at + window <= booked.at)
}

/// Within the limits, or a person said yes to just that amount. A credit note moves as much money as an invoice.
fn is_within(evidence: &Evidence, life: &Life, booked: &Booked, settings: &Resolved) -> bool {
    let Some(gross) = booked.gross else { return true };
    let limits = &settings.max_amount.value;
    let said_yes = |reason: &HoldReason| match reason {
        HoldReason::AmountOverLimit { total, .. } => {
            total.amount.abs() == gross.amount.abs() && total.currency == gross.currency
        }
        HoldReason::NoLimitForCurrency { currency } => *currency == gross.currency,
        _ => false,
    };
    limits.is_empty()
        || limits.get(&gross.currency).is_some_and(|limit| gross.amount.abs() <= *limit)
        || jobs_of(evidence, &life.tenant, life.number).flat_map(|record| record.job.approved()).any(said_yes)
}

/// Promise 7: e-conomic sends only what the settings want sent that way, and nothing else is ever done there.
pub(super) fn nothing_else_is_done(evidence: &Evidence, lives: &[Life]) -> Vec<Broken> {
    let ours = evidence.economic_effects().filter(|(entry, _)| entry.actor == Actor::App);
    ours.filter_map(|(entry, effect)| {
        let by = |channel: Channel| {
            let is_of = |life: &&Life| {
                Some(life.tenant.number()) == entry.tenant && life.booked_by_us().map(|it| it.invoice) == effect.invoice
            };
            let life = lives.iter().find(is_of)?;
            let mut settings = life.settings_before(evidence, entry.at).into_iter();
            settings.find(|settings| settings.channel.value == channel)
        };
        let asked = match effect.kind {
            EffectKind::InvoiceBooked => true,
            EffectKind::EmailSent => by(Channel::EconomicEmail).is_some(),
            EffectKind::EinvoiceSent => by(Channel::EconomicEinvoice).is_some(),
            EffectKind::DraftCreated
            | EffectKind::DraftChanged
            | EffectKind::DraftDeleted
            | EffectKind::AllDraftsDeleted
            | EffectKind::CustomerChanged => false,
        };
        (!asked).then(|| broken(2, format!("not asked for: {:?} by {} {}", effect.kind, entry.method, entry.path)))
    })
    .collect()
}
