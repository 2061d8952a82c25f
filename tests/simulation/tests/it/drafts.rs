//! Many seeds with drafts, and not one broken promise.

use simulation::{DraftsPlan, drafts_failure, run_drafts};

/// Runs of one test run. Set `DRAFT_RUNS` for more or fewer.
const RUNS: u64 = 10_000;

#[test]
fn every_promise_about_drafts_is_kept_in_any_weather() {
    let runs = std::env::var("DRAFT_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number of runs"));
    let from = std::env::var("DRAFT_FROM").map_or(0, |from| from.parse().expect("a seed"));
    let mut sums = [0; 3];
    for seed in from..from + runs {
        let outcome = run_drafts(&DraftsPlan::of(seed));
        assert!(outcome.broken.is_empty(), "{}", drafts_failure(seed));
        for (sum, figure) in sums.iter_mut().zip(outcome.figures) {
            *sum += figure;
        }
    }
    let [booked, mailed, waiting] = sums;
    println!("{runs} runs: {booked} drafts booked by us, {mailed} mails, {waiting} jobs wait for a person");
    // A simulation in which nothing happens proves nothing.
    assert!(u64::try_from(booked).unwrap() > runs / 2 && mailed > 0 && waiting > 0);
}
