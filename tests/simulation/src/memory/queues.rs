//! The four queues in memory: at least once, in any order.

use std::{sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use workflow::{
    Message, ScanMessage, WorkQueue,
    dead_letters::Record,
    ports::{Clock, PortError, Queues},
};

use super::dead_letters::Letters;
use crate::{
    clock::VirtualClock,
    faults::{Call, Faults},
    lock,
};

/// How long a message that was taken and not deleted stays hidden: six times a worker's two minutes, as AWS advises.
pub const VISIBILITY: TimeDelta = TimeDelta::minutes(12);

/// How often a message is handed out before it goes to the dead letters: the template's default.
pub const MOST_TRIES: u32 = 5;

/// The queues, as one list.
#[derive(Debug)]
pub struct MemoryQueues {
    pub(super) state: Mutex<State>,
    pub(super) clock: VirtualClock,
    pub(super) faults: Faults,
}

#[derive(Debug, Default)]
pub(super) struct State {
    receipts: u64,
    waiting: Vec<Waiting>,
    /// Every message there ever was.
    sent: Vec<(WorkQueue, String)>,
    pub(super) letters: Letters,
}

#[derive(Debug, Clone)]
struct Waiting {
    receipt: u64,
    visible_at: DateTime<Utc>,
    sent_at: DateTime<Utc>,
    tries: u32,
    queue: WorkQueue,
    body: String,
}

/// A message in a worker's hands. It comes again unless it's deleted, and too often means to the dead letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// What its worker may say of it.
    pub record: Record,
    receipt: u64,
}

impl State {
    fn add(&mut self, queue: WorkQueue, body: String, sent_at: DateTime<Utc>, visible_at: DateTime<Utc>) {
        self.receipts += 1;
        self.sent.push((queue, body.clone()));
        self.waiting.push(Waiting { receipt: self.receipts, visible_at, sent_at, tries: 0, queue, body });
    }

    /// Hands out the first message that can be seen, after moving those that were handed out too often.
    fn hand_out(&mut self, now: DateTime<Utc>, wanted: impl Fn(&Waiting) -> bool) -> Option<&Waiting> {
        for dead in self.waiting.extract_if(.., |it| it.visible_at <= now && it.tries >= MOST_TRIES) {
            self.letters.moved(&dead.record());
        }
        let waiting = self.waiting.iter_mut().find(|it| it.visible_at <= now && wanted(it))?;
        waiting.visible_at = now + VISIBILITY;
        waiting.tries += 1;
        Some(waiting)
    }
}

impl Waiting {
    fn decode(&self) -> Result<Message, serde_json::Error> {
        self.queue.read(&self.body)
    }

    fn record(&self) -> Record {
        Record {
            queue: self.queue,
            id: self.receipt.to_string(),
            body: self.body.clone(),
            tries: Some(self.tries),
            sent_at: Some(self.sent_at),
        }
    }
}

impl MemoryQueues {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        Self { state: Mutex::default(), clock, faults }
    }

    /// Takes the first readable message that can be seen now, which is then hidden for [`VISIBILITY`].
    pub fn receive(&self) -> Option<Received> {
        let mut state = lock(&self.state);
        let waiting = state.hand_out(self.clock.now(), |it| it.decode().is_ok())?;
        let message = waiting.decode().ok()?;
        Some(Received { message, record: waiting.record(), receipt: waiting.receipt })
    }

    /// The same of the messages that can't be read, which only [`MemoryQueues::put`] puts there.
    pub fn receive_unreadable(&self) -> Option<Record> {
        let mut state = lock(&self.state);
        state.hand_out(self.clock.now(), |it| it.decode().is_err()).map(Waiting::record)
    }

    /// The same of one queue's messages, readable or not.
    pub fn receive_from(&self, queue: WorkQueue) -> Option<Record> {
        lock(&self.state).hand_out(self.clock.now(), |it| it.queue == queue).map(Waiting::record)
    }

    /// Puts any text into a queue.
    pub fn put(&self, queue: WorkQueue, body: &str) {
        let now = self.clock.now();
        lock(&self.state).add(queue, body.to_owned(), now, now);
    }

    /// The texts in a queue, hidden ones included.
    pub fn bodies(&self, queue: WorkQueue) -> Vec<String> {
        lock(&self.state).waiting.iter().filter(|it| it.queue == queue).map(|it| it.body.clone()).collect()
    }

    /// The worker is done with what it was handed.
    pub fn remove(&self, record: &Record) {
        lock(&self.state).waiting.retain(|waiting| waiting.receipt.to_string() != record.id);
    }

    /// The worker is done with it.
    pub fn delete(&self, received: &Received) {
        lock(&self.state).waiting.retain(|waiting| waiting.receipt != received.receipt);
    }

    /// The worker wants it again after `delay`: as a new message, with all its tries before it.
    pub fn come_again(&self, received: &Received, delay: Duration) {
        let at = self.clock.now() + TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        for waiting in &mut lock(&self.state).waiting {
            if waiting.receipt == received.receipt {
                (waiting.visible_at, waiting.tries) = (at, 0);
            }
        }
    }

    /// Doubles every message, as a standard queue may.
    pub fn duplicate(&self) {
        let mut state = lock(&self.state);
        for waiting in state.waiting.clone() {
            state.add(waiting.queue, waiting.body, waiting.sent_at, waiting.visible_at);
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
            state.add(queue, body, now, now);
        }
    }

    /// A scan of the tenant is asked for, besides those that the heartbeat asks for.
    pub fn ask_for_scan(&self, tenant: &TenantId) {
        let message = Message::Scan(ScanMessage::Tenant { tenant: tenant.clone(), page: 1, counted: 0, total: None });
        if let Ok(body) = message.body() {
            let now = self.clock.now();
            lock(&self.state).add(WorkQueue::Scan, body, now, now);
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
        let queue = message.queue();
        // What was sent can be read back.
        queue.read(&body).map_err(unwritable)?;
        let now = self.clock.now();
        let visible_at = now + TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        let send = || lock(&self.state).add(queue, body, now, visible_at);
        self.faults.store(Call::SendMessage, "sending a message", send).await
    }
}
