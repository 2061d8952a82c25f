//! Every port in memory, on a clock that only moves when told: for scenario tests and simulations.
//!
//! The stores do what DynamoDB and SQS would: conditional writes, versions, leases compared to the caller's time, an index
//! of what is to be woken, queues that deliver at least once and in any order. What is stored goes through its JSON text,
//! so a type that doesn't survive that is found here. Behind the accounting port is the simulated
//! [`Fortnox`](crate::fortnox) with a ledger of what happened to it; tests assert on that ledger and on the mails, not on the
//! pipeline's own word.

mod dead_letters;
mod journal;
mod lines;
mod mailer;
mod mails;
mod prices;
mod queues;
mod settings;
mod signals;

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use accounting::Systems;
use workflow::ports::{Clock, Ports};

use self::lines::Lines;
pub use self::{
    journal::MemoryJournal,
    mailer::{Fate, MemoryMailer, SentMail, Telling},
    mails::MemoryMails,
    prices::MemoryPrices,
    queues::{MOST_TRIES, MemoryQueues, Received, VISIBILITY},
    settings::MemorySettings,
    signals::MemorySignals,
};
use crate::{
    clock::VirtualClock,
    economic::{self, Economic},
    faults::Faults,
    fortnox::{self, Fortnox},
};

/// Both accounting systems, as the functions reach them.
pub(crate) type Accounting = Systems<fortnox::System, economic::System>;

/// All ports, sharing one clock and one script of faults.
pub struct Memory {
    accounting: Accounting,
    fortnox: Fortnox,
    economic: Economic,
    settings: MemorySettings,
    journal: MemoryJournal,
    signals: MemorySignals,
    prices: MemoryPrices,
    mails: MemoryMails,
    queues: MemoryQueues,
    mailer: MemoryMailer,
    clock: VirtualClock,
    faults: Faults,
}

impl Memory {
    /// Empty stores, with the clock at `clock`'s time.
    pub fn new(clock: VirtualClock) -> Self {
        let faults = Faults::new(clock.clone());
        let lines = Lines::default();
        let fortnox = Fortnox::new(clock.clone());
        let economic = Economic::new(clock.clone());
        Self {
            accounting: Systems::new(fortnox.system(&clock, &faults), economic.system(&clock, &faults)),
            fortnox,
            economic,
            settings: MemorySettings::new(clock.clone(), faults.clone()),
            journal: MemoryJournal::new(lines.clone(), faults.clone()),
            signals: MemorySignals::new(faults.clone()),
            prices: MemoryPrices::new(faults.clone()),
            mails: MemoryMails::new(lines, faults.clone()),
            queues: MemoryQueues::new(clock.clone(), faults.clone()),
            mailer: MemoryMailer::new(clock.clone(), faults.clone()),
            clock,
            faults,
        }
    }

    /// A world that is like this one now and goes its own way from here, in fine weather: stores and Fortnox, without what is
    /// in the queues.
    #[must_use]
    pub fn copy(&self) -> Self {
        let clock = VirtualClock::new(self.clock.now());
        let faults = Faults::new(clock.clone());
        let lines = self.journal.shared_lines().copy();
        let fortnox = self.fortnox.copy(clock.clone());
        let economic = self.economic.copy(clock.clone());
        Self {
            accounting: Systems::new(fortnox.system(&clock, &faults), economic.system(&clock, &faults)),
            fortnox,
            economic,
            settings: self.settings.copy(clock.clone(), faults.clone()),
            journal: self.journal.copy(lines.clone(), faults.clone()),
            signals: self.signals.copy(faults.clone()),
            prices: self.prices.copy(faults.clone()),
            mails: self.mails.copy(lines, faults.clone()),
            queues: MemoryQueues::new(clock.clone(), faults.clone()),
            mailer: MemoryMailer::new(clock.clone(), faults.clone()),
            clock,
            faults,
        }
    }

    /// The simulated Fortnox behind the accounting port.
    pub fn fortnox(&self) -> &Fortnox {
        &self.fortnox
    }

    /// The simulated e-conomic behind it.
    pub fn economic(&self) -> &Economic {
        &self.economic
    }

    /// Journal, settings and queues as they are, beyond what their ports tell.
    pub fn journal(&self) -> &MemoryJournal {
        &self.journal
    }

    /// The settings.
    pub fn settings(&self) -> &MemorySettings {
        &self.settings
    }

    /// The queues.
    pub fn queues(&self) -> &MemoryQueues {
        &self.queues
    }

    /// The ready signals, and what integrations sign with.
    pub fn signals(&self) -> &MemorySignals {
        &self.signals
    }

    /// What is remembered of prices.
    pub fn prices(&self) -> &MemoryPrices {
        &self.prices
    }

    /// What is remembered of mails.
    pub fn mails(&self) -> &MemoryMails {
        &self.mails
    }

    /// Takes from the mail service what it's about to tell, whenever it would, so that it's never told.
    pub fn take_what_is_told(&self) -> Vec<String> {
        self.mailer.told_by(chrono::DateTime::<chrono::Utc>::MAX_UTC)
    }

    /// Puts into the queue what the mail service has to tell by now.
    pub fn hear_of_mails(&self) {
        for told in self.mailer.told_by(self.clock.now()) {
            self.queues.put(workflow::WorkQueue::Feedback, &told);
        }
    }

    /// The clock that everything goes by.
    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// The mail service, which isn't among the [`Ports`] since only `mail` has it.
    pub fn mailer(&self) -> &MemoryMailer {
        &self.mailer
    }

    /// What is to go wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Runs one worker as far as it goes, moving the clock on where it waits: `None` when it died.
    pub fn run<T>(&self, worker: impl Future<Output = T>) -> Option<T> {
        let mut worker = pin!(worker);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = worker.as_mut().poll(&mut context) {
                return Some(done);
            }
            if self.faults.take_crash() {
                return None;
            }
            // What waits for no time waits for ever.
            self.clock.pass_until(self.clock.next_wake()?);
        }
    }
}

impl Ports for Memory {
    type Accounting = Accounting;
    type Settings = MemorySettings;
    type Journal = MemoryJournal;
    type Signals = MemorySignals;
    type Prices = MemoryPrices;
    type Mails = MemoryMails;
    type Queues = MemoryQueues;
    type Clock = VirtualClock;

    fn accounting(&self) -> &Accounting {
        &self.accounting
    }

    fn settings(&self) -> &MemorySettings {
        &self.settings
    }

    fn journal(&self) -> &MemoryJournal {
        &self.journal
    }

    fn signals(&self) -> &MemorySignals {
        &self.signals
    }

    fn prices(&self) -> &MemoryPrices {
        &self.prices
    }

    fn mails(&self) -> &MemoryMails {
        &self.mails
    }

    fn queues(&self) -> &MemoryQueues {
        &self.queues
    }

    fn clock(&self) -> &VirtualClock {
        &self.clock
    }
}
