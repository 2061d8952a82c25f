//! A large company beside many small ones: what the small ones notice of it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::ids::TenantId;
use rust_decimal::Decimal;
use serde_json::json;
use stage::{StageError, companies::swedish, tenant_of};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, delta_millis, percentile},
    scene::{Cast, FIRST_BEAT, Scene},
};

const LARGE: u64 = 8300;
const DUE: usize = 300;
const SMALL: u64 = 40;
/// p99 of the small ones beside the large one.
const UNHARMED_MS: Decimal = Decimal::from_parts(500, 0, 0, false, 0);

/// From match to create call of each small company, with the large one or without.
async fn small_ones(setting: &Setting, with_large: bool) -> Result<Vec<TimeDelta>, StageError> {
    let mut companies = Vec::new();
    if with_large {
        companies.push(swedish::company(LARGE, DUE)?);
    }
    for number in LARGE + 1..=LARGE + SMALL {
        companies.push(swedish::company(number, 1)?);
    }
    let small: BTreeSet<TenantId> = companies.iter().map(tenant_of).filter(|tenant| tenant.number() != LARGE).collect();
    let cast = Cast::swedes(companies, json!({"auto_book": false, "channel": "none"}));
    let cast = Cast { as_on_aws: true, ..cast };
    let scene = Scene::open(setting, "fairness", cast).await?;
    scene.warm_up().await?;
    scene.beat_at(FIRST_BEAT).await?;
    scene.stage.cloud.idle().await?;
    let evidence = scene.until_all_jobs_rest().await?;
    let mut times = Vec::new();
    for tenant in &small {
        let own =
            evidence.jobs.iter().find(|record| record.job.key.tenant() == tenant).ok_or("a company has no job")?;
        let created = evidence.effects().find(|(entry, effect)| {
            effect.kind == fortnox_sim::EffectKind::InvoiceCreated && entry.tenant == Some(tenant.number())
        });
        let (entry, _) = created.ok_or("a company has no invoice")?;
        times.push(entry.at - own.job.matched_at);
    }
    scene.close().await?;
    Ok(times)
}

pub(super) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    for (with_large, bar) in [(false, None), (true, Some(Bar::Below(UNHARMED_MS)))] {
        let beside = if with_large { format!("beside one with {DUE} due") } else { "alone".to_owned() };
        (setting.progress)(&format!("{SMALL} small companies {beside}"));
        let mut figures = Figures::of("scale", format!("{SMALL} companies with one due agreement each, {beside}"));
        let times = small_ones(setting, with_large).await?;
        for (statistic, per_cent, bar) in [("p50", 50, None), ("p99", 99, bar)] {
            let time = percentile(&times, per_cent).map(delta_millis).unwrap_or_default();
            figures.add("match → create call of the small ones", statistic, time, Unit::Milliseconds, bar);
        }
        report.figures.append(&mut figures.all);
    }
    Ok(())
}
