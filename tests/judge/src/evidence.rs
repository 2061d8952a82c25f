//! What a run left behind, in the outside world and in the journal.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ids::TenantId, settings::TenantSettings};
use fortnox_sim::{Actor, EffectKind, LedgerEntry};
use serde_json::Value;
use workflow::dead_letters::LetterDeed;

use crate::{
    mails::SentMail,
    records::{DecidedPage, DecidedSweep, JobRecord, StandingConcern},
    signals::Said,
};

/// Everything there is to judge a run by.
#[derive(Debug)]
pub struct Evidence {
    /// Every request to Fortnox and what it did, as Fortnox saw it.
    pub ledger: Vec<LedgerEntry>,
    /// Fortnox's companies as they are now.
    pub fortnox: Value,
    /// Every request to e-conomic and what it did, as e-conomic saw it.
    pub economic: Vec<economic_sim::LedgerEntry>,
    /// e-conomic's agreements as they are now.
    pub economic_state: Value,
    /// Every mail that the mail service accepted, from this run and from those it goes on from.
    pub mails: Vec<SentMail>,
    /// Every job.
    pub jobs: Vec<JobRecord>,
    /// Every decision.
    pub pages: Vec<DecidedPage>,
    /// Every decision on a draft: a day's last word on each.
    pub swept: Vec<DecidedSweep>,
    /// What needs a person and has no job.
    pub concerns: Vec<StandingConcern>,
    /// What people did with dead letters, oldest first.
    pub deeds: Vec<LetterDeed>,
    /// What integrations said of drafts, oldest first.
    pub signals: Vec<Said>,
    /// The settings in force in the end.
    pub settings: BTreeMap<TenantId, TenantSettings>,
    /// All that the settings were before, where that's known.
    pub settings_over_time: BTreeMap<TenantId, SettingsOverTime>,
}

/// A tenant's settings, each from a moment on. `None`: no profile.
pub type SettingsOverTime = Vec<(DateTime<Utc>, Option<TenantSettings>)>;

impl Evidence {
    /// How many effects of a kind the program itself had in Fortnox.
    pub fn count(&self, kind: EffectKind) -> usize {
        self.effects().filter(|(entry, effect)| entry.actor == Actor::App && effect.kind == kind).count()
    }

    /// All effects with the requests that had them.
    pub fn effects(&self) -> impl Iterator<Item = (&LedgerEntry, &fortnox_sim::Effect)> {
        self.ledger.iter().flat_map(|entry| entry.effects.iter().map(move |effect| (entry, effect)))
    }

    /// All effects in e-conomic with the requests that had them.
    pub fn economic_effects(&self) -> impl Iterator<Item = (&economic_sim::LedgerEntry, &economic_sim::Effect)> {
        self.economic.iter().flat_map(|entry| entry.effects.iter().map(move |effect| (entry, effect)))
    }

    /// How many effects of a kind the program itself had in e-conomic.
    pub fn count_economic(&self, kind: economic_sim::EffectKind) -> usize {
        let own = |entry: &economic_sim::LedgerEntry| entry.actor == economic_sim::Actor::App;
        self.economic_effects().filter(|(entry, effect)| own(entry) && effect.kind == kind).count()
    }

    /// How many effects of a kind the program had in one company.
    pub fn count_of(&self, tenant: &TenantId, kind: EffectKind) -> usize {
        let own = |entry: &LedgerEntry| entry.actor == Actor::App && entry.tenant == Some(tenant.number());
        self.effects().filter(|(entry, effect)| own(entry) && effect.kind == kind).count()
    }

    /// The mails sent for one company.
    pub fn mails_of<'a>(&'a self, tenant: &'a TenantId) -> impl Iterator<Item = &'a SentMail> {
        self.mails.iter().filter(|mail| mail.tenant.as_ref() == Some(tenant))
    }

    /// How many calls were answered with this status.
    pub fn answered(&self, status: u16) -> usize {
        self.ledger.iter().filter(|entry| entry.status == Some(status)).count()
    }

    /// From match to create call, for the first invoice of each tenant's daily scan: the part that our pacing has no share
    /// in. What is caught up after another invoice of the same agreement is no first.
    pub fn match_to_create(&self) -> Vec<TimeDelta> {
        let calls: BTreeMap<(u64, u64, chrono::NaiveDate), _> = self
            .effects()
            .filter(|(entry, effect)| entry.actor == Actor::App && effect.kind == EffectKind::InvoiceCreated)
            .filter_map(|(entry, effect)| Some(((entry.tenant?, effect.contract?, effect.period_start?), entry.at)))
            .collect();
        let mut seen = BTreeSet::new();
        let mut jobs: Vec<_> = self
            .jobs
            .iter()
            .map(|record| &record.job)
            .filter(|job| self.pages.iter().any(|page| page.matched(job)))
            .filter_map(|job| {
                let contract = job.key.agreement()?.as_str().parse().ok()?;
                let called = calls.get(&(job.key.tenant().number(), contract, job.due()?.period.start()))?;
                Some((*called, job))
            })
            .collect();
        jobs.sort_by_key(|(called, _)| *called);
        jobs.into_iter()
            .filter(|(_, job)| seen.insert((job.key.tenant().clone(), job.decided_on)))
            .map(|(called, job)| called - job.matched_at)
            .collect()
    }

    /// All settings of a tenant that were in force at some moment from `from` to `to`.
    pub fn in_force(&self, tenant: &TenantId, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<&TenantSettings> {
        let Some(told) = self.settings_over_time.get(tenant).filter(|told| !told.is_empty()) else {
            return self.settings.get(tenant).into_iter().collect();
        };
        let ends = told.iter().skip(1).map(|(at, _)| Some(*at)).chain([None]);
        told.iter()
            .zip(ends)
            .filter(|((at, _), end)| *at <= to && end.is_none_or(|end| end >= from))
            .filter_map(|((_, settings), _)| settings.as_ref())
            .collect()
    }

    /// Lines of the functions' logs that hold one of `secrets`, by log file.
    pub fn secrets_in_logs(&self, logs: &Path, secrets: &[&str]) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for file in std::fs::read_dir(logs)? {
            let path = file?.path();
            let text = std::fs::read_to_string(&path)?;
            found.extend(
                secrets
                    .iter()
                    .filter(|secret| text.contains(**secret))
                    .map(|secret| format!("{} holds {secret}", path.display())),
            );
        }
        Ok(found)
    }
}
