//! Many runs, side by side on all processors.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    drafts::{DraftsPlan, run_drafts},
    lock,
    plan::Plan,
    run::Run,
};

/// What came of many runs.
#[derive(Debug, Default)]
pub struct Tally {
    /// Runs made.
    pub runs: u64,
    /// Seeds that broke a promise, the lowest first.
    pub broken: Vec<u64>,
}

/// Whether the run of a seed breaks a promise.
pub fn breaks(seed: u64) -> bool {
    !Run::of(&Plan::of(seed)).broken.is_empty()
}

/// The same of a run with drafts.
pub fn drafts_break(seed: u64) -> bool {
    !run_drafts(&DraftsPlan::of(seed)).broken.is_empty()
}

/// Runs `runs` seeds from `from` on, `side_by_side` at a time. Stops at the first broken promise if `stops`. `each` makes a run,
/// and says whether it broke one.
pub fn run_many(from: u64, runs: u64, side_by_side: usize, stops: bool, each: impl Fn(u64) -> bool + Sync) -> Tally {
    let (next, done, stop) = (AtomicU64::new(from), AtomicU64::new(0), AtomicBool::new(false));
    let broken = Mutex::new(Vec::new());
    let worker = || {
        while !stop.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + runs {
                return;
            }
            let breaks = each(seed);
            done.fetch_add(1, Ordering::Relaxed);
            if breaks {
                lock(&broken).push(seed);
                stop.store(stops, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..side_by_side.max(1) {
            scope.spawn(worker);
        }
    });
    let mut broken = broken.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    broken.sort_unstable();
    Tally { runs: done.into_inner(), broken }
}

/// As many runs side by side as there are processors.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
