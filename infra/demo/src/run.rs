//! The demo itself: set the stage, let three months pass, judge what came of it.

use std::{path::Path, time::Duration};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{ids::SystemKind, job::Source};
use indicatif::{ProgressBar, ProgressStyle};
use stage::{Evidence, Stage, StageError, StageOptions, promises};
use workflow::{BookingMessage, DeliveryMessage, Message, ScanMessage, SweepMessage};

use crate::{
    cast::{Cast, Place, set_all},
    days, digests, print, report,
    scenes::{SCENES, SIGNALS, Tenants, signal},
};

/// Where the settings are, by company.
const SETTINGS: [(Place, &str); 2] = [
    (Place::Bjorkangen, "infra/demo/bjorkangen.settings.json"),
    (Place::Sonderaa, "infra/demo/sonderaa.settings.json"),
];
/// The CRM of the company in e-conomic signs with it.
const CRM: (&str, &str) = ("crm", "not-a-secret-of-the-demos-crm-0123456789");

/// The clock starts the evening before, so that the first day's scan is an ordinary one.
const START: &str = "2025-12-31T20:00:00Z";
/// First and last day, and the hour (UTC) of the day's first heartbeat: past six in the morning in Sweden, summer and winter.
const FIRST_DAY: &str = "2026-01-01";
const LAST_DAY: &str = "2026-03-31";
const FIRST_BEAT_HOUR: u32 = 5;
/// Heartbeats of a day: one that finds the day's scan due, and one that finds what had to wait.
const BEATS_AFTER: [TimeDelta; 2] = [TimeDelta::minutes(5), TimeDelta::minutes(35)];

/// Runs it. Whether every promise was kept, and the logs have nothing private.
pub(crate) async fn run(folder: &Path, again: bool) -> Result<bool, StageError> {
    let root = local::workspace_root()?;
    print::heading("Fakturapilot: three months of two companies' invoices, on this machine");
    let binaries = local::build(&root)?;
    if !again && folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let cast = Cast::read(&root)?;
    let stage = Stage::start(StageOptions {
        root: root.clone(),
        binaries,
        state: folder.to_owned(),
        keep: true,
        start: if again { instant(date(LAST_DAY), 8) } else { START.parse()? },
        companies: vec![cast.bjorkangen.clone()],
        economic: vec![cast.sonderaa.clone()],
        latency: Duration::ZERO,
    })
    .await?;
    let kept = if again { once_more(&stage).await? } else { first_time(&stage, &cast, &root).await? };
    let planted = stage.planted()?;
    let leaks = planted.found_in(&stage.logs())?;
    print::logs(&planted, &leaks);
    let kept = kept && leaks.is_empty();
    let place = stage.state().to_owned();
    if let Some(right) = stage.cloud.denied().into_iter().next() {
        return Err(right.into());
    }
    stage.stop().await?;
    print::places(&place);
    Ok(kept)
}

async fn first_time(stage: &Stage, cast: &Cast, root: &Path) -> Result<bool, StageError> {
    let tenants =
        Tenants { bjorkangen: stage.connect(&cast.bjorkangen)?, sonderaa: stage.connect_economic(&cast.sonderaa)? };
    for (place, file) in SETTINGS {
        set_all(stage, tenants.of(place), &root.join(file))?;
    }
    let started = std::time::Instant::now();
    let played = three_months(stage, &tenants).await?;
    let took = started.elapsed();
    let evidence = stage.evidence()?;
    let digests = digests::read(stage, &tenants, (date(FIRST_DAY), date(LAST_DAY))).await?;
    print::days(&days::tell(&evidence, &played, &digests, &cast.names()));
    let broken = promises::check(&evidence, date(LAST_DAY));
    report::write(stage.state(), &evidence, &broken)?;
    print::summary(&evidence, &broken, &played.said, took);
    print::digests(&digests);
    Ok(broken.is_empty())
}

/// What people and the CRM did.
#[derive(Debug, Default)]
pub(crate) struct Played {
    pub(crate) scenes: Vec<(NaiveDate, Place, String)>,
    /// Drafts with the moment at which the CRM said that they're finished.
    pub(crate) said: Vec<(u64, DateTime<Utc>)>,
}

/// Lets the days pass.
async fn three_months(stage: &Stage, tenants: &Tenants) -> Result<Played, StageError> {
    let (first, last) = (date(FIRST_DAY), date(LAST_DAY));
    let crm = stage.give_secret(&tenants.sonderaa, CRM.0, CRM.1)?;
    let bar = ProgressBar::new((last - first).num_days().unsigned_abs() + 1);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} days  {msg}")?);
    let mut played = Played::default();
    for day in first.iter_days().take_while(|day| *day <= last) {
        bar.set_message(day.format("%-d %B").to_string());
        for scene in SCENES.iter().filter(|scene| date(scene.day) == day) {
            scene.play(stage, tenants).await?;
            played.scenes.push((day, scene.place, scene.what.to_owned()));
        }
        for after in BEATS_AFTER {
            stage.advance_to(instant(day, FIRST_BEAT_HOUR) + after).await?;
        }
        for (_, drafts) in SIGNALS.iter().filter(|(on, _)| date(on) == day) {
            for draft in *drafts {
                played.said.push((*draft, stage.cloud.clock().now()));
                signal(stage, &tenants.sonderaa, &crm, *draft).await?;
            }
            stage.settle().await?;
            let numbers: Vec<String> = drafts.iter().map(u64::to_string).collect();
            played.scenes.push((day, Place::Sonderaa, format!("the CRM says: ready, {}", numbers.join(", "))));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(played)
}

/// Every message there ever was is delivered once more, the newest first, every agreement is scanned and every draft looked
/// at again.
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
        if let Source::Draft { number, .. } = *job.source() {
            send("SweepQueue", SweepMessage::Draft { tenant: job.tenant().clone(), draft: number }.into()).await?;
        }
        if let Some(agreement) = job.agreement().cloned() {
            send("ScanQueue", ScanMessage::Agreement { tenant: job.tenant().clone(), agreement }.into()).await?;
        }
    }
    for tenant in before.settings.keys() {
        let tenant = tenant.clone();
        match tenant.system() {
            SystemKind::Fortnox => {
                send("ScanQueue", ScanMessage::Tenant { tenant, page: 1, counted: 0, total: None }.into()).await?;
            }
            SystemKind::Economic => {
                send("SweepQueue", SweepMessage::Tenant { tenant, after: None }.into()).await?;
            }
        }
    }
    stage.settle().await?;
    let after = stage.evidence()?;
    let same = effects(&before) == effects(&after) && before.mails.len() == after.mails.len();
    let broken = promises::check(&after, date(LAST_DAY));
    print::once_more(messages, same, &before, &after);
    print::broken(&broken);
    Ok(same && broken.is_empty())
}

/// What was done to the outside world, token calls aside: those are no effect on anything of the tenants'.
fn effects(evidence: &Evidence) -> usize {
    use fortnox_sim::EffectKind;
    let fortnox = evidence.effects().filter(|(_, effect)| effect.kind != EffectKind::TokenIssued).count();
    fortnox + evidence.economic_effects().count()
}

#[expect(clippy::expect_used, reason = "only the constants above are read")]
fn date(text: &str) -> NaiveDate {
    text.parse().expect("the dates above are dates")
}

fn instant(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
    day.and_time(time).and_utc()
}
