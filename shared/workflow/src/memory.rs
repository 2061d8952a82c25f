//! Every port in memory, on a clock that only moves when told: for scenario tests and simulations.
//!
//! The stores do what DynamoDB and SQS would: conditional writes, versions, leases compared to the caller's time, an index
//! of what is to be woken, queues that deliver at least once and in any order. What is stored goes through its JSON text,
//! so a type that doesn't survive that is found here. The accounting system is a model of its own ([`Books`]) with a
//! ledger of what happened to it; tests assert on that ledger and on the mails, not on the pipeline's own word.
//!
//! Nothing here waits: a future is either ready at the first poll or, where a [`Fault`] says that the worker dies at that
//! call, never. So a test polls once and drops what isn't ready, as a killed process would.

mod accounting;
mod clock;
mod dead_letters;
mod faults;
mod journal;
mod mailer;
mod queues;
mod settings;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::{
    accounting::{Books, By, Effect, Entry, Person},
    clock::VirtualClock,
    faults::{Call, Fault, Faults, When},
    journal::MemoryJournal,
    mailer::{MemoryMailer, SentMail},
    queues::{MOST_TRIES, MemoryQueues, Received, VISIBILITY},
    settings::MemorySettings,
};
use crate::ports::Ports;

/// All ports, sharing one clock and one script of faults.
#[derive(Debug)]
pub struct Memory {
    accounting: Books,
    settings: MemorySettings,
    journal: MemoryJournal,
    queues: MemoryQueues,
    mailer: MemoryMailer,
    clock: VirtualClock,
    faults: Faults,
}

impl Memory {
    /// Empty stores, with the clock at `clock`'s time.
    pub fn new(clock: VirtualClock) -> Self {
        let faults = Faults::default();
        Self {
            accounting: Books::new(clock.clone(), faults.clone()),
            settings: MemorySettings::new(faults.clone()),
            journal: MemoryJournal::new(faults.clone()),
            queues: MemoryQueues::new(clock.clone(), faults.clone()),
            mailer: MemoryMailer::new(faults.clone()),
            clock,
            faults,
        }
    }

    /// The mail service, which isn't among the [`Ports`] since only `mail` has it.
    pub fn mailer(&self) -> &MemoryMailer {
        &self.mailer
    }

    /// What is to go wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Ports for Memory {
    type Accounting = Books;
    type Settings = MemorySettings;
    type Journal = MemoryJournal;
    type Queues = MemoryQueues;
    type Clock = VirtualClock;

    fn accounting(&self) -> &Books {
        &self.accounting
    }

    fn settings(&self) -> &MemorySettings {
        &self.settings
    }

    fn journal(&self) -> &MemoryJournal {
        &self.journal
    }

    fn queues(&self) -> &MemoryQueues {
        &self.queues
    }

    fn clock(&self) -> &VirtualClock {
        &self.clock
    }
}

/// The state behind a port. No lock outlives one step of the model, so a poisoned one holds whole data.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
