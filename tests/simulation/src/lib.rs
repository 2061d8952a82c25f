#![doc = include_str!("../README.md")]

mod clock;
mod company;
mod dice;
mod faults;
pub mod fortnox;
mod memory;
mod plan;
mod run;
mod story;
mod tasks;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::{
    clock::VirtualClock,
    company::company,
    faults::{Call, Fault, Faults, Storm, Strike, When},
    memory::{
        MOST_TRIES, Memory, MemoryJournal, MemoryMailer, MemoryQueues, MemorySettings, Received, SentMail, VISIBILITY,
    },
    plan::{Act, AgreementPlan, Plan, Quirks, TenantPlan, Trouble},
    run::{Outcome, Run},
    story::story,
};

/// The state behind a port. No lock outlives one step of the model, so a poisoned one holds whole data.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
