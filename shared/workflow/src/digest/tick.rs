//! The digests' heartbeat. It's no truth of its own: what is due stands in the journal, and a missed beat is caught up by the next.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    looking::side_by_side,
    message::{DigestMessage, Message},
    ports::{Clock, Digests, PortError, Ports, Queues, Settings},
};

/// Most tenants that one heartbeat wakes. What is left is met by the next.
const MOST_AT_ONCE: usize = 10_000;

/// A digest that was asked for but not made is asked for again after this: as the scans.
const START_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// The schedules' inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tick", rename_all = "snake_case")]
pub enum DigestTick {
    /// Have due digests and notices made.
    Digest,
    /// Take up tenants that have a profile and no digests yet.
    RegisterDigests,
}

/// Has the digests and notices made that are due.
pub async fn tick<P: Ports>(ports: &P) -> Result<(), PortError> {
    let now = ports.clock().now();
    let tenants = ports.journal().due_digests(now, MOST_AT_ONCE).await?;
    let started = side_by_side::each(tenants, |tenant| async move {
        let Some(seen) = ports.journal().digests_wake(&tenant).await?.filter(|seen| *seen <= now) else {
            return Ok(());
        };
        // First the time, then the message: a worker that's faster than this goes by the time that it finds, and can't move it on
        // once it was moved meanwhile. Whoever dies in between has it asked for again then.
        ports.journal().move_digests(&tenant, seen, Some(now + START_AGAIN_AFTER)).await?;
        ports.queues().send(&Message::Digest(DigestMessage::Tenant { tenant }), Duration::ZERO).await
    });
    started.await
}

/// Takes up tenants that have a profile and no digests yet, such as new ones.
pub async fn register<P: Ports>(ports: &P) -> Result<(), PortError> {
    let (now, known) = (ports.clock().now(), ports.journal().with_digests().await?);
    let mut new = ports.settings().tenants().await?;
    new.retain(|tenant| !known.contains(tenant));
    side_by_side::each(new, |tenant| async move { ports.journal().start_digests(&tenant, now).await }).await
}
