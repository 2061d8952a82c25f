//! The whole system on one machine with the outside world simulated: what the demo shows and the end-to-end tests try.
//!
//! A [`Stage`] is the local cloud with the real function binaries, a simulated Fortnox, a simulated e-conomic, and one clock for all. What
//! came of
//! a run is [`Evidence`]: the simulators' ledgers, the mails, the journal. [`promises`] judges it.

mod browser;
pub mod companies;
mod connecting;
mod dice;
mod economic;
mod evidence;
mod front;
mod fronts;
mod journal;
mod mischief;
mod operator;
mod outage;
mod planted;
mod signals;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SystemKind, TenantId},
    settings::Scope,
};
use fortnox_sim::{CompanyFile, Method, SimRequest, Simulator, SimulatorOptions};
use local::{Binaries, LocalCloud, Options};
use serde_json::{Map, Value, json};
use tokio::time::MissedTickBehavior;

pub use browser::{Browser, WebPage};
pub use connecting::Choice;
pub use economic::economic_tenant;
pub use front::Front;
pub use fronts::Fronts;
pub use judge::{
    DecidedPage, DecidedSweep, Evidence, JobRecord, Leak, Planted, Private, Said, SentMail, SettingsOverTime,
    StandingConcern, promises,
};
pub use mischief::{Harm, Killer, Mischief, Odds};
pub use operator::{Operator, letters_name, queue_name};
pub use outage::Service;
pub use signals::{Signal, SignalAnswer};

/// The address that mails come from here.
pub const SENDER: &str = "faktura@fakturapilot.example";
const SENDER_DOMAIN: &str = "fakturapilot.example";

/// Before anything happened.
const SINCE_EVER: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// The first HTTP status that says no.
const FIRST_REFUSAL: u16 = 400;

/// Anything that goes wrong on the stage itself, as opposed to what it is there to show.
pub type StageError = Box<dyn std::error::Error + Send + Sync>;

/// How to set the stage.
#[derive(Debug)]
pub struct StageOptions {
    /// The folder that holds `template.yaml`.
    pub root: PathBuf,
    /// The function binaries.
    pub binaries: Binaries,
    /// Where the state is kept.
    pub state: PathBuf,
    /// Go on from the state that an earlier run left.
    pub keep: bool,
    /// What the clock shows at first.
    pub start: DateTime<Utc>,
    /// The companies in Fortnox.
    pub companies: Vec<CompanyFile>,
    /// The companies in e-conomic.
    pub economic: Vec<economic_sim::CompanyFile>,
    /// The simulators answer this late.
    pub latency: Duration,
}

/// The running system.
pub struct Stage {
    /// AWS, played by this machine.
    pub cloud: LocalCloud,
    /// Fortnox.
    pub simulator: Simulator,
    /// e-conomic.
    pub economic: economic_sim::Simulator,
    state: PathBuf,
    settings: Mutex<BTreeMap<TenantId, SettingsOverTime>>,
    said: Mutex<Vec<Said>>,
}

impl Stage {
    /// Starts Fortnox, e-conomic and the cloud around it.
    pub async fn start(options: StageOptions) -> Result<Self, StageError> {
        Self::start_with(options, |_| ()).await
    }

