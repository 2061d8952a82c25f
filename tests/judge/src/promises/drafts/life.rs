//! A draft from its coming to its going, by the ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    money::Money,
    settings::Resolved,
};
use economic_sim::{Actor, Effect, EffectKind};
use serde_json::Value;

use crate::{Evidence, promises::LAG};

/// One draft. Where its number is used again, that's another life.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) tenant: TenantId,
    pub(super) number: u64,
    /// `None`: it was there from the first.
    pub(super) put_at: Option<DateTime<Utc>>,
    /// All that it ever said, each from a moment on. What it said before somebody first touched one that was there from the
    /// first isn't known.
    texts: Vec<(DateTime<Utc>, Text)>,
    pub(super) end: Option<End>,
}

/// How a draft went.
#[derive(Debug)]
pub(super) enum End {
    Deleted(DateTime<Utc>),
    Booked(Booked),
}

/// What became of a draft.
#[derive(Debug, Clone)]
pub(super) struct Booked {
    pub(super) invoice: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) by: Actor,
    pub(super) gross: Option<Money>,
}

/// What is written on a draft.
#[derive(Debug, Clone)]
pub(super) struct Text(Value);

impl Text {
    pub(super) fn customer(&self) -> String {
        self.0["customer"]["customerNumber"].to_string()
    }

    pub(super) fn date(&self) -> Option<NaiveDate> {
        self.0["date"].as_str()?.parse().ok()
    }

    pub(super) fn has_ean(&self) -> bool {
        self.0["recipient"]["ean"].as_str().is_some_and(|ean| !ean.is_empty())
    }

    pub(super) fn touched_at(&self) -> Option<DateTime<Utc>> {
        self.0["lastUpdated"].as_str()?.parse().ok()
    }

    pub(super) fn layout(&self) -> Option<u64> {
        self.0["layout"]["layoutNumber"].as_u64()
    }

    pub(super) fn reference(&self) -> &str {
        self.0["references"]["other"].as_str().unwrap_or_default()
    }

    pub(super) fn heading(&self) -> &str {
        self.0["notes"]["heading"].as_str().unwrap_or_default()
    }

    pub(super) fn says(&self, word: &str) -> bool {
        let notes = &self.0["notes"];
        let all = ["heading", "textLine1", "textLine2"].map(|name| notes[name].as_str().unwrap_or_default());
        all.into_iter().chain([self.reference()]).any(|text| contains(text, word))
    }
}

/// Whether a word stands in a text, however it's capitalised.
pub(super) fn contains(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

impl Life {
    /// As a person names it.
    pub(super) fn name(&self) -> String {
        format!("draft {} of {}", self.number, self.tenant)
    }

    /// What became of it, if we booked it.
    pub(super) fn booked_by_us(&self) -> Option<&Booked> {
        match &self.end {
            Some(End::Booked(booked)) if booked.by == Actor::App => Some(booked),
            _ => None,
        }
    }

    /// When it went.
    pub(super) fn gone_at(&self) -> Option<DateTime<Utc>> {
        match &self.end {
            Some(End::Deleted(at) | End::Booked(Booked { at, .. })) => Some(*at),
            None => None,
        }
    }

    /// What it said last.
    pub(super) fn text(&self) -> Option<&Text> {
        self.texts.last().map(|(_, text)| text)
    }

    /// All that an effect at `at` may have gone by.
    pub(super) fn texts_before(&self, at: DateTime<Utc>) -> Vec<&Text> {
        let ends = self.texts.iter().skip(1).map(|(since, _)| Some(*since)).chain([None]);
        let in_force = self
            .texts
            .iter()
            .zip(ends)
            .filter(|((since, _), end)| *since <= at && end.is_none_or(|end| end >= at - LAG));
        in_force.map(|((_, text), _)| text).collect()
    }

    /// The settings for its customer that an effect at `at` may have gone by.
    pub(super) fn settings_before(&self, evidence: &Evidence, at: DateTime<Utc>) -> Vec<Resolved> {
        self.settings_between(evidence, at - LAG, at)
    }

    /// All settings for its customer that were in force at some moment from `from` to `to`.
    pub(super) fn settings_between(
        &self,
        evidence: &Evidence,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<Resolved> {
        let Some(Ok(customer)) = self.text().map(|text| text.customer().parse()) else { return Vec::new() };
        let in_force = evidence.in_force(&self.tenant, from, to).into_iter();
        in_force.filter_map(|settings| settings.resolve_customer(&customer).ok()).collect()
    }
}

/// Every draft that the ledger or the world as it is now tells of, by number and then by time.
pub(super) fn lives(evidence: &Evidence) -> Vec<Life> {
    let mut lives: BTreeMap<(u64, u64), Vec<Life>> = BTreeMap::new();
    for (entry, effect) in evidence.economic_effects() {
        if let Some((tenant, draft)) = entry.tenant.zip(effect.draft) {
            follow(lives.entry((tenant, draft)).or_default(), tenant, draft, entry.at, entry.actor, effect);
        }
    }
    for agreement in evidence.economic_state["agreements"].as_array().into_iter().flatten() {
        let Some(tenant) = agreement["agreementNumber"].as_u64() else { continue };
        for draft in agreement["drafts"].as_array().into_iter().flatten() {
            let Some(number) = draft["draftInvoiceNumber"].as_u64() else { continue };
            let known = lives.entry((tenant, number)).or_default();
            let life = current(known, tenant, number);
            if life.texts.is_empty() {
                life.texts.push((DateTime::UNIX_EPOCH, Text(draft.clone())));
            }
        }
    }
    lives.into_values().flatten().collect()
}

fn follow(known: &mut Vec<Life>, tenant: u64, draft: u64, at: DateTime<Utc>, by: Actor, effect: &Effect) {
    let text = effect.stands.clone().map(Text);
    if effect.kind == EffectKind::DraftCreated {
        known.push(Life { put_at: Some(at), ..new(tenant, draft) });
    }
    match effect.kind {
        EffectKind::DraftCreated | EffectKind::DraftChanged => {
            current(known, tenant, draft).texts.extend(text.map(|text| (at, text)));
        }
        EffectKind::DraftDeleted | EffectKind::InvoiceBooked => {
            let life = current(known, tenant, draft);
            if life.texts.is_empty() {
                life.texts.extend(text.map(|text| (DateTime::UNIX_EPOCH, text)));
            }
            let currency = effect.currency.as_deref().and_then(|currency| currency.parse().ok());
            let gross = effect.gross.zip(currency).map(|(amount, currency)| Money::new(amount, currency));
            life.end = Some(match effect.invoice {
                Some(invoice) => End::Booked(Booked { invoice, at, by, gross }),
                None => End::Deleted(at),
            });
        }
        EffectKind::AllDraftsDeleted
        | EffectKind::EmailSent
        | EffectKind::EinvoiceSent
        | EffectKind::CustomerChanged => {}
    }
}

/// The draft that has the number now.
fn current(known: &mut Vec<Life>, tenant: u64, draft: u64) -> &mut Life {
    if known.last().is_none_or(|life| life.end.is_some()) {
        known.push(new(tenant, draft));
    }
    let last = known.len() - 1;
    &mut known[last]
}

fn new(tenant: u64, number: u64) -> Life {
    let tenant = TenantId::new(SystemKind::Economic, tenant);
    Life { tenant, number, put_at: None, texts: Vec::new(), end: None }
}
