#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]
//! The workflow over the simulated world: told scenarios, many seeds, and whether the judge would notice.

mod drafts;
mod found;
mod mutants;
mod scenarios;
mod seeds;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests that keep every processor busy take turns.
fn all_processors() -> MutexGuard<'static, ()> {
    static TAKEN: Mutex<()> = Mutex::new(());
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}
