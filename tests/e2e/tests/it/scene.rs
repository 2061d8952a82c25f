//! A stage for one test: start it, let days pass, and judge what came of it.

use std::{path::PathBuf, sync::OnceLock, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::TenantId,
    job::{Ending, JobState},
    settings::Scope,
};
use fortnox_sim::{CompanyFile, EffectKind, Fault, FaultKind};
use local::{Binaries, Options};
use serde_json::{Value, json};
use stage::{Evidence, Fronts, JobRecord, Private, Stage, StageOptions, promises};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    company::{profile, root},
    dane,
};

/// Stages at once: each runs several processes, and the machines that this must run on have two cores.
const AT_ONCE: u32 = 2;
static ROOM: Semaphore = Semaphore::const_new(AT_ONCE as usize);

/// Before six in the morning in Sweden on the first day, so that its scan is an ordinary one.
const OPENS_AT: &str = "2026-01-01T04:00:00Z";
/// The hour (UTC) of a winter day's first heartbeat.
const FIRST_BEAT_HOUR: u32 = 5;
/// A wake-up time is met by the first heartbeat after it.
const BEAT: TimeDelta = TimeDelta::minutes(5);
/// Whatever takes this long isn't on its way but waits for a heartbeat. How fast things are is the benchmarks' business: other
/// tests run beside these.
pub(crate) const NOT_AT_ONCE: TimeDelta = TimeDelta::seconds(5);
/// Wake-up times in a row after which something goes in circles: more than any job may look in vain.
const MOST_WAKES: usize = 40;

pub(crate) struct Scene {
    pub(crate) stage: Stage,
    cast: Cast,
    today: NaiveDate,
    _room: SemaphorePermit<'static>,
}

/// The companies on a stage.
#[derive(Default, Clone)]
pub(crate) struct Cast {
    pub(crate) swedes: Vec<CompanyFile>,
    pub(crate) danes: Vec<economic_sim::CompanyFile>,
}

impl From<Vec<CompanyFile>> for Cast {
    fn from(swedes: Vec<CompanyFile>) -> Self {
        Self { swedes, ..Self::default() }
    }
}

/// Companies in e-conomic alone.
impl From<Vec<economic_sim::CompanyFile>> for Cast {
    fn from(danes: Vec<economic_sim::CompanyFile>) -> Self {
        Self { danes, ..Self::default() }
    }
}

/// The functions, built once.
pub(crate) fn binaries() -> &'static Binaries {
    static BUILT: OnceLock<Binaries> = OnceLock::new();
    BUILT.get_or_init(|| local::build(&root()).unwrap())
}

/// An empty folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

impl Scene {
    /// The companies on a stage, each connected and with a profile that has everything done.
    pub(crate) async fn open(name: &str, cast: impl Into<Cast>) -> Self {
        Self::open_with(name, cast.into(), 1, None, |_| ()).await
    }

    /// The same, with nobody else beside it: for what is measured.
    pub(crate) async fn open_alone(name: &str, cast: impl Into<Cast>) -> Self {
        Self::open_with(name, cast.into(), AT_ONCE, None, |_| ()).await
    }

    /// The same, with the local cloud's options changed.
    pub(crate) async fn open_tuned(name: &str, cast: impl Into<Cast>, tune: impl FnOnce(&mut Options)) -> Self {
        Self::open_with(name, cast.into(), 1, None, tune).await
    }

    /// The same, with proxies between the functions and all that they call.
    pub(crate) async fn open_behind(
        name: &str,
        cast: impl Into<Cast>,
        fronts: &Fronts,
        tune: impl FnOnce(&mut Options),
    ) -> Self {
        Self::open_with(name, cast.into(), 1, Some(fronts), tune).await
    }

