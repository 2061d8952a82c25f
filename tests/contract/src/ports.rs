//! What every store behind the workflow's `Settings`, `Journal` and `Signals` must do, as one suite of checks.
//!
//! A store joins by implementing [`Store`] and calling `ports_suite!(crate::mine::MyStore);`, which makes one test of each
//! check. A check reads back through the ports wherever they can read, and through [`Store`] where they only write.

pub mod claiming;
pub mod concerns;
pub mod day;
pub mod deeds;
pub mod digests;
pub mod histories;
pub mod opening;
pub mod pages;
pub mod preflight;
pub mod prices;
pub mod sample;
pub mod saving;
pub mod schedule;
pub mod settings;
pub mod signals;
mod suite;
pub mod waking;

use std::future::Future;

use chrono::NaiveDate;
use domain::{
    draft::DraftDecision,
    ids::TenantId,
    job::{Event, JobKey},
    settings::Scope,
};
use serde_json::{Map, Value};
use workflow::ports::{Digests, Journal, PriceBook, ScanPage, Settings, SignalSecrets, Signals};

/// A store under test, and a way around the ports for what they can't show or make.
pub trait Store: Sized {
    /// Its settings.
    type Settings: Settings;
    /// Its journal.
    type Journal: Journal + Digests;
    /// Its ready signals.
    type Signals: Signals;
    /// What they are signed with.
    type Secrets: SignalSecrets;
    /// What it remembers of prices.
    type Prices: PriceBook;

    /// An empty one, that nobody else uses.
    fn open() -> impl Future<Output = Self>;

    /// Its settings.
    fn settings(&self) -> &Self::Settings;

    /// Its journal.
    fn journal(&self) -> &Self::Journal;

    /// Its ready signals.
    fn signals(&self) -> &Self::Signals;

    /// What they are signed with.
    fn secrets(&self) -> &Self::Secrets;

    /// What it remembers of prices.
    fn prices(&self) -> &Self::Prices;

    /// Gives a tenant's integration a secret as a person would, beside those it has.
    fn put_secret(&self, tenant: &TenantId, id: &str, secret: &str);

    /// Writes a settings item as a person would, in the place of the one there was.
    fn put_settings(&self, tenant: &TenantId, scope: Scope, item: Map<String, Value>);

    /// A job's events, oldest first.
    fn story(&self, key: &JobKey) -> Vec<Event>;

    /// The pages kept of a tenant's scans, by time and number.
    fn pages(&self, tenant: &TenantId) -> Vec<ScanPage>;

    /// The pages kept of a tenant's sweeps, by day and number. When each was read isn't kept.
    fn sweeps(&self, tenant: &TenantId) -> Vec<(NaiveDate, u32, Vec<DraftDecision>)>;
}
