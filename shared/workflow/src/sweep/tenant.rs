//! Reads a tenant's drafts and decides on each.

use domain::ids::{DraftNumber, TenantId};

use crate::{
    advance::Outcome,
    ports::{PortError, Ports},
    scan::TimeLeft,
};

/// Sweeps the tenant's drafts with numbers above `after`.
#[expect(clippy::unused_async, reason = "supplied by the next commit")]
pub(super) async fn sweep<P: Ports>(
    _ports: &P,
    _tenant: &TenantId,
    _after: Option<DraftNumber>,
    _time: &impl TimeLeft,
) -> Result<Outcome, PortError> {
    // supplied by the next commit
    Ok(Outcome::Settled)
}