    async fn open_with(
        name: &str,
        cast: Cast,
        room: u32,
        fronts: Option<&Fronts>,
        tune: impl FnOnce(&mut Options),
    ) -> Self {
        let room = ROOM.acquire_many(room).await.unwrap();
        let start: DateTime<Utc> = OPENS_AT.parse().unwrap();
        let options = StageOptions {
            root: root(),
            binaries: binaries().clone(),
            state: folder(name),
            keep: false,
            start,
            companies: cast.swedes.clone(),
            economic: cast.danes.clone(),
            latency: Duration::ZERO,
        };
        let stage = Stage::start_with(options, |options| {
            // All that is ever logged, so that the search for secrets sees it.
            options.parameters.insert("LogLevel".to_owned(), "debug".to_owned());
            if let Some(fronts) = fronts {
                fronts.stand_before(options);
            }
            tune(options);
        })
        .await
        .unwrap();
        if let Some(fronts) = fronts {
            fronts.lead_to(&stage).unwrap();
        }
        let scene = Self { stage, cast, today: start.date_naive(), _room: room };
        for company in &scene.cast.swedes {
            let tenant = scene.stage.connect(company).unwrap();
            scene.set(&tenant, "profile", &profile(&json!({})));
        }
        for company in &scene.cast.danes {
            let tenant = scene.stage.connect_economic(company).unwrap();
            scene.set(&tenant, "profile", &dane::profile(&json!({})));
        }
        // Taken up now, so that the next heartbeat scans them: which of two schedules is first on the hour is luck.
        scene.stage.cloud.fire("RegisterSchedule").await.unwrap().outcome.unwrap();
        scene
    }

    /// Starts the processes that each function may have, by as many events without a record at once.
    pub(crate) async fn warm_up(&self) {
        let cloud = &self.stage.cloud;
        let workers = cloud.functions().iter().filter(|(_, function)| !function.event_sources.is_empty());
        for (function, _) in workers {
            let empty = json!({"Records": []});
            let (one, other) = tokio::join!(cloud.invoke(function, &empty), cloud.invoke(function, &empty));
            one.and(other).unwrap();
        }
    }

    pub(crate) fn set(&self, tenant: &TenantId, scope: &str, fields: &Value) {
        self.stage.set(tenant, &scope.parse::<Scope>().unwrap(), fields).unwrap();
    }

    /// A fault on the company's calls to paths that contain `path`.
    pub(crate) fn fault(&self, tenant: &TenantId, path: &str, kind: FaultKind) {
        self.faults(tenant, path, kind, 1);
    }

    pub(crate) fn faults(&self, tenant: &TenantId, path: &str, kind: FaultKind, times: u32) {
        let mut fault = Fault::next_on(path, kind);
        fault.matching.tenant = Some(tenant.number());
        fault.times = times;
        self.stage.simulator.with_world(|world| world.inject(fault));
    }

    /// Lets the first day begin, with every company's first scan.
    pub(crate) async fn first_day(&mut self) {
        self.day("2026-01-01").await;
    }

    /// Lets a day's heartbeats come: one that finds the scan due, and one that finds what had to wait.
    pub(crate) async fn day(&mut self, day: &str) {
        self.today = day.parse().unwrap();
        let begins = self.today.and_hms_opt(FIRST_BEAT_HOUR, 0, 0).unwrap().and_utc();
        for minutes in [5, 35] {
            self.stage.advance_to(begins + TimeDelta::minutes(minutes)).await.unwrap();
        }
    }

    /// Lets a day begin, of which nothing is expected yet.
    pub(crate) fn begin(&mut self, day: NaiveDate) {
        self.today = day;
        let begins = self.today.and_hms_opt(FIRST_BEAT_HOUR, 0, 0).unwrap().and_utc();
        self.stage.cloud.clock().set(begins).unwrap();
    }

    /// Lets the next heartbeat come, whatever becomes of it, and waits until there is nothing left to do.
    pub(crate) async fn beat(&self) {
        let cloud = &self.stage.cloud;
        // One that fails is caught up by the next.
        cloud.advance_to(cloud.clock().now() + BEAT).await.unwrap();
        cloud.idle().await.unwrap();
    }

    /// The promises that don't hold, the day being over.
    pub(crate) fn broken(&self) -> Vec<promises::Broken> {
        promises::check(&self.evidence(), self.today)
    }

    /// Moves the clock on.
    pub(crate) async fn wait(&self, time: TimeDelta) {
        self.stage.advance_to(self.stage.cloud.clock().now() + time).await.unwrap();
    }

