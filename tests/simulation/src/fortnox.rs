//! Fortnox in the same process: the real adapter and the real client over the rules of the HTTP simulator, without HTTP.

mod ledger;
mod pace;
mod person;
mod state;
mod tokens;
mod wire;

use std::sync::Arc;

use accounting::FortnoxSystem;
use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use fortnox::Client;
use fortnox_sim::{CompanyFile, CompanyFileError, LedgerEntry, Switches, World};

pub use self::{
    ledger::{By, Effect, Entry},
    person::Person,
};
use self::{pace::Pace, state::State, tokens::Tokens, wire::Wire};
use crate::{clock::VirtualClock, faults::Faults};

/// No request goes there: the host's name is all that's left of HTTP.
const NOWHERE: &str = "http://fortnox.invalid";

/// The adapter as the functions use it, but for what is under it.
pub type System = FortnoxSystem<Tokens, Arc<Pace>, Wire>;

/// The companies and their books, as they are whatever the pipeline believes.
#[derive(Debug, Clone)]
pub struct Fortnox(Arc<State>);

impl Fortnox {
    pub(crate) fn new(clock: VirtualClock) -> Self {
        Self(Arc::new(State::new(clock)))
    }

    /// The way in for the pipeline.
    pub(crate) fn system(&self, clock: &VirtualClock, faults: &Faults) -> System {
        let wire = Wire::new(Arc::clone(&self.0), clock.clone(), faults.clone());
        let pace = Arc::new(Pace::new(clock.clone(), faults.clone()));
        let tokens = Tokens::new(Arc::clone(&self.0), clock.clone(), faults.clone());
        #[expect(clippy::expect_used, reason = "the constant is an address")]
        let client = Client::new(wire, NOWHERE, pace).expect("NOWHERE is written as an http address");
        FortnoxSystem::new(client, tokens)
    }

    /// A new company, as its file says.
    pub fn open(&self, company: CompanyFile) -> Result<(), CompanyFileError> {
        self.0.open(company)
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
