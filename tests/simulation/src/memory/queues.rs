//! The three queues in memory: at least once, in any order.

use std::{sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use workflow::{
    Message, ScanMessage,
    ports::{Clock, PortError, Queues},
};

use crate::{
    clock::VirtualClock,
    faults::{Call, Faults},
    lock,
};

/// How long a message that was taken and not deleted stays hidden: six times a worker's two minutes, as AWS advises.
pub const VISIBILITY: TimeDelta = TimeDelta::minutes(12);

/// The queues, as one list.
#[derive(Debug)]
pub struct MemoryQueues {
    state: Mutex<State>,
    clock: VirtualClock,
    faults: Faults,
}

#[derive(Debug, Default)]
struct State {
    receipts: u64,
    waiting: Vec<Waiting>,
    /// Every message there ever was.
    sent: Vec<(Queue, String)>,
}

#[derive(Debug, Clone)]
struct Waiting {
    receipt: u64,
    visible_at: DateTime<Utc>,
    queue: Queue,
    body: String,
}

#[derive(Debug, Clone, Copy)]
enum Queue {
    Scan,
    Booking,
    Delivery,
}

/// A message in a worker's hands. It comes again unless it's deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Message,
    receipt: u64,
}

impl State {
    fn add(&mut self, queue: Queue, body: String, visible_at: DateTime<Utc>) {
        self.receipts += 1;
        self.sent.push((queue, body.clone()));
        self.waiting.push(Waiting { receipt: self.receipts, visible_at, queue, body });
    }
}

impl Waiting {
    fn decode(&self) -> Result<Message, serde_json::Error> {
        Ok(match self.queue {
            Queue::Scan => Message::Scan(serde_json::from_str(&self.body)?),
            Queue::Booking => Message::Booking(serde_json::from_str(&self.body)?),
            Queue::Delivery => Message::Delivery(serde_json::from_str(&self.body)?),
        })
    }
}

impl MemoryQueues {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        Self { state: Mutex::default(), clock, faults }
    }

    /// Takes the first message that can be seen now, which is then hidden for [`VISIBILITY`].
    pub fn receive(&self) -> Option<Received> {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        let waiting = state.waiting.iter_mut().find(|waiting| waiting.visible_at <= now)?;
        waiting.visible_at = now + VISIBILITY;
        // What was sent can be read back: `send` saw to that.
        let message = waiting.decode().ok()?;
        Some(Received { message, receipt: waiting.receipt })
    }

    /// The worker is done with it.
    pub fn delete(&self, received: &Received) {
        lock(&self.state).waiting.retain(|waiting| waiting.receipt != received.receipt);
    }

    /// The worker wants it again after `delay`.
    pub fn come_again(&self, received: &Received, delay: Duration) {
        let at = self.clock.now() + TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        for waiting in &mut lock(&self.state).waiting {
            if waiting.receipt == received.receipt {
                waiting.visible_at = at;
            }
        }
    }

    /// Doubles every message, as a standard queue may.
    pub fn duplicate(&self) {
        let mut state = lock(&self.state);
        for waiting in state.waiting.clone() {
            state.add(waiting.queue, waiting.body, waiting.visible_at);
        }
    }

    /// Turns the order round, as a standard queue may.
    pub fn reverse(&self) {
        lock(&self.state).waiting.reverse();
    }

    /// Every message comes later by `by`.
    pub fn delay(&self, by: TimeDelta) {
        for waiting in &mut lock(&self.state).waiting {
            waiting.visible_at += by;
        }
    }

    /// Some messages of long ago come again: `count` of them, from all of the past.
    pub fn old_again(&self, count: usize) {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        let every = state.sent.len().div_ceil(count.max(1)).max(1);
        let old: Vec<_> = state.sent.iter().step_by(every).cloned().collect();
        for (queue, body) in old {
            state.add(queue, body, now);
        }
    }

    /// A scan of the tenant is asked for, besides those that the heartbeat asks for.
    pub fn ask_for_scan(&self, tenant: &TenantId) {
        let message = Message::Scan(ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0 });
        if let Ok(body) = message.body() {
            lock(&self.state).add(Queue::Scan, body, self.clock.now());
        }
    }

    /// Loses every message. A queue doesn't; a person who purges one, or a dead letter nobody looks at, does.
    pub fn lose_all(&self) {
        lock(&self.state).waiting.clear();
    }

    /// How many messages there are, hidden ones included.
    pub fn len(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the next message can be seen.
    pub fn next_visible(&self) -> Option<DateTime<Utc>> {
        lock(&self.state).waiting.iter().map(|waiting| waiting.visible_at).min()
    }
}

impl Queues for MemoryQueues {
    async fn send(&self, message: &Message, delay: Duration) -> Result<(), PortError> {
        let unwritable = |error: serde_json::Error| PortError::new("writing a message", error);
        let body = message.body().map_err(unwritable)?;
        let queue = match message {
            Message::Scan(_) => Queue::Scan,
            Message::Booking(_) => Queue::Booking,
            Message::Delivery(_) => Queue::Delivery,
        };
        let visible_at = self.clock.now() + TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        let waiting = Waiting { receipt: 0, visible_at, queue, body };
        waiting.decode().map_err(unwritable)?;
        let send = || lock(&self.state).add(waiting.queue, waiting.body, waiting.visible_at);
        self.faults.store(Call::SendMessage, "sending a message", send).await
    }
}
