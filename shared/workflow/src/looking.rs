//! What a scan of agreements and a sweep of drafts have in common.

pub(crate) mod concerns;
pub(crate) mod overdue;
pub(crate) mod recurring;
pub(crate) mod side_by_side;
pub(crate) mod turns;
pub(crate) mod unread;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::job::JobKey;

use crate::{
    message::{BookingMessage, Message},
    ports::{PortError, Ports, Queues},
};

/// What a scan or sweep may still use of its function's time. One that runs out goes on in another invocation.
pub trait TimeLeft: Send + Sync {
    /// How long until the platform ends the invocation.
    fn time_left(&self) -> Duration;
}

/// The moment a decision is made, in the tenant's terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) today: NaiveDate,
    pub(crate) now: DateTime<Utc>,
}

/// Sends a job on its way, to come after `delay`.
pub(crate) async fn send<P: Ports>(ports: &P, job: &JobKey, delay: Duration) -> Result<(), PortError> {
    let message = Message::Booking(BookingMessage::Job { job: job.clone() });
    ports.queues().send(&message, delay).await
}
