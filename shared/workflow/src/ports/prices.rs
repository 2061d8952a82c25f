//! What is remembered of prices: how far each tenant's comparison has come, its agreements, and what its lists said.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::{AgreementNumber, ArticleNumber, PriceListCode, TenantId},
    prices::{ListPrices, PriceNote, Round, Watched},
};

use super::{PortError, SaveError};

/// A comparison in a worker's hands, and the version that the next write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedRound {
    /// How far it has come.
    pub round: Round,
    /// Its version.
    pub version: u64,
}

/// What came of asking for a tenant's comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundClaim {
    /// It's yours until the lease ends.
    Taken(ClaimedRound),
    /// Another worker has it.
    Busy,
    /// The tenant's prices aren't watched.
    Missing,
}

/// What becomes of a comparison that was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// The worker keeps it until then. Who dies leaves it to the heartbeat after that.
    Keep(DateTime<Utc>),
    /// It's given back, and looked at again then.
    GiveBack(DateTime<Utc>),
    /// It's given back, and looked at only when it's started anew.
    Stop,
}

/// What is remembered of an agreement, and the version that the next write must find. None has been written yet: 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedAgreement {
    /// Which.
    pub number: AgreementNumber,
    /// What is remembered.
    pub watched: Watched,
    /// Its version.
    pub version: u64,
}

/// What a tenant's lists said when they were last asked.
pub type PriceLists = BTreeMap<(ArticleNumber, PriceListCode), ListPrices>;

/// What is remembered of prices.
pub trait PriceBook: Send + Sync {
    /// Has a tenant's prices watched from an instant on, unless they are already.
    fn start(&self, tenant: &TenantId, at: DateTime<Utc>) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Tenants whose comparison is to go on by now, the longest waiting first, at most `limit`.
    fn due(&self, now: DateTime<Utc>, limit: usize) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;

    /// Moves the instant of a comparison that somebody has been asked to go on with.
    fn put_off(&self, tenant: &TenantId, until: DateTime<Utc>) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Takes a tenant's comparison for `lease`, if nobody else has it.
    fn claim(
        &self,
        tenant: &TenantId,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> impl Future<Output = Result<RoundClaim, PortError>> + Send;

    /// Writes down how far it has come, on the condition that its version stands.
    fn save(
        &self,
        tenant: &TenantId,
        claimed: &mut ClaimedRound,
        then: Hands,
    ) -> impl Future<Output = Result<(), SaveError>> + Send;

    /// Some of the agreements behind `after`, in an order of the store's own. None are left when none come.
    fn watched(
        &self,
        tenant: &TenantId,
        after: Option<&AgreementNumber>,
    ) -> impl Future<Output = Result<Vec<WatchedAgreement>, PortError>> + Send;

    /// The numbers of all of them.
    fn watched_numbers(
        &self,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<BTreeSet<AgreementNumber>, PortError>> + Send;

    /// One of them.
    fn watched_one(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
    ) -> impl Future<Output = Result<Option<WatchedAgreement>, PortError>> + Send;

    /// Remembers an agreement, on the condition that its version stands.
    fn watch(
        &self,
        tenant: &TenantId,
        agreement: &mut WatchedAgreement,
    ) -> impl Future<Output = Result<(), SaveError>> + Send;

    /// Forgets an agreement.
    fn forget(&self, tenant: &TenantId, number: &AgreementNumber)
    -> impl Future<Output = Result<(), PortError>> + Send;

    /// What the tenant's lists said.
    fn lists(&self, tenant: &TenantId) -> impl Future<Output = Result<PriceLists, PortError>> + Send;

    /// Remembers what a list says of an article; `None` forgets it.
    fn keep_list(
        &self,
        tenant: &TenantId,
        article: &ArticleNumber,
        list: &PriceListCode,
        prices: Option<&ListPrices>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Adds a line to the tenant's day. One about the same document of the same instant takes the place of the one there was.
    fn note(
        &self,
        tenant: &TenantId,
        date: NaiveDate,
        note: &PriceNote,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The lines of the tenant's day, in their order.
    fn notes(
        &self,
        tenant: &TenantId,
        date: NaiveDate,
    ) -> impl Future<Output = Result<Vec<PriceNote>, PortError>> + Send;
}
