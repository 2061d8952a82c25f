//! Whether something said that a draft is finished.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{draft::FinishedBy, settings::Resolved};
use serde_json::{Value, json};

use super::{
    jobs_of,
    life::{End, Life, Text, contains},
};
use crate::{Evidence, Said};

/// Whether the draft, saying `text`, showed by `at` that it's finished, in a way that counts by `settings`.
pub(super) fn is_shown(
    evidence: &Evidence,
    lives: &[Life],
    life: &Life,
    settings: &Resolved,
    text: &Text,
    at: DateTime<Utc>,
) -> bool {
    settings.finished_by.value.iter().any(|way| match way {
        FinishedBy::ReadySignal => {
            signals(evidence, life).any(|said| said.at <= at) || may_be_meant(evidence, lives, life)
        }
        FinishedBy::Marker => is_marked(settings, text),
        FinishedBy::Subscription => is_of_subscription(evidence, life),
        FinishedBy::QuietTime => {
            let quiet = TimeDelta::minutes(i64::from(settings.quiet_minutes.value));
            text.touched_at().is_some_and(|touched| touched + quiet <= at)
        }
    })
}

/// The signals for this very draft.
pub(super) fn signals<'a>(evidence: &'a Evidence, life: &'a Life) -> impl Iterator<Item = &'a Said> {
    evidence.signals.iter().filter(|said| {
        said.tenant == life.tenant
            && said.draft == life.number
            && life.put_at.is_none_or(|put| put <= said.at)
            && life.gone_at().is_none_or(|gone| said.at <= gone)
    })
}

pub(super) fn is_marked(settings: &Resolved, text: &Text) -> bool {
    let stands = |marker: &Option<String>, text: &str| marker.as_ref().is_some_and(|marker| contains(text, marker));
    let layout = settings.marker_layout.value.map(u64::from);
    stands(&settings.marker_reference.value, text.reference())
        || stands(&settings.marker_heading.value, text.heading())
        || (layout.is_some() && layout == text.layout())
}

/// Which invoices came of a subscription stands with its subscribers.
fn is_of_subscription(evidence: &Evidence, life: &Life) -> bool {
    let Some(End::Booked(booked)) = &life.end else { return false };
    let agreements = evidence.economic_state["agreements"].as_array();
    let number = life.tenant.number();
    let mut own = agreements.into_iter().flatten().filter(|one| one["agreementNumber"] == json!(number));
    own.any(|one| {
        let subscribers = one["subscribers"].as_array().map(Vec::as_slice).unwrap_or_default();
        subscribers.iter().any(|it: &Value| it["bookedInvoiceId"] == json!(booked.invoice))
    })
}

/// Not promised: a signal for a draft that went before anybody looked at it counts for the next of its number, since only a look
/// tells the two apart.
fn may_be_meant(evidence: &Evidence, lives: &[Life], life: &Life) -> bool {
    let Some(put_at) = life.put_at else { return false };
    let came = |other: &Life| other.put_at.unwrap_or(DateTime::UNIX_EPOCH);
    let before = |other: &&Life| other.tenant == life.tenant && other.number == life.number && came(other) < put_at;
    let looked_at = |other: &Life| {
        jobs_of(evidence, &life.tenant, life.number)
            .any(|record| record.job.matched_at >= came(other) && record.job.matched_at < put_at)
    };
    lives.iter().filter(before).any(|other| signals(evidence, other).next().is_some() && !looked_at(other))
}
