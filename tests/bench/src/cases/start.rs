//! How soon a function asks for work and does some, beside the same in Python; what it weighs and needs.

mod python;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use fortnox_sim::Actor;
use local::Life;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use stage::{StageError, companies::swedish};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, delta_millis, mebibytes, millis, percentile, ratio},
    report::Sheet,
    scene::{Built, Cast, FIRST_BEAT, Scene},
};

/// Cold starts of each function, one after another.
const STARTS: usize = 15;
/// Invocations of each process.
const WARM: usize = 5;
/// Python starts this slowly that ours must be ten times as fast.
const OF_PYTHON: Decimal = Decimal::from_parts(1, 0, 0, false, 1);
const LARGEST_ZIP: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
const MOST_MEMORY: Decimal = Decimal::from_parts(40, 0, 0, false, 0);
/// The function whose tick there is in Python too.
const TICKING: &str = "ScanFunction";
/// The function with a bar for its memory.
const BOOKING: &str = "BookFunction";

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    (setting.progress)("cold starts, one after another");
    let mut lives = idle_starts(setting).await?;
    (setting.progress)("a day from cold to the first calls");
    let (worked, firsts) = a_day(setting).await?;
    let mut sheet = Sheet::new(
        "Each function",
        [
            "function",
            "program",
            "zip",
            "exec → first poll, p50",
            "p99",
            "exec → first answer, p50",
            "warm, p50",
            "peak memory",
        ],
    );
    let python = python::Python::find(&setting.folder);
    let no_python = python.is_none();
    let peaks = peaks(lives.values().flatten().chain(&worked));
    let mut figures = Figures::of("start", format!("{STARTS} cold starts of each function, one after another"));
    for (function, own) in &lives {
        let start = Start::of(own);
        let program = setting.program(function)?;
        let zip = python.as_ref().map(|python| python.zipped(program)).transpose()?;
        let peak = mebibytes(peaks.get(function).copied().unwrap_or_default());
        let size = mebibytes(std::fs::metadata(program)?.len());
        sheet.row([
            function.clone(),
            format!("{} MiB", size.round_dp(1)),
            zip.map_or_else(|| "no Python here".to_owned(), |bytes| format!("{} MiB", mebibytes(bytes).round_dp(1))),
            format!("{} ms", start.poll_p50.round_dp(1)),
            format!("{} ms", start.poll_p99.round_dp(1)),
            format!("{} ms", start.answer_p50.round_dp(1)),
            format!("{} ms", start.warm_p50.round_dp(2)),
            format!("{} MiB", peak.round_dp(1)),
        ]);
        // An unoptimised program says nothing of a deployed one's size.
        if let Some(bytes) = zip.filter(|_| setting.built == Built::Optimised) {
            figures.add(
                format!("{function}: zip"),
                "each",
                mebibytes(bytes),
                Unit::Mebibytes,
                Some(Bar::AtMost(LARGEST_ZIP)),
            );
        }
        if function == BOOKING {
            figures.add("peak memory of a warm book", "max", peak, Unit::Mebibytes, Some(Bar::AtMost(MOST_MEMORY)));
        }
    }
    let ours = Start::of(&lives.remove(TICKING).unwrap_or_default());
    figures.add("a tick in Rust: exec → first poll", "p50", ours.poll_p50, Unit::Milliseconds, None);
    figures.add("a tick in Rust: exec → first answer", "p50", ours.answer_p50, Unit::Milliseconds, None);
    if let Some(python) = python {
        (setting.progress)("the same tick in Python");
        let theirs = Start::of(&ticks(&python.instead_of(setting)?).await?);
        figures.add("the tick in Python: exec → first poll", "p50", theirs.poll_p50, Unit::Milliseconds, None);
        figures.add("the tick in Python: exec → first answer", "p50", theirs.answer_p50, Unit::Milliseconds, None);
        let polls = ratio(ours.poll_p50, theirs.poll_p50);
        figures.add("ours to Python's, exec → first poll", "p50", polls, Unit::Times, Some(Bar::AtMost(OF_PYTHON)));
        let answers = ratio(ours.answer_p50, theirs.answer_p50);
        figures.add("ours to Python's, exec → first answer", "p50", answers, Unit::Times, None);
        figures.add("ours to Python's, memory", "max", ratio(ours.peak, theirs.peak), Unit::Times, None);
    }
    if no_python {
        (setting.progress)(
            "there is no python3 with venv and boto3 here, so that there is nothing to hold the starts against",
        );
    }
    report.figures.append(&mut figures.all);
    let mut figures = Figures::of("start", "one due agreement, all functions cold; Fortnox answers at once");
    for (what, time) in firsts {
        figures.add(what, "each", time, Unit::Milliseconds, None);
    }
    report.figures.append(&mut figures.all);
    report.sheets.push(sheet);
    Ok(())
}

/// What is told of a function's starts. Milliseconds and MiB.
struct Start {
    poll_p50: Decimal,
    poll_p99: Decimal,
    answer_p50: Decimal,
    warm_p50: Decimal,
    peak: Decimal,
}

