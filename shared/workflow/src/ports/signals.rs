//! What integrations say of drafts, and what they sign it with.

use std::future::Future;

use domain::{
    ids::{DraftNumber, TenantId},
    job::JobKey,
    signal::{ReadySignal, SignalSecret},
};

use super::PortError;

/// What came of keeping a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It's the first of its kind.
    New,
    /// It was said before: by the same nonce of the same draft, or of the same job by another.
    Known {
        /// As it was said first.
        first: ReadySignal,
    },
    /// Its nonce was used for another draft.
    NonceUsed,
}

/// The ready signals that wait for their drafts.
pub trait Signals: Send + Sync {
    /// Keeps a signal and its nonce, together or not at all. One of an earlier job with the same draft's number gives way.
    fn keep(&self, signal: &ReadySignal) -> impl Future<Output = Result<Kept, PortError>> + Send;

    /// All that wait for drafts of the tenant, by their numbers.
    fn of_tenant(&self, tenant: &TenantId) -> impl Future<Output = Result<Vec<ReadySignal>, PortError>> + Send;

    /// What waits for one draft.
    fn of_draft(
        &self,
        tenant: &TenantId,
        draft: DraftNumber,
    ) -> impl Future<Output = Result<Option<ReadySignal>, PortError>> + Send;

    /// Forgets a draft's signal if it's still this job's: the job is done with it. Another's stays, and none is no error.
    fn settle(
        &self,
        tenant: &TenantId,
        draft: DraftNumber,
        job: &JobKey,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What integrations sign with.
pub trait SignalSecrets: Send + Sync {
    /// The tenant's live secrets.
    fn secrets(&self, tenant: &TenantId) -> impl Future<Output = Result<Vec<SignalSecret>, PortError>> + Send;
}
