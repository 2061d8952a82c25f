#![doc = include_str!("../README.md")]

mod clock;
mod company;
mod dice;
mod drafts;
pub mod economic;
mod evidence;
mod far;
mod faults;
pub mod fortnox;
mod many;
mod memory;
mod plan;
mod run;
mod shrink;
mod story;
mod tasks;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::{
    clock::VirtualClock,
    company::company,
    drafts::{Deed, DraftsOutcome, DraftsPlan, Mark, PlannedDraft, drafts_failure, drafts_story, run_drafts},
    faults::{Call, Fault, Faults, Storm, Strike, When},
    many::{Tally, breaks, drafts_break, processors, run_many},
    memory::{
        Fate, MOST_TRIES, Memory, MemoryJournal, MemoryMailer, MemoryMails, MemoryPrices, MemoryQueues, MemorySettings,
        MemorySignals, Received, SentMail, Telling, VISIBILITY,
    },
    plan::{Act, AgreementPlan, Plan, Quirks, TenantPlan, Trouble},
    run::{Outcome, Run},
    shrink::shrink,
    story::story,
};

/// A fourth of a run's time would be spent on memory otherwise, and runs are what the simulation is made of.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a person needs who has to find out why a seed broke a promise: the seed, the smallest schedule that breaks it too, and
/// the story of that run.
pub fn failure(seed: u64) -> String {
    let plan = Plan::of(seed);
    let small = shrink(&plan);
    let outcome = Run::of(&small);
    format!(
        "Seed {seed} broke a promise. The whole story: cargo simulate --seed {seed}\nIts smallest schedule that does so too:\n{}",
        story(&small, &outcome)
    )
}

/// The state behind a port. No lock outlives one step of the model, so a poisoned one holds whole data.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