    /// Moves the clock from wake-up time to wake-up time until no job is on its way.
    pub(crate) async fn until_all_jobs_rest(&self) {
        for _ in 0..MOST_WAKES {
            let jobs = self.evidence().jobs;
            let working = jobs.iter().filter(|record| record.job.state == JobState::Working);
            let Some(wake_at) = working.map(|record| record.job.wake_at.expect("a working job is woken")).min() else {
                return;
            };
            self.stage.advance_to(wake_at.max(self.stage.cloud.clock().now()) + BEAT).await.unwrap();
        }
        panic!("some job goes in circles");
    }

    /// Lets the day after the clock's begin, where the clock was moved on from wake-up time to wake-up time for days: the scans in
    /// between came as they would.
    pub(crate) async fn catch_up(&mut self) {
        let date = self.stage.cloud.clock().now().date_naive();
        if date > self.today
            && let Some(next) = date.succ_opt()
        {
            self.day(&next.to_string()).await;
        }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        self.stage.evidence().unwrap()
    }

    /// Judges the run: the promises, and what the functions logged.
    pub(crate) async fn close(self) -> Evidence {
        assert_eq!(self.stage.dead_letters().await.unwrap(), [].into(), "dead letters");
        self.close_with_dead_letters()
    }

    /// The same where messages are meant to end with the dead letters.
    pub(crate) fn close_with_dead_letters(self) -> Evidence {
        assert_eq!(self.stage.cloud.denied(), [""; 0], "a role lacks a right");
        let evidence = self.evidence();
        // For whoever has to find out why a promise was broken.
        let ledger = serde_json::to_vec_pretty(&evidence.ledger).unwrap();
        std::fs::write(self.stage.state().join("ledger.json"), ledger).unwrap();
        assert_eq!(promises::check(&evidence, self.today), []);
        let economic = serde_json::to_vec_pretty(&evidence.economic).unwrap();
        std::fs::write(self.stage.state().join("economic.ledger.json"), economic).unwrap();
        let planted = self.stage.planted().unwrap();
        for kind in [Private::Credential, Private::Address, Private::Name, Private::Words] {
            assert!(planted.count(kind) > 0, "{kind} was to be planted");
        }
        let logs = self.stage.logs();
        assert_eq!(planted.found_in(&logs).unwrap(), []);
        assert_ne!(
            evidence.secrets_in_logs(&logs, &["fortnox-", "economic-"]).unwrap(),
            [""; 0],
            "the logs say nothing at all"
        );
        evidence
    }
}

/// The job of an agreement that has one.
pub(crate) fn job<'a>(evidence: &'a Evidence, tenant: &TenantId, agreement: &str) -> &'a JobRecord {
    let mut jobs = evidence.jobs.iter().filter(|record| {
        record.job.key.tenant() == tenant
            && record.job.key.agreement().is_some_and(|number| number.as_str() == agreement)
    });
    let job = jobs.next().unwrap_or_else(|| panic!("agreement {agreement} of {tenant} has no job"));
    assert!(jobs.next().is_none(), "agreement {agreement} of {tenant} has two jobs");
    job
}

/// That the company's agreements were each created, booked and mailed just once, and their jobs ended so.
pub(crate) fn assert_all_done(evidence: &Evidence, tenant: &TenantId, invoices: usize) {
    assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceCreated), invoices, "{tenant}: created");
    assert_eq!(evidence.count_of(tenant, EffectKind::InvoiceBooked), invoices, "{tenant}: booked");
    assert_eq!(evidence.mails_of(tenant).count(), invoices, "{tenant}: mailed");
    let own = evidence.jobs.iter().filter(|record| record.job.key.tenant() == tenant);
    let done = own.filter(|record| matches!(record.job.state, JobState::Done { ending: Ending::Completed, .. }));
    assert_eq!(done.count(), invoices, "{tenant}: jobs completed");
    for invoice in invoices_of(evidence, tenant) {
        assert_eq!(invoice["Sent"], true, "{tenant}: invoice {} is marked as sent", invoice["DocumentNumber"]);
    }
}

/// The company's invoices as Fortnox has them.
pub(crate) fn invoices_of(evidence: &Evidence, tenant: &TenantId) -> Vec<Value> {
    let companies = evidence.fortnox["companies"].as_array().unwrap();
    let own = companies.iter().find(|company| company["DatabaseNumber"] == json!(tenant.number())).unwrap();
    own["invoices"].as_array().unwrap().clone()
}
