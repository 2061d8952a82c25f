//! A pre-flight on demand, by a message of the scan queue.

use std::time::Duration;

use domain::ids::TenantId;

use super::{PreflightError, run};
use crate::{
    advance::Outcome,
    looking::TimeLeft,
    ports::{PortError, Ports},
};

/// An accounting system that doesn't answer is asked again after this.
const ASK_AGAIN: Duration = Duration::from_mins(10);

/// Runs it. Its report is kept; what stands in its way passes by itself.
pub(crate) async fn work<P: Ports>(ports: &P, tenant: &TenantId, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match run(ports, tenant, time).await {
        Ok(_) => Ok(Outcome::Settled),
        Err(PreflightError::Busy { retry_in }) => Ok(Outcome::Again(retry_in)),
        Err(PreflightError::NoAnswer { .. }) => {
            tracing::warn!(tenant = %tenant, "no pre-flight: the accounting system doesn't answer");
            Ok(Outcome::Again(ASK_AGAIN))
        }
        Err(PreflightError::Port(error)) => Err(error),
        // Nothing may be written of a tenant that there isn't: it may just have been erased.
        Err(PreflightError::Unknown(_)) => {
            tracing::warn!(tenant = %tenant, "no pre-flight: the tenant has no settings");
            Ok(Outcome::Settled)
        }
    }
}
