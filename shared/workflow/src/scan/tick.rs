//! The heartbeat. It's no truth of its own: what is due stands in the tables, and a missed beat is caught up by the next.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    looking::{overdue::tell_overdue, send, side_by_side, turns},
    message::{Message, ScanMessage},
    ports::{Clock, Journal, Look, PortError, Ports, Queues, Settings},
};

/// Most tenants and most jobs that one heartbeat wakes. What is left is met by the next.
const MOST_AT_ONCE: usize = 10_000;

/// A tenant whose scan was started but not finished is started again after this: twice the function's longest run.
const SCAN_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// The schedules' inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tick", rename_all = "snake_case")]
pub enum Tick {
    /// Wake waiting jobs and start due scans.
    Scan,
    /// Give tenants that have a profile but no next scan or sweep their first one.
    Register,
}

/// Wakes jobs whose time has come and starts the scans that are due.
pub async fn tick<P: Ports>(ports: &P) -> Result<(), PortError> {
    let now = ports.clock().now();
    let jobs = ports.journal().waking(now, MOST_AT_ONCE).await?;
    let woken = turns::of_woken(jobs, now);
    let woken = side_by_side::each(woken, |(job, delay)| async move { send(ports, &job, delay).await }).await;
    let tenants = ports.settings().due_for(Look::Scan, now, MOST_AT_ONCE).await?;
    let started = side_by_side::each(tenants, |tenant| async move {
        // First the message, then the time: a crash in between scans twice, which is harmless, and never not at all.
        let message = ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0, total: None };
        ports.queues().send(&Message::Scan(message), Duration::ZERO).await?;
        ports.settings().look_again(&tenant, now + SCAN_AGAIN_AFTER).await
    });
    let started = started.await;
    tell_overdue(ports, Look::Scan).await;
    woken.and(started)
}

/// Takes up tenants that have a profile and were never scheduled, such as one written by hand.
pub async fn register<P: Ports>(ports: &P) -> Result<(), PortError> {
    let now = ports.clock().now();
    let new = ports.settings().unscheduled().await?;
    let taken_up = side_by_side::each(new, |tenant| async move {
        tracing::info!(tenant = %tenant, "taking up a new tenant");
        ports.settings().schedule_next(&tenant, now).await
    });
    taken_up.await
}
