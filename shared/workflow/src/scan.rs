//! The use case of the function `scan`: wake what waits, find the tenants that are due, read their agreements, decide.

mod agreement;
pub(crate) mod concerns;
pub(crate) mod jobs;
mod next_time;
mod tenant;
mod tick;
pub(crate) mod unread;

use std::time::Duration;

pub use tick::{Tick, register, tick};

use crate::{
    advance::Outcome,
    message::ScanMessage,
    ports::{PortError, Ports},
};

/// What a scan may still use of its function's time. A scan that runs out goes on in another invocation.
pub trait TimeLeft: Send + Sync {
    /// How long until the platform ends the invocation.
    fn time_left(&self) -> Duration;
}

/// Carries out a message of the scan queue.
pub async fn work<P: Ports>(ports: &P, message: &ScanMessage, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match message {
        ScanMessage::Tenant { tenant, page, counted, total } => {
            let from = tenant::From { page: *page, counted: *counted, total: *total };
            tenant::scan(ports, tenant, from, time).await
        }
        ScanMessage::Agreement { tenant, agreement } => agreement::scan(ports, tenant, agreement).await,
    }
}
