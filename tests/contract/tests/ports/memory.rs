//! The store in memory, which scenario tests and the simulation run on.

use chrono::NaiveDate;
use contract::ports::{Store, sample::morning};
use domain::{
    draft::DraftDecision,
    ids::TenantId,
    job::{Event, JobKey},
    settings::Scope,
    signal::SignalSecret,
};
use serde_json::{Map, Value};
use simulation::{Memory, MemoryJournal, MemoryMails, MemoryPrices, MemorySettings, MemorySignals, VirtualClock};
use workflow::ports::ScanPage;

pub(crate) struct MemoryStore(Memory);

impl Store for MemoryStore {
    type Settings = MemorySettings;
    type Journal = MemoryJournal;
    type Signals = MemorySignals;
    type Secrets = MemorySignals;
    type Prices = MemoryPrices;
    type Mails = MemoryMails;

    async fn open() -> Self {
        Self(Memory::new(VirtualClock::new(morning())))
    }

    fn settings(&self) -> &MemorySettings {
        self.0.settings()
    }

    fn journal(&self) -> &MemoryJournal {
        self.0.journal()
    }

    fn signals(&self) -> &MemorySignals {
        self.0.signals()
    }

    fn secrets(&self) -> &MemorySignals {
        self.0.signals()
    }

    fn prices(&self) -> &MemoryPrices {
        self.0.prices()
    }

    fn mails(&self) -> &MemoryMails {
        self.0.mails()
    }

    fn put_secret(&self, tenant: &TenantId, id: &str, secret: &str) {
        // One that is too short is none.
        if let Ok(secret) = SignalSecret::new(tenant.clone(), id, secret) {
            self.0.signals().put_secret(secret);
        }
    }

    fn put_settings(&self, tenant: &TenantId, scope: Scope, item: Map<String, Value>) {
        self.0.settings().put(tenant, scope, item);
    }

    fn story(&self, key: &JobKey) -> Vec<Event> {
        self.0.journal().story(key)
    }

    fn sweeps(&self, tenant: &TenantId) -> Vec<(NaiveDate, u32, Vec<DraftDecision>)> {
        let pages = self.0.journal().sweeps(tenant).into_iter();
        pages.map(|page| (page.date, page.page, page.decisions)).collect()
    }

    fn pages(&self, tenant: &TenantId) -> Vec<ScanPage> {
        self.0.journal().pages(tenant)
    }
}

contract::ports_suite!(crate::memory::MemoryStore);
