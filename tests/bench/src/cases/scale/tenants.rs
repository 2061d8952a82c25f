//! Companies: what a heartbeat takes that finds all of them due.

use std::time::Instant;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use stage::StageError;

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, millis, ratio},
    report::Sheet,
    scene::{Cast, FIRST_BEAT, Scene},
};

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const FIRST: usize = 1_000_000;
/// By which it finds who is due.
const DUE: &str = "SettingsTable/due";
/// A page of a query is a megabyte: so many due companies fit in, and two more questions count those who are overdue.
const COMPANIES_A_PAGE: usize = 5_000;

/// What a heartbeat took.
struct Beat {
    queries: u64,
    scans_of_tables: u64,
    started: u64,
    took: std::time::Duration,
}

async fn beat(setting: &Setting, tenants: usize) -> Result<Beat, StageError> {
    let scene = Scene::open_empty(setting, "tenants", &Cast::swedes(Vec::new(), json!({}))).await?;
    let cloud = &scene.stage.cloud;
    let due: DateTime<Utc> = FIRST_BEAT.parse()?;
    for number in FIRST..FIRST + tenants {
        let tenant = format!("fortnox-{number}");
        let due_at = due.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let state = json!({"tenant": tenant, "scope": "state", "due_kind": "scan", "due_at": due_at});
        cloud.put_item("SettingsTable", &state)?;
    }
    let before = scene.spent();
    cloud.clock().set(due)?;
    let began = Instant::now();
    scene.fire("HeartbeatSchedule").await?;
    let took = began.elapsed();
    let spent = scene.spent().since(&before);
    let of = |operation: &str, on: &str| {
        let own = spent.calls.iter().filter(|(kind, _)| kind.operation == operation && kind.on.starts_with(on));
        own.map(|(_, sum)| sum.calls).sum::<u64>()
    };
    // What the messages lead to is another matter: these companies' looks are not waited for.
    Ok(Beat {
        queries: of("Query", DUE),
        scans_of_tables: of("Scan", ""),
        started: of("SendMessage", "ScanQueue"),
        took,
    })
}

pub(super) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    let mut sheet = Sheet::new(
        "A heartbeat that finds all companies due",
        ["companies", "queries of who is due", "reads of a whole table", "scans started", "took", "a company"],
    );
    for size in SIZES {
        (setting.progress)(&format!("a heartbeat of {size} companies"));
        let beat = beat(setting, size).await?;
        sheet.row([
            size.to_string(),
            beat.queries.to_string(),
            beat.scans_of_tables.to_string(),
            beat.started.to_string(),
            format!("{} ms", millis(beat.took).round_dp(0)),
            format!("{} ms", ratio(millis(beat.took), count(size)).round_dp(2)),
        ]);
        let mut figures = Figures::of("scale", format!("{size} companies due at one heartbeat"));
        let exactly = |number: usize| Some(Bar::Exactly(count(number)));
        figures.add("scans started", "total", Decimal::from(beat.started), Unit::Count, exactly(size));
        let pages = Some(Bar::AtMost(count(size.div_ceil(COMPANIES_A_PAGE) + 2)));
        figures.add("queries", "total", Decimal::from(beat.queries), Unit::Count, pages);
        figures.add("reads of a whole table", "total", Decimal::from(beat.scans_of_tables), Unit::Count, exactly(0));
        report.figures.append(&mut figures.all);
    }
    report.sheets.push(sheet);
    Ok(())
}
