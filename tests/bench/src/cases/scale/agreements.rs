//! Agreements of one company: what a scan takes.

use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use stage::{StageError, companies::swedish, tenant_of};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, delta_millis, mebibytes, ratio},
    ledger,
    report::Sheet,
    scene::{Cast, FIRST_BEAT, Scene},
};

pub(super) const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const FUNCTION: &str = "ScanFunction";
/// Flat: the scan of the largest company needs no more than this much of the smallest one's memory.
const FLAT: Decimal = Decimal::from_parts(15, 0, 0, false, 1);

/// What a scan took.
#[derive(Debug, Clone, Copy)]
struct Scanned {
    /// Calls of the accounting system.
    calls: usize,
    /// Most memory of any process that scanned, in bytes.
    peak_bytes: u64,
    /// From the first call to the last.
    took: TimeDelta,
}

/// Has a company of so many agreements scanned, none of which is due.
async fn scanned(setting: &Setting, agreements: usize) -> Result<Scanned, StageError> {
    let mut company = swedish::company(8201, 1)?;
    let one = company.contracts.first().cloned().ok_or("a company with one agreement has one")?;
    company.contracts = (1..=agreements).map(|number| not_due(&one, number)).collect();
    let tenant = tenant_of(&company);
    let scene = Scene::open(setting, "scale", Cast::swedes(vec![company], json!({}))).await?;
    scene.beat_at(FIRST_BEAT).await?;
    scene.stage.cloud.idle().await?;
    let evidence = scene.stage.evidence()?;
    let own = |entry: &&fortnox_sim::LedgerEntry| {
        entry.actor == fortnox_sim::Actor::App && entry.tenant == Some(tenant.number()) && entry.path == "/3/contracts"
    };
    let times = evidence.ledger.iter().filter(own).map(|entry| entry.at);
    let decided: usize = evidence.pages.iter().map(|page| page.decisions.len()).sum();
    if decided != agreements {
        return Err(format!("{decided} of {agreements} agreements were decided on").into());
    }
    let took = times.clone().max().zip(times.min()).map(|(last, first)| last - first).unwrap_or_default();
    let peaks = scene.spent().processes.into_iter().filter(|life| life.function == FUNCTION);
    let peak_bytes = peaks.filter_map(|life| life.peak_bytes).max().unwrap_or_default();
    let calls = ledger::calls(&evidence, &tenant).values().sum();
    scene.close().await?;
    Ok(Scanned { calls, peak_bytes, took })
}

fn not_due(one: &Map<String, Value>, number: usize) -> Map<String, Value> {
    let mut agreement = one.clone();
    agreement.insert("DocumentNumber".to_owned(), json!(number.to_string()));
    agreement.insert("PeriodStart".to_owned(), json!("2027-01-01"));
    agreement.insert("PeriodEnd".to_owned(), json!("2027-01-31"));
    agreement
}

/// Has companies of these sizes scanned, and holds the last of them against the first.
pub async fn by_agreements(setting: &Setting, report: &mut Report, sizes: &[usize]) -> Result<(), StageError> {
    let mut sheet = Sheet::new(
        "The scan of a company, none of whose agreements is due",
        ["agreements", "calls", "peak memory of the function", "first call → last", "a call"],
    );
    let mut scans = Vec::new();
    for size in sizes {
        (setting.progress)(&format!("a company of {size} agreements"));
        let scan = scanned(setting, *size).await?;
        let each = ratio(delta_millis(scan.took), count(scan.calls.saturating_sub(1)));
        sheet.row([
            size.to_string(),
            scan.calls.to_string(),
            format!("{} MiB", mebibytes(scan.peak_bytes).round_dp(1)),
            format!("{} s", (delta_millis(scan.took) / Decimal::ONE_THOUSAND).round_dp(1)),
            format!("{} ms", each.round_dp(0)),
        ]);
        scans.push((*size, scan));
    }
    let (Some((small, first)), Some((large, last))) = (scans.first(), scans.last()) else { return Ok(()) };
    let mut figures = Figures::of("scale", format!("one company without a due agreement, of {small} to {large}"));
    let calls = ratio(count(last.calls), count(large.div_ceil(ledger::PAGE)));
    figures.add("calls for 500 agreements", "each", calls, Unit::Times, Some(Bar::Exactly(Decimal::ONE)));
    let memory = ratio(Decimal::from(last.peak_bytes), Decimal::from(first.peak_bytes));
    figures.add("peak memory, largest to smallest", "max", memory, Unit::Times, Some(Bar::AtMost(FLAT)));
    report.figures.append(&mut figures.all);
    report.sheets.push(sheet);
    Ok(())
}
