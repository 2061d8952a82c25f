//! e-conomic in the same process: the real adapter and the real client over the rules of the HTTP simulator, without HTTP.

mod person;
mod ways;

use std::{sync::Arc, time::Duration};

use accounting::{EconomicSystem, Grant, Grants, TokenError};
use chrono::{DateTime, Utc};
use domain::ids::{SystemKind, TenantId};
use economic::{AgreementGrantToken, AppSecretToken, LocalPacer, Settings};
use economic_sim::{Access, CompanyFile, CompanyFileError, LedgerEntry, SimRequest, SimResponse, Switches, World};
use workflow::ports::Clock;

pub use self::person::Person;
use self::ways::WAYS;
use crate::{
    clock::VirtualClock,
    far::{Rules, State, Wire},
    faults::Faults,
};

/// No request goes there: the host's name is all that's left of HTTP.
const NOWHERE: &str = "http://economic.invalid";
/// How long a worker of the functions waits for a slot.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// The adapter as the functions use it, but for what is under it.
pub type System = EconomicSystem<Tokens, Arc<LocalPacer<Time>>, Wire<World>>;

/// The companies and their books, as they are whatever the pipeline believes.
#[derive(Debug, Clone)]
pub struct Economic(Arc<State<World>>);

impl Rules for World {
    type Access = Access;

    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        self.handle(now, request)
    }

    fn inject(&mut self, fault: economic_sim::Fault) {
        self.inject(fault);
    }
}

impl Economic {
    pub(crate) fn new(clock: VirtualClock) -> Self {
        #[expect(clippy::expect_used, reason = "nothing can be refused")]
        let world = World::new(Vec::new(), clock.now()).expect("there is no company that could be refused");
        Self(Arc::new(State::new(clock, world)))
    }

    /// The way in for the pipeline.
    pub(crate) fn system(&self, clock: &VirtualClock, faults: &Faults) -> System {
        let wire = Wire::new(Arc::clone(&self.0), WAYS, clock.clone(), faults.clone());
        let pacer = Arc::new(LocalPacer::with_clock(LONGEST_WAIT, Time(clock.clone())));
        let settings =
            Settings { rest_url: NOWHERE.to_owned(), open_api_url: NOWHERE.to_owned(), ..Settings::default() };
        EconomicSystem::new(wire, settings, pacer, Tokens(Arc::clone(&self.0)))
    }

    /// A new company, as its file says.
    pub fn open(&self, company: CompanyFile) -> Result<(), CompanyFileError> {
        let tenant = TenantId::new(SystemKind::Economic, company.agreement_number);
        self.0.open(tenant, company.access.clone(), |world, now| world.add_company(company, now))
    }

    /// A person who works in the company's own screens, or the program that puts drafts there.
    pub fn person<'a>(&'a self, tenant: &'a TenantId) -> Person<'a> {
        Person { state: &self.0, tenant }
    }

    /// Every request and what it did, as e-conomic saw it.
    pub fn requests(&self) -> Vec<LedgerEntry> {
        self.with_world(|world| world.ledger().to_vec())
    }

    /// Looks into the world, or changes it, between requests. What was late and should be there by now has arrived.
    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.0.with(act)
    }

    /// Turns switches of a company.
    pub fn switch(&self, tenant: &TenantId, turn: impl FnOnce(&mut Switches)) {
        self.with_world(|world| world.switches_mut(tenant.number()).map(turn));
    }

    /// When the next call that is late arrives.
    pub(crate) fn next_arrival(&self) -> Option<DateTime<Utc>> {
        self.0.next_arrival()
    }

    /// Another e-conomic that is like this one and goes its own way from here, by `clock`.
    pub(crate) fn copy(&self, clock: VirtualClock) -> Self {
        Self(Arc::new(self.0.copy(clock)))
    }
}

/// The companies' tokens.
#[derive(Debug)]
pub struct Tokens(Arc<State<World>>);

impl Grants for Tokens {
    async fn grant(&self, tenant: &TenantId) -> Result<Grant, TokenError> {
        let access = self.0.access(tenant).ok_or_else(|| TokenError::Blocked {
            problem: "the company is not connected".to_owned(),
            advice: "connect the company".to_owned(),
        })?;
        Ok(Grant {
            app: AppSecretToken::new(access.app_secret_token),
            agreement: AgreementGrantToken::new(access.agreement_grant_token),
        })
    }

    async fn rejected(&self, _tenant: &TenantId) {}
}

/// The client's time is the simulation's.
#[derive(Debug)]
pub struct Time(VirtualClock);

impl economic::Clock for Time {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.now().timestamp_millis()).unwrap_or(0)
    }

    async fn sleep_until_ms(&self, moment_ms: u64) {
        if let Some(at) = i64::try_from(moment_ms).ok().and_then(DateTime::from_timestamp_millis) {
            self.0.sleep_until(at).await;
        }
    }
}