impl Start {
    fn of(lives: &[Life]) -> Self {
        let polls: Vec<Duration> = lives.iter().filter_map(|life| life.to_first_poll).collect();
        let answers: Vec<Duration> =
            lives.iter().filter_map(|life| Some(life.to_first_poll? + *life.invocations.first()?)).collect();
        let warm: Vec<Duration> = lives.iter().flat_map(|life| life.invocations.iter().skip(1).copied()).collect();
        let told = |times: &[Duration], per_cent| percentile(times, per_cent).map(millis).unwrap_or_default();
        Self {
            poll_p50: told(&polls, 50),
            poll_p99: told(&polls, 99),
            answer_p50: told(&answers, 50),
            warm_p50: told(&warm, 50),
            peak: mebibytes(lives.iter().filter_map(|life| life.peak_bytes).max().unwrap_or_default()),
        }
    }
}

fn peaks<'a>(lives: impl Iterator<Item = &'a Life>) -> BTreeMap<String, u64> {
    let mut peaks = BTreeMap::new();
    for life in lives {
        let peak: &mut u64 = peaks.entry(life.function.clone()).or_default();
        *peak = life.peak_bytes.unwrap_or_default().max(*peak);
    }
    peaks
}

/// Cold starts of each function with nothing to do.
async fn idle_starts(setting: &Setting) -> Result<BTreeMap<String, Vec<Life>>, StageError> {
    let scene = Scene::open(setting, "start", Cast::swedes(Vec::new(), json!({}))).await?;
    let cloud = &scene.stage.cloud;
    let names: Vec<String> = cloud.functions().keys().cloned().collect();
    for function in &names {
        for _ in 0..STARTS {
            while cloud.kill_one(function)?.is_some() {}
            for _ in 0..=WARM {
                cloud.invoke(function, &idle_event(function)).await?;
            }
        }
    }
    let mut lives: BTreeMap<String, Vec<Life>> = BTreeMap::new();
    // One that only took up new companies has other work in it.
    for life in scene.spent().processes.into_iter().filter(|life| life.invocations.len() > WARM) {
        lives.entry(life.function.clone()).or_default().push(life);
    }
    scene.close().await?;
    Ok(lives)
}

/// An event that asks for nothing. For the function with a tick in Python it's the tick.
fn idle_event(function: &str) -> Value {
    match function {
        TICKING => json!({"tick": "scan"}),
        "ApiFunction" => http("POST", "/tenants/fortnox-1/drafts/1/ready"),
        "ConnectFunction" => http("GET", "/connect/nothing"),
        _ => json!({"Records": []}),
    }
}

/// As an HTTP API hands a request over.
fn http(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {}, "isBase64Encoded": false,
        "requestContext": {
            "accountId": "000000000000", "apiId": "local", "domainName": "localhost", "requestId": "measure", "stage": "$default",
            "time": "01/Jan/2026:04:00:00 +0000", "timeEpoch": 1_767_240_000_000_u64,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "measure"},
        },
    })
}

/// The first process of a function, and the call of the accounting system that is its first.
const FIRST_CALLS: [(&str, &str); 3] =
    [("ScanFunction", "/3/contracts"), ("BookFunction", "/3/contracts/1"), ("MailFunction", "/3/invoices/")];

/// A day with one due agreement that begins with no process at all. All processes, and how long each function took from its
/// start to its first call of the accounting system.
async fn a_day(setting: &Setting) -> Result<(Vec<Life>, Vec<(String, Decimal)>), StageError> {
    let scene = Scene::open(setting, "start", Cast::swedes(vec![swedish::company(8501, 1)?], json!({}))).await?;
    while scene.stage.cloud.kill_one(TICKING)?.is_some() {}
    let before = scene.spent().processes.len();
    scene.beat_at(FIRST_BEAT).await?;
    scene.stage.cloud.idle().await?;
    let offset = scene.now() - Utc::now();
    let evidence = scene.stage.evidence()?;
    let lives: Vec<Life> = scene.spent().processes.split_off(before);
    let mut firsts = Vec::new();
    for (function, path) in FIRST_CALLS {
        let own = |entry: &&fortnox_sim::LedgerEntry| {
            entry.actor == Actor::App
                && (entry.path == path || path.ends_with('/') && entry.path.starts_with(path) && is_read(entry))
        };
        let call = evidence.ledger.iter().find(own).ok_or("a function made no call")?;
        // The last one that began before it: the tick's process is another one than the scan's.
        let began: Option<DateTime<Utc>> = lives
            .iter()
            .filter(|life| life.function == function)
            .map(|life| life.began + offset)
            .filter(|at| *at <= call.at)
            .max();
        let took: TimeDelta = call.at - began.ok_or("a call came before its process")?;
        firsts.push((format!("{function}: exec → its first call of the accounting system"), delta_millis(took)));
    }
    scene.close().await?;
    Ok((lives, firsts))
}

fn is_read(entry: &fortnox_sim::LedgerEntry) -> bool {
    entry.method == fortnox_sim::Method::Get
}

/// Cold starts of the ticking function alone.
async fn ticks(setting: &Setting) -> Result<Vec<Life>, StageError> {
    let scene = Scene::open_empty(setting, "start", &Cast::swedes(Vec::new(), json!({}))).await?;
    for _ in 0..STARTS {
        while scene.stage.cloud.kill_one(TICKING)?.is_some() {}
        for _ in 0..=WARM {
            scene.stage.cloud.invoke(TICKING, &idle_event(TICKING)).await?;
        }
    }
    let lives = scene.spent().processes;
    scene.close().await?;
    if lives.len() < STARTS { Err(format!("{} starts", count(lives.len())).into()) } else { Ok(lives) }
}
