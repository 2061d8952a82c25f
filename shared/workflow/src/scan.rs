//! The use case of the function `scan`: wake what waits, find the tenants that are due, read their agreements, decide.

mod agreement;
mod jobs;
mod next_time;
pub(crate) mod row;
mod tenant;
mod tick;

pub use tick::{Tick, register, tick};

use crate::{
    advance::Outcome,
    looking::TimeLeft,
    message::ScanMessage,
    ports::{PortError, Ports},
    preflight,
};

/// Carries out a message of the scan queue. On the heap, since each of them is large: what settings hold.
pub async fn work<P: Ports>(ports: &P, message: &ScanMessage, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match message {
        ScanMessage::Tenant { tenant, page, counted, total } => {
            let progress = tenant::Progress { page: *page, counted: *counted, total: *total };
            Box::pin(tenant::scan(ports, tenant, progress, time)).await
        }
        ScanMessage::Agreement { tenant, agreement } => Box::pin(agreement::scan(ports, tenant, agreement)).await,
        ScanMessage::Preflight { tenant } => Box::pin(preflight::work(ports, tenant, time)).await,
    }
}
