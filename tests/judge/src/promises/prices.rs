//! Promise 2, about prices: an agreement is changed only where the settings in force say that its prices follow the list.

use chrono::{DateTime, Utc};
use domain::{
    ids::{AgreementNumber, CustomerNumber, SystemKind, TenantId},
    prices::PriceSync,
    settings::Resolved,
};
use fortnox_sim::{Actor, EffectKind};
use serde_json::Value;

use super::{Broken, LAG, broken};
use crate::Evidence;

/// Whether the settings have prices follow at this instant.
pub(super) fn follow(settings: &Resolved, at: DateTime<Utc>) -> bool {
    PriceSync::in_force(settings, at.with_timezone(&settings.time_zone).date_naive()) == PriceSync::Follow
}

/// Agreements that we changed otherwise than by making their invoices, unasked.
pub(super) fn no_agreement_changed_unasked(evidence: &Evidence) -> Vec<Broken> {
    let ours = evidence.effects().filter(|(entry, effect)| {
        entry.actor == Actor::App
            && effect.kind == EffectKind::ContractChanged
            && !entry.path.ends_with("/createinvoice")
    });
    let unasked = ours.filter_map(|(entry, effect)| {
        let (tenant, contract) = entry.tenant.zip(effect.contract)?;
        let asked = asked(evidence, tenant, contract, entry.at).unwrap_or(false);
        (!asked)
            .then(|| broken(2, format!("not asked for: agreement {contract} of {tenant} was changed at {}", entry.at)))
    });
    unasked.collect()
}

fn asked(evidence: &Evidence, number: u64, contract: u64, at: DateTime<Utc>) -> Option<bool> {
    let tenant = TenantId::new(SystemKind::Fortnox, number);
    let agreement: AgreementNumber = contract.to_string().parse().ok()?;
    let customer = customer_of(&evidence.fortnox, number, &agreement)?;
    let mut in_force = evidence.in_force(&tenant, at - LAG, at).into_iter();
    Some(in_force.any(|settings| settings.resolve(&customer, &agreement).is_ok_and(|settings| follow(&settings, at))))
}

fn customer_of(fortnox: &Value, tenant: u64, agreement: &AgreementNumber) -> Option<CustomerNumber> {
    let companies = fortnox["companies"].as_array()?;
    let company = companies.iter().find(|company| company["DatabaseNumber"] == tenant)?;
    let contracts = company["contracts"].as_array()?;
    let contract = contracts.iter().find(|contract| contract["DocumentNumber"] == agreement.as_str())?;
    contract["CustomerNumber"].as_str()?.parse().ok()
}
