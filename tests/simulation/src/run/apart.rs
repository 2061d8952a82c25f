//! Promise 5: what happens to one company touches no other. One that nobody disturbs fares as if it were alone in the world.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use fortnox_sim::{Actor, EffectKind};
use judge::{Evidence, promises::Broken};
use rust_decimal::Decimal;

use super::Run;
use crate::plan::{Plan, TenantPlan, Trouble};

/// What was done for a company, and on which day: of what may be waited for within the day only that it was done.
type Done = (Option<NaiveDate>, String, Option<u64>, Option<NaiveDate>, Option<Decimal>);

/// Where a company that nobody disturbed fared otherwise than alone.
pub(super) fn disturbed(plan: &Plan, evidence: &Evidence) -> Vec<Broken> {
    let Some(disturbed) = whom_troubles_concern(plan) else { return Vec::new() };
    let others = plan.tenants.iter().filter(|tenant| !disturbed.contains(&tenant.number));
    others.filter_map(|tenant| differs_from_alone(plan, evidence, tenant)).collect()
}

/// The companies that all trouble is about, or `None` where some of it may concern anybody or there's nobody else.
fn whom_troubles_concern(plan: &Plan) -> Option<BTreeSet<u64>> {
    if plan.tenants.len() < 2 || plan.troubles.is_empty() {
        return None;
    }
    let concerned = plan.troubles.iter().map(|trouble| match trouble {
        Trouble::Deed { act, .. } => act.tenant(),
        Trouble::Fault { .. } | Trouble::Storm { .. } => None,
    });
    concerned.collect()
}

fn differs_from_alone(plan: &Plan, evidence: &Evidence, tenant: &TenantPlan) -> Option<Broken> {
    let alone = Plan { tenants: vec![tenant.clone()], troubles: Vec::new(), ..plan.clone() };
    let (with_others, alone) = (done(plan, evidence, tenant), done(plan, &Run::of(&alone).evidence, tenant));
    let differs = with_others != alone;
    differs.then(|| Broken {
        promise: 5,
        how: format!("{} fared so: {with_others:?}, and would have alone: {alone:?}", tenant.tenant()),
    })
}

/// What we did for the company on the days of trouble. The last one may be over sooner for one than for another.
fn done(plan: &Plan, evidence: &Evidence, tenant: &TenantPlan) -> BTreeSet<Done> {
    let last = plan.calm_from().date_naive();
    let ours = evidence.effects().filter(|(entry, _)| {
        entry.tenant == Some(tenant.number) && entry.actor == Actor::App && entry.at.date_naive() < last
    });
    ours.filter(|(_, effect)| effect.kind != EffectKind::TokenIssued)
        .map(|(entry, effect)| {
            let kind = format!("{:?}", effect.kind);
            // A window for review may end a moment before midnight or after it.
            let at_once = matches!(effect.kind, EffectKind::InvoiceCreated | EffectKind::ContractChanged);
            (at_once.then(|| entry.at.date_naive()), kind, effect.contract, effect.period_start, effect.total)
        })
        .collect()
}
