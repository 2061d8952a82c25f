//! Decides on one draft, on its integration's word.

use domain::ids::{DraftNumber, TenantId};

use crate::{
    advance::Outcome,
    ports::{PortError, Ports},
    scan::TimeLeft,
};

/// Sweeps one draft.
#[expect(clippy::unused_async, reason = "supplied by the next commit")]
pub(super) async fn sweep<P: Ports>(
    _ports: &P,
    _tenant: &TenantId,
    _draft: DraftNumber,
    _time: &impl TimeLeft,
) -> Result<Outcome, PortError> {
    // supplied by the next commit
    Ok(Outcome::Settled)
}
