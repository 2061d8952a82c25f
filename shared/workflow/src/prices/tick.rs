//! The comparisons' heartbeat. It's no truth of its own: what is due stands in the journal, and a missed beat is caught up by the
//! next.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    looking::side_by_side,
    message::{Message, PriceMessage},
    ports::{Clock, PortError, Ports, PriceBook, Queues},
};

/// Most tenants that one heartbeat wakes. What is left is met by the next.
const MOST_AT_ONCE: usize = 10_000;

/// A comparison that was started but not gone on with is started again after this: as the scans'.
const START_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// The schedule's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tick", rename_all = "snake_case")]
pub enum PriceTick {
    /// Go on with due comparisons.
    Prices,
}

/// Has the comparisons gone on with that are due.
pub async fn tick<P: Ports>(ports: &P) -> Result<(), PortError> {
    let now = ports.clock().now();
    let tenants = ports.prices().due(now, MOST_AT_ONCE).await?;
    let asked = side_by_side::each(tenants, |tenant| async move {
        // First the message, then the time: a crash in between asks twice, which is harmless, and never not at all.
        let message = PriceMessage::Tenant { tenant: tenant.clone() };
        ports.queues().send(&Message::Prices(message), Duration::ZERO).await?;
        ports.prices().put_off(&tenant, now + START_AGAIN_AFTER).await
    });
    asked.await
}
