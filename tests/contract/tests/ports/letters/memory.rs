//! The queues in memory, which scenario tests and the simulation run on.

use chrono::TimeDelta;
use contract::{letters::Office, ports::sample::morning};
use simulation::{Memory, MemoryQueues, VISIBILITY, VirtualClock};
use workflow::{
    WorkQueue,
    dead_letters::{DeadLetterQueue, Record},
};

pub(crate) struct MemoryOffice(Memory);

impl Office for MemoryOffice {
    type Ports = Memory;
    type Worker = MemoryQueues;
    type Letters = MemoryQueues;

    async fn open() -> Self {
        Self(Memory::new(VirtualClock::new(morning())))
    }

    fn ports(&self) -> &Memory {
        &self.0
    }

    fn worker(&self, _: WorkQueue) -> &MemoryQueues {
        self.0.queues()
    }

    fn letters(&self) -> &MemoryQueues {
        self.0.queues()
    }

    async fn send(&self, queue: WorkQueue, body: &str) {
        self.0.queues().put(queue, body);
        self.0.clock().pass(TimeDelta::milliseconds(1));
    }

    async fn hand_out(&self, queue: WorkQueue) -> Option<Record> {
        self.0.queues().receive_from(queue)
    }

    async fn come_back(&self, _: &Record) {
        self.0.clock().pass(VISIBILITY);
    }

    async fn dealt_with(&self, record: &Record) {
        self.0.queues().remove(record);
    }

    async fn in_queue(&self, queue: WorkQueue) -> Vec<String> {
        self.0.queues().bodies(queue)
    }

    async fn put_letter(&self, queue: DeadLetterQueue, body: &str) {
        self.0.queues().put_letter(queue, body);
    }

    async fn in_letters(&self, queue: DeadLetterQueue) -> Vec<String> {
        self.0.queues().letters(queue).into_iter().map(|letter| letter.body).collect()
    }
}

contract::letters_suite!(crate::letters::memory::MemoryOffice);
