//! Many seeds, and not one broken promise.

use simulation::{breaks, failure, processors, run_many};

/// Runs of one test run. Set `SIMULATION_RUNS` for more or fewer.
const RUNS: u64 = 100_000;

#[test]
fn every_promise_is_kept_in_any_weather() {
    let runs = std::env::var("SIMULATION_RUNS").map_or(RUNS, |runs| runs.parse().expect("a number of runs"));
    let _turn = crate::all_processors();
    let tally = run_many(0, runs, processors(), true, breaks);
    if let Some(seed) = tally.broken.first() {
        panic!("{}", failure(*seed));
    }
    assert_eq!(tally.runs, runs);
}
