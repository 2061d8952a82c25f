//! Many seeds with drafts, and not one broken promise.

use std::sync::atomic::{AtomicUsize, Ordering};

use simulation::{DraftsPlan, drafts_failure, processors, run_drafts, run_many};

/// Runs of one test run, three and a half drafts each. Set `DRAFT_RUNS` for more or fewer, and `DRAFT_FROM` for others.
const RUNS: u64 = 1_500;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn every_promise_about_drafts_is_kept_in_any_weather() {
    let (from, runs) = (number("DRAFT_FROM", 0), number("DRAFT_RUNS", RUNS));
    let _turn = crate::all_processors();
    let sums: [AtomicUsize; 3] = std::array::from_fn(|_| AtomicUsize::new(0));
    let tally = run_many(from, runs, processors(), true, |seed| {
        let outcome = run_drafts(&DraftsPlan::of(seed));
        for (sum, figure) in sums.iter().zip(outcome.figures) {
            sum.fetch_add(figure, Ordering::Relaxed);
        }
        !outcome.broken.is_empty()
    });
    if let Some(seed) = tally.broken.first() {
        panic!("{}", drafts_failure(*seed));
    }
    assert_eq!(tally.runs, runs);
    let [booked, mailed, waiting] = sums.map(AtomicUsize::into_inner);
    println!("{runs} runs: {booked} drafts booked by us, {mailed} mails, {waiting} jobs wait for a person");
    // A simulation in which nothing happens proves nothing.
    assert!(u64::try_from(booked).unwrap() > runs / 2 && mailed > 0 && waiting > 0);
}
