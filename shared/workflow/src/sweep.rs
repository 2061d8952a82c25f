//! The use case of the function `sweep`: find the tenants that are due, read their drafts, decide.

pub(crate) mod desk;
mod draft;
mod jobs;
pub(crate) mod lives;
pub(crate) mod signals;
mod tenant;
mod tick;

pub use tick::{SweepTick, tick};

use crate::{
    advance::Outcome,
    looking::TimeLeft,
    message::SweepMessage,
    ports::{PortError, Ports},
};

/// Carries out a message of the sweep queue.
pub async fn work<P: Ports>(ports: &P, message: &SweepMessage, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match message {
        SweepMessage::Tenant { tenant, after } => tenant::sweep(ports, tenant, *after, time).await,
        SweepMessage::Draft { tenant, draft } => draft::sweep(ports, tenant, *draft).await,
    }
}
