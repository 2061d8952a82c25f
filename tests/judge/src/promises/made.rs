//! The invoices as they came to be, by the ledger.

use chrono::{DateTime, Utc};
use domain::{
    ids::{AgreementNumber, TenantId},
    job::{EventKind, JobState},
    money::{Currency, Money},
    period::Period,
    settings::{Resolved, TenantSettings},
};
use fortnox_sim::{Actor, EffectKind};

use super::LAG;
use crate::{Evidence, JobRecord};

/// An invoice that was made from an agreement.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) tenant: TenantId,
    pub(super) agreement: AgreementNumber,
    pub(super) customer: String,
    pub(super) invoice: u64,
    pub(super) period: Period,
    pub(super) total: Option<Money>,
    pub(super) at: DateTime<Utc>,
    pub(super) by: Actor,
    /// A person worked on the agreement while our call was on its way: Fortnox has no way to notice, and may have made
    /// another invoice than the one we asked for. It must not go any further then.
    pub(super) raced: bool,
}

impl Made {
    /// As a person names it.
    pub(super) fn name(&self) -> String {
        format!("invoice {} of {} for agreement {}, {}", self.invoice, self.tenant, self.agreement, self.period)
    }

    /// What one state of the tenant's settings says of this agreement.
    pub(super) fn settings(&self, settings: &TenantSettings) -> Option<Resolved> {
        settings.resolve(&self.customer.parse().ok()?, &self.agreement).ok()
    }

    /// Whether `allowed` of some settings that a worker may have gone by for an effect at `at`.
    pub(super) fn some_settings(
        &self,
        evidence: &Evidence,
        at: DateTime<Utc>,
        allowed: impl Fn(&Resolved) -> bool,
    ) -> bool {
        let in_force = evidence.in_force(&self.tenant, at - LAG, at);
        in_force.into_iter().any(|settings| self.settings(settings).is_some_and(|settings| allowed(&settings)))
    }

    /// Whether it was made before its time by all settings that may count for it.
    pub(super) fn is_early(&self, evidence: &Evidence) -> bool {
        !self.some_settings(evidence, self.at, |settings| {
            let today = self.at.with_timezone(&settings.time_zone).date_naive();
            settings.due_policy().due_on(self.period).is_some_and(|due_on| due_on <= today)
        })
    }

    /// The job that made it or took it over.
    pub(super) fn job<'a>(&self, evidence: &'a Evidence) -> Option<&'a JobRecord> {
        evidence.jobs.iter().find(|record| {
            let number = record.job.invoice().map(domain::ids::InvoiceNumber::as_str);
            record.job.key.tenant() == &self.tenant && number == Some(self.invoice.to_string().as_str())
        })
    }
}

/// How often a person said yes to a job by `at`.
pub(super) fn approvals(record: &JobRecord, at: Option<DateTime<Utc>>) -> usize {
    let by_then = |event: &&domain::job::Event| at.is_none_or(|at| event.at <= at);
    let yes = |event: &&domain::job::Event| matches!(event.kind, EventKind::Approved { .. });
    record.events.iter().filter(by_then).filter(yes).count()
}

/// Whether a job waits for a person.
pub(super) fn waits(record: &JobRecord) -> bool {
    matches!(record.job.state, JobState::Held { .. } | JobState::Failed { .. })
}

pub(super) fn all(evidence: &Evidence) -> Vec<Made> {
    let by_hand: Vec<_> = evidence
        .effects()
        .filter(|(entry, effect)| entry.actor == Actor::Person && effect.contract.is_some())
        .map(|(entry, effect)| (entry.tenant, effect.contract, entry.at))
        .collect();
    let made = evidence.effects().filter(|(_, effect)| effect.kind == EffectKind::InvoiceCreated);
    made.filter_map(|(entry, effect)| {
        let contract = effect.contract?;
        let raced = |(tenant, number, at): &(Option<u64>, Option<u64>, DateTime<Utc>)| {
            *tenant == entry.tenant && *number == Some(contract) && *at <= entry.at && entry.at - *at <= LAG
        };
        let currency = effect.currency.as_deref().and_then(|currency| currency.parse::<Currency>().ok());
        Some(Made {
            tenant: format!("fortnox-{}", entry.tenant?).parse().ok()?,
            agreement: contract.to_string().parse().ok()?,
            customer: effect.customer.clone().unwrap_or_default(),
            invoice: effect.invoice?,
            period: Period::new(effect.period_start?, effect.period_end?).ok()?,
            total: effect.total.zip(currency).map(|(amount, currency)| Money::new(amount, currency)),
            at: entry.at,
            by: entry.actor,
            raced: entry.actor == Actor::App && by_hand.iter().any(raced),
        })
    })
    .collect()
}
