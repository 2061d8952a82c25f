//! What goes wrong, and when.

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::lock;
use crate::ports::PortError;

/// A call to the outside world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the method of a port with that name")]
pub enum Call {
    OfTenant,
    OfAgreement,
    DueForScan,
    ScanNextAt,
    Unscheduled,
    Open,
    Claim,
    Save,
    Waking,
    JobsOn,
    History,
    Histories,
    KeepPage,
    Concerns,
    SetConcern,
    KeepDeed,
    Deeds,
    SendMessage,
    GiveUp,
    ListLetters,
    TakeLetter,
    TakeLetters,
    PutBackLetter,
    DeleteLetter,
    Agreements,
    Agreement,
    CreateInvoice,
    InvoicesOf,
    Invoice,
    Book,
    MarkSent,
    Pdf,
    Customer,
    Company,
    SendMail,
}

/// Before or after the call has had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing happened.
    Before,
    /// It happened, and nobody was told.
    After,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The worker dies: its future is never ready again.
    Crash(When),
    /// No usable answer.
    NoAnswer(When),
    /// The other side took no notice. Stores have no such answer and give [`Fault::NoAnswer`] instead.
    NotTaken,
    /// Our own pacing: come again in so long.
    Busy(Duration),
    /// Refused for good, in these words.
    Refused(&'static str),
    /// The tenant as a whole can't be used, in these words.
    TenantBlocked(&'static str),
}

/// The script: which calls fail. Clones share it. Also counts every call made.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    made: u64,
    by_call: BTreeMap<Call, u64>,
    nth: BTreeMap<u64, Fault>,
    next: BTreeMap<Call, VecDeque<Fault>>,
    always: BTreeMap<Call, Fault>,
}

impl Faults {
    /// The next such call fails so; said again, the one after it too.
    pub fn next(&self, call: Call, fault: Fault) {
        lock(&self.0).next.entry(call).or_default().push_back(fault);
    }

    /// The `n`-th call from now on, whatever it is and counted from 1, fails so.
    pub fn nth(&self, n: u64, fault: Fault) {
        let mut script = lock(&self.0);
        let at = script.made + n;
        script.nth.insert(at, fault);
    }

    /// Every such call fails so.
    pub fn always(&self, call: Call, fault: Fault) {
        lock(&self.0).always.insert(call, fault);
    }

    /// Nothing fails any more.
    pub fn clear(&self) {
        let mut script = lock(&self.0);
        script.nth.clear();
        script.next.clear();
        script.always.clear();
    }

    /// Calls made so far.
    pub fn made(&self) -> u64 {
        lock(&self.0).made
    }

    /// Calls of one kind made so far.
    pub fn count(&self, call: Call) -> u64 {
        lock(&self.0).by_call.get(&call).copied().unwrap_or(0)
    }

    fn strike(&self, call: Call) -> Option<Fault> {
        let mut script = lock(&self.0);
        script.made += 1;
        *script.by_call.entry(call).or_default() += 1;
        let made = script.made;
        let next = script.next.get_mut(&call).and_then(VecDeque::pop_front);
        script.nth.remove(&made).or(next).or_else(|| script.always.get(&call).cloned())
    }

    /// Makes `call`, whose effect is `effect`, as the script wants it. The error is whatever answer took its place.
    pub(super) async fn make<T: Send>(&self, call: Call, effect: impl FnOnce() -> T + Send) -> Result<T, Fault> {
        match self.strike(call) {
            None => Ok(effect()),
            Some(Fault::Crash(When::Before)) => pending().await,
            Some(Fault::Crash(When::After)) => {
                drop(effect());
                pending().await
            }
            Some(fault @ Fault::NoAnswer(When::After)) => {
                drop(effect());
                Err(fault)
            }
            Some(fault) => Err(fault),
        }
    }

    /// The same for a store, which can only not answer.
    pub(super) async fn store<T: Send>(
        &self,
        call: Call,
        what: &'static str,
        effect: impl FnOnce() -> T + Send,
    ) -> Result<T, PortError> {
        self.make(call, effect).await.map_err(|_| PortError::new(what, "no answer"))
    }
}
