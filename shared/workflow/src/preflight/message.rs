//! A pre-flight on demand, by a message of the scan queue.

use std::time::Duration;

use domain::{hold::HoldReason, ids::TenantId};

use super::{PreflightError, run};
use crate::{
    advance::Outcome,
    looking::{Moment, TimeLeft, concerns::Concerns},
    ports::{Clock, PortError, Ports, Subject},
};

/// An accounting system that doesn't answer is asked again after this.
const ASK_AGAIN: Duration = Duration::from_mins(10);

/// Runs it. Its report is kept; what stands in its way passes by itself, or is told as a concern.
pub(crate) async fn work<P: Ports>(ports: &P, tenant: &TenantId, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match run(ports, tenant, time).await {
        Ok(_) => Ok(Outcome::Settled),
        Err(PreflightError::Busy { retry_in }) => Ok(Outcome::Again(retry_in)),
        Err(PreflightError::NoAnswer { .. }) => {
            tracing::warn!(tenant = %tenant, "no pre-flight: the accounting system doesn't answer");
            Ok(Outcome::Again(ASK_AGAIN))
        }
        Err(PreflightError::Port(error)) => Err(error),
        Err(error @ PreflightError::Unknown(_)) => {
            let now = ports.clock().now();
            let reason = HoldReason::TenantBlocked {
                problem: error.to_string(),
                advice: "write a profile for it in the settings, then run the pre-flight again".to_owned(),
            };
            let mut concerns = Concerns::load(ports.journal(), tenant).await?;
            concerns.set(Subject::Tenant, Some(&reason), Moment { today: now.date_naive(), now }).await?;
            Ok(Outcome::Settled)
        }
    }
}