    /// The same, with the local cloud's options changed by `tune` before it starts.
    pub async fn start_with(options: StageOptions, tune: impl FnOnce(&mut Options)) -> Result<Self, StageError> {
        std::fs::create_dir_all(&options.state)?;
        let snapshot = options.state.join("fortnox.json");
        // The file that the functions read their time from: Fortnox and e-conomic must go by the same.
        let clock_file = options.state.join("clock");
        let simulator = Simulator::start(SimulatorOptions {
            companies: options.companies,
            latency: options.latency,
            restore: (options.keep && snapshot.exists()).then_some(snapshot),
            clock: Some(fortnox_sim::clock_in(clock_file.clone(), options.start - Utc::now())),
            ..SimulatorOptions::default()
        })
        .await?;
        let snapshot = options.state.join(economic::SNAPSHOT);
        let economic = economic_sim::Simulator::start(economic_sim::SimulatorOptions {
            companies: options.economic,
            latency: options.latency,
            restore: (options.keep && snapshot.exists()).then_some(snapshot),
            clock: Some(fortnox_sim::clock_in(clock_file, options.start - Utc::now())),
            ..economic_sim::SimulatorOptions::default()
        })
        .await?;
        let mut local = Options::new(options.root.join("template.yaml"), options.binaries, &options.state);
        local.keep = options.keep;
        local.start = Some(options.start);
        local.parameters = [
            ("FortnoxApiUrl", simulator.base_url()),
            ("FortnoxAuthUrl", simulator.base_url()),
            ("EconomicApiUrl", economic.base_url()),
            ("EconomicOpenApiUrl", economic.base_url()),
            ("EconomicGrantUrl", economic.base_url()),
            ("SenderAddress", SENDER.to_owned()),
            ("SenderIdentity", SENDER_DOMAIN.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        tune(&mut local);
        let cloud = LocalCloud::start(local).await?;
        let kept = journal::settings(cloud.scan_table("SettingsTable")?);
        // What an earlier run left counts for all of it.
        let settings =
            kept.into_iter().map(|(tenant, settings)| (tenant, vec![(SINCE_EVER, Some(settings))])).collect();
        let said = Mutex::new(signals::of_earlier_run(&options.state, options.keep)?);
        Ok(Self { cloud, simulator, economic, state: options.state, settings: Mutex::new(settings), said })
    }

    /// Connects a company: its credentials are put where the functions look for them.
    pub fn connect(&self, company: &CompanyFile) -> Result<TenantId, StageError> {
        let tenant = tenant_of(company);
        self.cloud.put_item(
            "ConnectionsTable",
            &json!({
                "tenant": tenant.to_string(),
                "client_id": company.access.client_id,
                "client_secret": company.access.client_secret,
            }),
        )?;
        Ok(tenant)
    }

    /// Writes a settings item, as a person would.
    pub fn set(&self, tenant: &TenantId, scope: &Scope, fields: &Value) -> Result<(), StageError> {
        let mut item: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
        item.insert("tenant".to_owned(), json!(tenant.to_string()));
        item.insert("scope".to_owned(), json!(scope.to_string()));
        self.cloud.put_item("SettingsTable", &Value::Object(item))?;
        self.note_settings(tenant)
    }

    /// Notes the tenant's settings as they stand now.
    fn note_settings(&self, tenant: &TenantId) -> Result<(), StageError> {
        let settings = journal::settings(self.cloud.scan_table("SettingsTable")?).remove(tenant);
        let at = self.simulator.now();
        let mut told = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        told.entry(tenant.clone()).or_default().push((at, settings));
        Ok(())
    }

    fn settings_over_time(&self) -> BTreeMap<TenantId, SettingsOverTime> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Moves the clock to `instant`, lets the schedules fire, and waits until all that came of it is done.
    pub async fn advance_to(&self, instant: DateTime<Utc>) -> Result<(), StageError> {
        for firing in self.cloud.advance_to(instant).await? {
            firing.outcome.map_err(|error| format!("the schedule {} failed: {error}", firing.schedule))?;
        }
        self.settle().await
    }

    /// Waits until nothing is left to do. Whoever waits for Fortnox's rate doesn't wait in real time: after the first
    /// moments, in which the way from match to call is measured, the clock runs faster for all.
    pub async fn settle(&self) -> Result<(), StageError> {
        /// The clock's own pace lasts so long after a heartbeat.
        const MEASURED: Duration = Duration::from_millis(600);
        /// Then it's moved on by this much so often. A call on its way may see a few such steps, which must stay well
        /// below the jitter that the pacing allows for (200 ms).
        const STEP: TimeDelta = TimeDelta::milliseconds(20);
        const EVERY: Duration = Duration::from_millis(5);
        let idle = self.cloud.idle();
        tokio::pin!(idle);
        if let Ok(done) = tokio::time::timeout(MEASURED, &mut idle).await {
            return Ok(done?);
        }
        let mut beat = tokio::time::interval(EVERY);
        // Steps that were missed are not made up for: many at once would be a jump.
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                done = &mut idle => return Ok(done?),
                // A machine that is late with this is late with calls on their way, too: then the clock goes its own pace.
                tick = beat.tick() => if tick.elapsed() < EVERY {
                    self.cloud.clock().set(self.cloud.clock().now() + STEP)?;
                },
            }
        }
    }

    /// What a person does in Fortnox's own screens: one call of `method` to `path`, by nobody's token. Gives the answer's
    /// body, and an error when Fortnox says no.
    pub fn by_hand(&self, tenant: &TenantId, method: Method, path: &str, body: &Value) -> Result<Vec<u8>, StageError> {
        let mut request = SimRequest::new(method, path)
            .with_header("X-Sim-Actor", "person")
            .with_header("X-Sim-Tenant", &tenant.number().to_string());
        if method != Method::Get {
            request = request.with_json(body);
        }
        let now = self.simulator.now();
        let answer = self.simulator.with_world(|world| world.handle(now, &request));
        if answer.status >= FIRST_REFUSAL {
            return Err(format!("{method} {path} by hand: {} {}", answer.status, answer.json_body()).into());
        }
        Ok(answer.body)
    }

    /// What no function could deal with, by dead letter queue. Queues without any are left out.
    pub async fn dead_letters(&self) -> Result<BTreeMap<String, Vec<String>>, StageError> {
        let queues = self.cloud.queues();
        let mut found = BTreeMap::new();
        // Whatever isn't worked on by a function keeps what nobody could work on.
        for name in queues.iter().filter(|(_, queue)| queue.redrive.is_none()).map(|(name, _)| name) {
            let letters = self.cloud.dead_letters(name).await?;
            if !letters.is_empty() {
                found.insert(name.clone(), letters);
            }
        }
        Ok(found)
    }

    /// A person with the operator's rights.
    pub fn operator(&self) -> Result<Operator, StageError> {
        let cloud = &self.cloud;
        // Every queue that it asks for is the template's, or the first call to it fails.
        let queue_url = |queue: &str| cloud.queue_url(queue).unwrap_or_default();
        let clock_file = Some(cloud.clock().file().to_owned());
        Operator::new(cloud.dynamodb_url(), cloud.sqs_url(), cloud.region(), queue_url, clock_file)
    }

    /// What came of the run so far.
    pub fn evidence(&self) -> Result<Evidence, StageError> {
        evidence::collect(self)
    }

    /// All that must stand in no log of this run.
    pub fn planted(&self) -> Result<Planted, StageError> {
        planted::collect(self)
    }

    /// Where the functions' logs are.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// Where state, logs and mails are.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Stops everything, keeping what a later run goes on from.
    pub async fn stop(self) -> Result<(), StageError> {
        self.cloud.shutdown().await?;
        self.simulator.save(&self.state.join("fortnox.json"))?;
        self.economic.save(&self.state.join(economic::SNAPSHOT))?;
        self.save_signals()?;
        self.simulator.stop().await;
        self.economic.stop().await;
        Ok(())
    }
}

/// The tenant that a company is here.
pub fn tenant_of(company: &CompanyFile) -> TenantId {
    TenantId::new(SystemKind::Fortnox, company.company.database_number)
}
