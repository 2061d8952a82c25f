//! A stage for one piece of work.

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use domain::{ids::TenantId, job::JobState, settings::Scope};
use fortnox_sim::CompanyFile;
use local::{Binaries, Spent};
use serde_json::{Value, json};
use stage::{
    Evidence, Stage, StageError, StageOptions,
    companies::{danish, root, swedish},
};

/// Before six in the morning in Sweden on the first day.
const OPENS_AT: &str = "2026-01-01T04:00:00Z";
/// The first heartbeat at which the day's scan is due.
pub(crate) const FIRST_BEAT: &str = "2026-01-01T05:05:00Z";
/// Between heartbeats.
const BEAT: chrono::TimeDelta = chrono::TimeDelta::minutes(5);
/// Of one function. The template allows ten of most; more than this only compete for the cores of a machine that has two.
const MOST_PROCESSES: usize = 4;
/// Wake-up times after which a job goes in circles.
const MOST_WAKES: usize = 40;

/// How the functions were built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// As they are deployed.
    Optimised,
    /// As tests build them: right for counts, not for times.
    Quickly,
}

impl Built {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Optimised => "optimised, as they are deployed",
            Self::Quickly => "not optimised: right for counts, not for times",
        }
    }
}

/// What all cases need.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The functions.
    pub binaries: Binaries,
    /// How they were built.
    pub built: Built,
    /// Where state goes; each scene empties a folder of its own in it.
    pub folder: PathBuf,
    /// Something to tell while it goes on.
    pub progress: fn(&str),
}

impl Setting {
    /// The program of a function, by its logical name: `BookFunction` is the binary `book`.
    pub(crate) fn program(&self, function: &str) -> Result<&PathBuf, StageError> {
        let binary = function.trim_end_matches("Function").to_lowercase();
        Ok(self.binaries.get(&binary).ok_or_else(|| format!("{function} was not built"))?)
    }
}

/// Companies and how they are to be treated.
pub(crate) struct Cast {
    pub(crate) swedes: Vec<CompanyFile>,
    pub(crate) danes: Vec<economic_sim::CompanyFile>,
    /// What all their profiles say besides.
    pub(crate) profile: Value,
    /// The simulators answer this late.
    pub(crate) latency: Duration,
    /// Messages come when they're meant to, and to more processes: for who measures how soon jobs have their turns. Otherwise they come
    /// a second later at most, to two.
    pub(crate) as_on_aws: bool,
}

impl Cast {
    pub(crate) fn swedes(companies: Vec<CompanyFile>, profile: Value) -> Self {
        Self { swedes: companies, danes: Vec::new(), profile, latency: Duration::ZERO, as_on_aws: false }
    }

    pub(crate) fn danes(companies: Vec<economic_sim::CompanyFile>, profile: Value) -> Self {
        Self { swedes: Vec::new(), danes: companies, profile, latency: Duration::ZERO, as_on_aws: false }
    }
}

pub(crate) struct Scene {
    pub(crate) stage: Stage,
}

impl Scene {
    /// Starts everything, connects the companies and gives them their profiles. No function has run but the one that takes
    /// up new tenants.
    pub(crate) async fn open(setting: &Setting, name: &str, cast: Cast) -> Result<Self, StageError> {
        let scene = Self::open_empty(setting, name, &cast).await?;
        for company in &cast.swedes {
            let tenant = scene.stage.connect(company)?;
            scene.set(&tenant, "profile", &swedish::profile(&cast.profile))?;
        }
        for company in &cast.danes {
            let tenant = scene.stage.connect_economic(company)?;
            scene.set(&tenant, "profile", &danish::profile(&cast.profile))?;
        }
        scene.fire("RegisterSchedule").await?;
        Ok(scene)
    }

    /// The same without anybody connected.
    pub(crate) async fn open_empty(setting: &Setting, name: &str, cast: &Cast) -> Result<Self, StageError> {
        let folder = setting.folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let options = StageOptions {
            root: root(),
            binaries: setting.binaries.clone(),
            state: folder,
            keep: false,
            start: OPENS_AT.parse()?,
            companies: cast.swedes.clone(),
            economic: cast.danes.clone(),
            latency: cast.latency,
        };
        let stage = Stage::start_with(options, |options| {
            options.tally = true;
            if cast.as_on_aws {
                options.longest_delay = None;
                options.sandboxes = MOST_PROCESSES;
            }
        });
        let stage = stage.await?;
        Ok(Self { stage })
    }

    pub(crate) fn set(&self, tenant: &TenantId, scope: &str, fields: &Value) -> Result<(), StageError> {
        self.stage.set(tenant, &scope.parse::<Scope>()?, fields)
    }

    pub(crate) async fn fire(&self, schedule: &str) -> Result<(), StageError> {
        self.stage.cloud.fire(schedule).await?.outcome?;
        Ok(())
    }

    /// Starts the processes that each function with a queue may have, by as many events without a record at once.
    pub(crate) async fn warm_up(&self) -> Result<(), StageError> {
        let cloud = &self.stage.cloud;
        for (function, _) in cloud.functions().iter().filter(|(_, function)| !function.event_sources.is_empty()) {
            let empty = json!({"Records": []});
            let (one, other) = tokio::join!(cloud.invoke(function, &empty), cloud.invoke(function, &empty));
            one.and(other)?;
        }
        Ok(())
    }

    /// Moves the clock on and lets the schedules fire; whatever comes of it goes on after that, in real time.
    pub(crate) async fn beat_at(&self, instant: &str) -> Result<(), StageError> {
        for firing in self.stage.cloud.advance_to(instant.parse()?).await? {
            firing.outcome?;
        }
        Ok(())
    }

    /// Lets the first day begin, and waits until there is nothing left to do but at a time to come.
    pub(crate) async fn first_day(&self) -> Result<(), StageError> {
        self.stage.advance_to(FIRST_BEAT.parse()?).await
    }

    /// Moves the clock from wake-up time to wake-up time until no job is on its way.
    pub(crate) async fn until_all_jobs_rest(&self) -> Result<Evidence, StageError> {
        for _ in 0..MOST_WAKES {
            let evidence = self.stage.evidence()?;
            let working = evidence.jobs.iter().filter(|record| record.job.state == JobState::Working);
            let Some(wake_at) = working.filter_map(|record| record.job.wake_at).min() else {
                return Ok(evidence);
            };
            self.stage.advance_to(wake_at.max(self.now()) + BEAT).await?;
        }
        Err("some job goes in circles".into())
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.stage.cloud.clock().now()
    }

    /// What the functions logged so far, in bytes.
    pub(crate) fn logged(&self) -> Result<u64, StageError> {
        let mut bytes = 0;
        for file in std::fs::read_dir(self.stage.logs())? {
            bytes += file?.metadata()?.len();
        }
        Ok(bytes)
    }

    pub(crate) fn spent(&self) -> Spent {
        self.stage.cloud.spent()
    }

    /// Ends it: nothing went wrong that anybody has to know of.
    pub(crate) async fn close(self) -> Result<(), StageError> {
        let dead = self.stage.dead_letters().await?;
        if !dead.is_empty() {
            return Err(format!("there are dead letters: {:?}", dead.keys()).into());
        }
        if let Some(denied) = self.stage.cloud.denied().first() {
            return Err(denied.clone().into());
        }
        self.stage.stop().await
    }
}
