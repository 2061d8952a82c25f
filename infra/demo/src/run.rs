//! The demo itself: set the stage, let three months pass, judge what came of it.

use std::{path::Path, time::Duration};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{ids::TenantId, settings::Scope};
use fortnox_sim::CompanyFile;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};
use stage::{Evidence, Stage, StageError, StageOptions, promises};
use workflow::{BookingMessage, DeliveryMessage, Message, ScanMessage};

use crate::{days, print, report};

const COMPANY: &str = "tests/fortnox-sim/companies/bjorkangen.json";
const SETTINGS: &str = "infra/demo/bjorkangen.settings.json";

/// The clock starts the evening before, so that the first day's scan is an ordinary one.
const START: &str = "2025-12-31T20:00:00Z";
/// First and last day, and the hour (UTC) of the day's first heartbeat: past six in the morning in Sweden, summer and winter.
const FIRST_DAY: &str = "2026-01-01";
const LAST_DAY: &str = "2026-03-31";
const FIRST_BEAT_HOUR: u32 = 5;
/// Heartbeats of a day: one that finds the day's scan due, and one that finds what had to wait.
const BEATS_AFTER: [TimeDelta; 2] = [TimeDelta::minutes(5), TimeDelta::minutes(35)];

/// Something that a person does on a day, before the day's scan.
struct Scene {
    day: &'static str,
    what: &'static str,
    scope: &'static str,
    settings: fn() -> Value,
}

const SCENES: [Scene; 2] = [
    Scene {
        day: "2026-01-08",
        what: "the consultant allows a larger amount for agreement 18, whose invoice was held",
        scope: "agreement#18",
        settings: || json!({"max_amount": {"SEK": 3_000_000}}),
    },
    Scene {
        day: "2026-01-12",
        what: "the consultant mends the misspelt setting of agreement 28",
        scope: "agreement#28",
        settings: || json!({"business_day": "next"}),
    },
];

/// Runs it. Whether every promise was kept.
pub(crate) async fn run(folder: &Path, again: bool) -> Result<bool, StageError> {
    let root = local::workspace_root()?;
    print::heading("Fakturapilot: three months of a company's agreements, on this machine");
    let binaries = local::build(&root)?;
    if !again && folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let company = CompanyFile::read(&root.join(COMPANY))?;
    let stage = Stage::start(StageOptions {
        root: root.clone(),
        binaries,
        state: folder.to_owned(),
        keep: true,
        start: if again { instant(date(LAST_DAY), 8) } else { START.parse()? },
        companies: vec![company.clone()],
        economic: Vec::new(),
        latency: Duration::ZERO,
    })
    .await?;
    let kept = if again { once_more(&stage).await? } else { first_time(&stage, &company, &root).await? };
    let place = stage.state().to_owned();
    stage.stop().await?;
    print::places(&place);
    Ok(kept)
}

async fn first_time(stage: &Stage, company: &CompanyFile, root: &Path) -> Result<bool, StageError> {
    let tenant = stage.connect(company)?;
    set_all(stage, &tenant, &root.join(SETTINGS))?;
    let started = std::time::Instant::now();
    let scenes = three_months(stage, &tenant).await?;
    let took = started.elapsed();
    let evidence = stage.evidence()?;
    print::days(&days::tell(&evidence, &scenes));
    let broken = promises::check(&evidence, date(LAST_DAY));
    report::write(stage.state(), &evidence, &broken)?;
    print::summary(&evidence, &broken, took);
    Ok(broken.is_empty())
}

fn set_all(stage: &Stage, tenant: &TenantId, file: &Path) -> Result<(), StageError> {
    let items: Map<String, Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    for (scope, fields) in items {
        stage.set(tenant, &scope.parse::<Scope>()?, &fields)?;
    }
    Ok(())
}

/// Lets the days pass. Gives what people did on them.
async fn three_months(stage: &Stage, tenant: &TenantId) -> Result<Vec<(NaiveDate, &'static str)>, StageError> {
    let (first, last) = (date(FIRST_DAY), date(LAST_DAY));
    let bar = ProgressBar::new((last - first).num_days().unsigned_abs() + 1);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} days  {msg}")?);
    let mut played = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        bar.set_message(day.format("%-d %B").to_string());
        for scene in SCENES.iter().filter(|scene| date(scene.day) == day) {
            stage.set(tenant, &scene.scope.parse::<Scope>()?, &(scene.settings)())?;
            played.push((day, scene.what));
        }
        for after in BEATS_AFTER {
            stage.advance_to(instant(day, FIRST_BEAT_HOUR) + after).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(played)
}

/// Every message there ever was is delivered once more, the newest first, and every agreement is scanned again.
async fn once_more(stage: &Stage) -> Result<bool, StageError> {
    let before = stage.evidence()?;
    let mut messages = 0;
    let mut send = async |queue: &str, message: Message| -> Result<(), StageError> {
        messages += 1;
        Ok(stage.cloud.send(queue, &message.body()?).await?)
    };
    for record in before.jobs.iter().rev() {
        let job = record.job.key.clone();
        send("DeliveryQueue", DeliveryMessage::Job { job: job.clone() }.into()).await?;
        send("BookingQueue", BookingMessage::Job { job: job.clone() }.into()).await?;
        if let Some(agreement) = job.agreement().cloned() {
            send("ScanQueue", ScanMessage::Agreement { tenant: job.tenant().clone(), agreement }.into()).await?;
        }
    }
    for tenant in before.settings.keys() {
        let tenant = tenant.clone();
        send("ScanQueue", ScanMessage::Tenant { tenant, page: 1, counted: 0 }.into()).await?;
    }
    stage.settle().await?;
    let after = stage.evidence()?;
    let same = effects(&before) == effects(&after) && before.mails.len() == after.mails.len();
    let broken = promises::check(&after, date(LAST_DAY));
    print::once_more(messages, same, &before, &after);
    print::broken(&broken);
    Ok(same && broken.is_empty())
}

/// What was done to the outside world, token calls aside: those are no effect on anything of the tenant's.
fn effects(evidence: &Evidence) -> usize {
    use fortnox_sim::EffectKind;
    evidence.effects().filter(|(_, effect)| effect.kind != EffectKind::TokenIssued).count()
}

#[expect(clippy::expect_used, reason = "only the constants above are read")]
fn date(text: &str) -> NaiveDate {
    text.parse().expect("the dates above are dates")
}

fn instant(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
    day.and_time(time).and_utc()
}
