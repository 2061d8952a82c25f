//! Many seeds with drafts, and not one broken promise.

use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    thread,
};

use simulation::{DraftsPlan, drafts_failure, processors, run_drafts};

/// Runs of one test run, three and a half drafts each. Set `DRAFT_RUNS` for more or fewer, and `DRAFT_FROM` for others.
const RUNS: u64 = 1_500;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn every_promise_about_drafts_is_kept_in_any_weather() {
    let (from, runs) = (number("DRAFT_FROM", 0), number("DRAFT_RUNS", RUNS));
    let _turn = crate::all_processors();
    let (next, broken) = (AtomicU64::new(from), AtomicU64::new(u64::MAX));
    let sums: [AtomicUsize; 3] = std::array::from_fn(|_| AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..processors() {
            scope.spawn(|| {
                while broken.load(Ordering::Relaxed) == u64::MAX {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + runs {
                        return;
                    }
                    let outcome = run_drafts(&DraftsPlan::of(seed));
                    if !outcome.broken.is_empty() {
                        broken.fetch_min(seed, Ordering::Relaxed);
                    }
                    for (sum, figure) in sums.iter().zip(outcome.figures) {
                        sum.fetch_add(figure, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let seed = broken.into_inner();
    assert_eq!(seed, u64::MAX, "{}", drafts_failure(seed));
    let [booked, mailed, waiting] = sums.map(AtomicUsize::into_inner);
    println!("{runs} runs: {booked} drafts booked by us, {mailed} mails, {waiting} jobs wait for a person");
    // A simulation in which nothing happens proves nothing.
    assert!(u64::try_from(booked).unwrap() > runs / 2 && mailed > 0 && waiting > 0);
}
