//! Fortnox in the same process: the real adapter and the real client over the rules of the HTTP simulator, without HTTP.

mod ledger;
mod pace;
mod person;
mod tokens;
mod ways;

use std::sync::Arc;

use accounting::FortnoxSystem;
use chrono::{DateTime, Utc};
use domain::ids::{SystemKind, TenantId};
use fortnox::Client;
use fortnox_sim::{Access, CompanyFile, CompanyFileError, LedgerEntry, SimRequest, SimResponse, Switches, World};

pub use self::{
    ledger::{By, Effect, Entry},
    person::Person,
};
use self::{pace::Pace, tokens::Tokens, ways::WAYS};
use workflow::ports::Clock;

use crate::{
    clock::VirtualClock,
    far::{Rules, State, Wire},
    faults::Faults,
};

/// No request goes there: the host's name is all that's left of HTTP.
const NOWHERE: &str = "http://fortnox.invalid";

/// The adapter as the functions use it, but for what is under it.
pub type System = FortnoxSystem<Tokens, Arc<Pace>, Wire<World>>;

/// The companies and their books, as they are whatever the pipeline believes.
#[derive(Debug, Clone)]
pub struct Fortnox(Arc<State<World>>);

impl Rules for World {
    type Access = Access;

    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        self.handle(now, request)
    }

    fn inject(&mut self, fault: fortnox_sim::Fault) {
        self.inject(fault);
    }
}

impl Fortnox {
    pub(crate) fn new(clock: VirtualClock) -> Self {
        #[expect(clippy::expect_used, reason = "nothing can be refused")]
        let world = World::new(Vec::new(), clock.now()).expect("there is no company that could be refused");
        Self(Arc::new(State::new(clock, world)))
    }

    /// The way in for the pipeline.
    pub(crate) fn system(&self, clock: &VirtualClock, faults: &Faults) -> System {
        let wire = Wire::new(Arc::clone(&self.0), WAYS, clock.clone(), faults.clone());
        let pace = Arc::new(Pace::new(clock.clone(), faults.clone()));
        let tokens = Tokens::new(Arc::clone(&self.0), clock.clone(), faults.clone());
        #[expect(clippy::expect_used, reason = "the constant is an address")]
        let client = Client::new(wire, NOWHERE, pace).expect("NOWHERE is written as an http address");
        FortnoxSystem::new(client, tokens)
    }

    /// A new company, as its file says.
    pub fn open(&self, company: CompanyFile) -> Result<(), CompanyFileError> {
        let tenant = TenantId::new(SystemKind::Fortnox, company.company.database_number);
        self.0.open(tenant, company.access.clone(), |world, now| world.add_company(company, now))
    }

    /// A person who works in the company's own screens.
    pub fn person<'a>(&'a self, tenant: &'a TenantId) -> Person<'a> {
        Person { state: &self.0, tenant }
    }

    /// Everything that happened to a company's invoices, oldest first.
    pub fn ledger(&self, tenant: &TenantId) -> Vec<Entry> {
        self.with_world(|world| ledger::of(world.ledger(), tenant))
    }

    /// Every request and what it did, as Fortnox saw it.
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

    /// The company takes its consent back, or gives it again.
    pub fn set_consent(&self, tenant: &TenantId, given: bool) {
        self.with_world(|world| world.set_consent(tenant.number(), given));
    }

    /// When the next call that is late arrives.
    pub(crate) fn next_arrival(&self) -> Option<DateTime<Utc>> {
        self.0.next_arrival()
    }

    /// Another Fortnox that is like this one and goes its own way from here, by `clock`.
    pub(crate) fn copy(&self, clock: VirtualClock) -> Self {
        Self(Arc::new(self.0.copy(clock)))
    }
}
