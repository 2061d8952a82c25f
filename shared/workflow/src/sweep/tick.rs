//! The sweeps' heartbeat. It's no truth of its own: what is due stands in the tables, and a missed beat is caught up by the
//! next.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    looking::{overdue::tell_overdue, side_by_side},
    message::{Message, SweepMessage},
    ports::{Clock, Look, PortError, Ports, Queues, Settings},
};

/// Most tenants that one heartbeat wakes. What is left is met by the next.
const MOST_AT_ONCE: usize = 10_000;

/// A tenant whose sweep was started but not finished is started again after this: three times the function's longest run.
const SWEEP_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// The schedule's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tick", rename_all = "snake_case")]
pub enum SweepTick {
    /// Start due sweeps.
    Sweep,
}

/// Starts the sweeps that are due. Jobs that wait are woken by the scans' heartbeat, whatever they come of.
pub async fn tick<P: Ports>(ports: &P) -> Result<(), PortError> {
    let now = ports.clock().now();
    let tenants = ports.settings().due_for(Look::Sweep, now, MOST_AT_ONCE).await?;
    let started = side_by_side::each(tenants, |tenant| async move {
        // First the message, then the time: a crash in between sweeps twice, which is harmless, and never not at all.
        let message = SweepMessage::Tenant { tenant: tenant.clone(), after: None };
        ports.queues().send(&Message::Sweep(message), Duration::ZERO).await?;
        ports.settings().look_again(&tenant, now + SWEEP_AGAIN_AFTER).await
    });
    let started = started.await;
    tell_overdue(ports, Look::Sweep).await;
    started
}
