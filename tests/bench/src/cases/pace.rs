//! One company in Fortnox with many due agreements: how much of the rate that Fortnox allows is used, and how soon.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use fortnox_sim::EffectKind;
use rust_decimal::Decimal;
use serde_json::json;
use stage::{Evidence, StageError, companies::swedish, tenant_of};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, delta_millis, percentile, ratio},
    ledger,
    scene::{Cast, FIRST_BEAT, Scene},
};

const DUE: usize = 500;
/// As Fortnox answers on an ordinary day.
const LATENCY: Duration = Duration::from_millis(150);
/// Fortnox lets so many calls of a company through in a window.
const CALLS_A_WINDOW: usize = 25;
const WINDOW: TimeDelta = TimeDelta::seconds(5);
/// From the match to the first call that creates, and from the scan's own call to it.
const SOON_MS: Decimal = Decimal::from_parts(500, 0, 0, false, 0);
/// Of the rate that's allowed.
const USED_PER_CENT: Decimal = Decimal::from_parts(95, 0, 0, false, 0);
const TOO_MANY_REQUESTS: u16 = 429;

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    let company = swedish::company(8101, DUE)?;
    let tenant = tenant_of(&company);
    let profile = json!({"auto_book": false, "channel": "none"});
    let cast = Cast { latency: LATENCY, as_on_aws: true, ..Cast::swedes(vec![company], profile) };
    let scene = Scene::open(setting, "pace", cast).await?;
    scene.warm_up().await?;
    (setting.progress)("some minutes: Fortnox lets five calls a second through");
    scene.beat_at(FIRST_BEAT).await?;
    scene.stage.cloud.idle().await?;
    let evidence = scene.until_all_jobs_rest().await?;
    report.figures.append(&mut figures(&evidence, &tenant)?.all);
    scene.close().await
}

fn figures(evidence: &Evidence, tenant: &TenantId) -> Result<Figures, StageError> {
    let workload =
        format!("one company, {DUE} due agreements, created only; Fortnox answers after {} ms", LATENCY.as_millis());
    let mut figures = Figures::of("pace", workload);
    let calls = calls(evidence, tenant);
    let (Some((first, _)), Some((last, _))) = (calls.first(), calls.last()) else {
        return Err("there is no call".into());
    };
    // So many calls take at least so long: a window's worth at once, and the next when the window is over.
    let windows = i32::try_from(calls.len().div_ceil(CALLS_A_WINDOW).saturating_sub(1))?;
    let used = ratio(delta_millis(WINDOW * windows), delta_millis(*last - *first)) * Decimal::ONE_HUNDRED;
    figures.add("share of Fortnox's rate that's used", "total", used, Unit::Percent, Some(Bar::AtLeast(USED_PER_CENT)));
    let refused = evidence.answered(TOO_MANY_REQUESTS);
    figures.add("429s", "total", count(refused), Unit::Count, Some(Bar::Exactly(Decimal::ZERO)));
    figures.add("calls of Fortnox for one invoice", "each", ratio(count(calls.len()), count(DUE)), Unit::Times, None);

    let soon = Some(Bar::Below(SOON_MS));
    let firsts: Vec<TimeDelta> = evidence.match_to_create();
    let longest = firsts.iter().max().copied().ok_or("nothing was created")?;
    figures.add("match → create call, the company's first", "max", delta_millis(longest), Unit::Milliseconds, soon);
    let scan = calls.iter().find(|(_, kind)| *kind == Call::Scan).map(|(at, _)| *at);
    let create = calls.iter().find(|(_, kind)| *kind == Call::Create).map(|(at, _)| *at);
    let scan_to_create = scan.zip(create).map_or(TimeDelta::MAX, |(scan, create)| create - scan - latency());
    figures.add("scan's answer → first create call", "max", delta_millis(scan_to_create), Unit::Milliseconds, soon);
    let waits = waits(evidence, tenant);
    for (statistic, per_cent) in [("p50", 50), ("p99", 99)] {
        let wait = percentile(&waits, per_cent).map(delta_millis).unwrap_or_default() / Decimal::ONE_THOUSAND;
        figures.add("match → create call, paced by Fortnox's rate", statistic, wait, Unit::Seconds, None);
    }
    Ok(figures)
}

fn latency() -> TimeDelta {
    TimeDelta::from_std(LATENCY).unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Scan,
    Create,
    Other,
}

/// The company's calls that count into its rate, by time.
fn calls(evidence: &Evidence, tenant: &TenantId) -> Vec<(DateTime<Utc>, Call)> {
    let mut calls: Vec<_> = ledger::of_fortnox(&evidence.ledger, tenant)
        .map(|entry| {
            let kind = match entry.path.as_str() {
                "/3/contracts" => Call::Scan,
                path if path.ends_with("/createinvoice") => Call::Create,
                _ => Call::Other,
            };
            (entry.at, kind)
        })
        .collect();
    calls.sort_by_key(|(at, _)| *at);
    calls
}

/// From each job's match to the call that created its invoice.
fn waits(evidence: &Evidence, tenant: &TenantId) -> Vec<TimeDelta> {
    let created = |agreement: u64| {
        let mut made = evidence.effects().filter(|(entry, effect)| {
            entry.tenant == Some(tenant.number())
                && effect.kind == EffectKind::InvoiceCreated
                && effect.contract == Some(agreement)
        });
        made.next().map(|(entry, _)| entry.at)
    };
    let jobs = evidence.jobs.iter().filter(|record| record.job.key.tenant() == tenant);
    jobs.filter_map(|record| {
        let agreement = record.job.key.agreement()?.as_str().parse().ok()?;
        Some(created(agreement)? - record.job.matched_at)
    })
    .collect()
}
