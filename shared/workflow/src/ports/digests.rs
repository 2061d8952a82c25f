//! What the digests are made from, when they're made, and what became of them.

use std::{collections::HashSet, future::Future};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    digest::{Kept, Line, MailKey, Outlook, Span},
    ids::TenantId,
    job::Job,
};

use super::{PortError, SaveError};

/// A digest or a notice as it was read, and the version that the next write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// What is kept.
    pub kept: Kept,
    /// Its version.
    pub version: u64,
}

/// The part of the journal that the digests are about.
pub trait Digests: Send + Sync {
    /// How long after a concern about the tenant as a whole was raised its digests are woken: by then it has been written.
    const TOLD_AFTER: TimeDelta = TimeDelta::seconds(30);

    /// Has a tenant's digests made from an instant on, unless they are already.
    fn start_digests(&self, tenant: &TenantId, at: DateTime<Utc>)
    -> impl Future<Output = Result<(), PortError>> + Send;

    /// Tenants whose digests are made.
    fn with_digests(&self) -> impl Future<Output = Result<HashSet<TenantId>, PortError>> + Send;

    /// Tenants for whom something is to be told or looked for by now, the longest waiting first, at most `limit`.
    fn due_digests(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<TenantId>, PortError>> + Send;

    /// When that is for a tenant; `None` if its digests aren't made.
    fn digests_wake(&self, tenant: &TenantId) -> impl Future<Output = Result<Option<DateTime<Utc>>, PortError>> + Send;

    /// Moves that instant, or with `None` has no digests made any more: if it's still `from`. It isn't when something came up
    /// meanwhile that is to be told of, and then it stays.
    fn move_digests(
        &self,
        tenant: &TenantId,
        from: DateTime<Utc>,
        to: Option<DateTime<Utc>>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// What came true in a span of time, in its order. Each was written in one go with what it tells: a job's outcome, or
    /// a mail's record.
    fn happened(&self, tenant: &TenantId, span: Span) -> impl Future<Output = Result<Vec<Line>, PortError>> + Send;

    /// The tenant's jobs that are held or failed, the longest waiting first, at most `limit`.
    fn waiting(&self, tenant: &TenantId, limit: usize) -> impl Future<Output = Result<Vec<Job>, PortError>> + Send;

    /// What the newest decisions say, seen on the tenant's date `day`.
    fn outlook(&self, tenant: &TenantId, day: NaiveDate) -> impl Future<Output = Result<Outlook, PortError>> + Send;

    /// The tenant's newest digest.
    fn newest_digest(&self, tenant: &TenantId) -> impl Future<Output = Result<Option<KeptMail>, PortError>> + Send;

    /// A digest or a notice.
    fn kept(
        &self,
        tenant: &TenantId,
        key: &MailKey,
    ) -> impl Future<Output = Result<Option<KeptMail>, PortError>> + Send;

    /// Keeps a new one, unless there is one with its key already: tells whether it was kept.
    fn keep_new(&self, tenant: &TenantId, kept: &Kept) -> impl Future<Output = Result<bool, PortError>> + Send;

    /// Writes what became of one, on the condition that its version stands.
    fn settle(&self, tenant: &TenantId, mail: &mut KeptMail) -> impl Future<Output = Result<(), SaveError>> + Send;
}
