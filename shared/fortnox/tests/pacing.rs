//! The rate limit holds as the other side sees it, and little of it is wasted.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use fortnox::Window;
use fortnox::window::{BESIDE, BURST, CALLS, JITTER_MARGIN_MS, LONGEST_WAIT_MS, PERIOD_MS, SPACING_MS, WINDOW_MS};
use proptest::prelude::*;

/// Some moment in 2026, in milliseconds.
const NOW_MS: u64 = 1_780_000_000_000;

/// Whether any closed period holds more calls than allowed.
fn goes_over(mut arrivals: Vec<u64>) -> bool {
    arrivals.sort_unstable();
    arrivals.windows(CALLS + 1).any(|calls| calls[CALLS] - calls[0] <= PERIOD_MS)
}

fn pause_ms() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0_u64), 3 => 0..300_u64, 1 => 0..6_000_u64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Workers whose clocks differ and whose calls take different times, some unwilling to wait.
    #[test]
    fn no_period_ever_holds_more_calls_than_allowed(
        calls in prop::collection::vec(
            (pause_ms(), 0..JITTER_MARGIN_MS / 2, 0..JITTER_MARGIN_MS / 2, 0..20_000_u64, prop::bool::weighted(0.3)),
            1..400,
        ),
        latency_ms in 0..3_000_u64,
    ) {
        let mut window = Window::default();
        let mut true_ms = NOW_MS;
        let mut arrivals = Vec::new();
        for (pause_ms, clock_ahead_ms, jitter_ms, patience_ms, can_wait) in calls {
            true_ms += pause_ms;
            let now_ms = true_ms + clock_ahead_ms;
            let patience_ms = if can_wait { SPACING_MS } else { patience_ms };
            let start = if can_wait { window.reserve_beside(now_ms) } else { window.reserve(now_ms, patience_ms) };
            if let Ok(start_ms) = start {
                prop_assert!(start_ms >= true_ms + clock_ahead_ms);
                prop_assert!(start_ms - true_ms - clock_ahead_ms <= patience_ms);
                arrivals.push(start_ms - clock_ahead_ms + latency_ms + jitter_ms);
            }
        }
        prop_assert!(!goes_over(arrivals));
    }

    /// Whatever was stored, a window answers, and within bounds.
    #[test]
    fn every_stored_state_is_usable(
        starts in prop::collection::vec(any::<u64>(), 0..60),
        blocked in any::<u64>(),
        strikes in any::<u32>(),
        now_ms in 0..u64::MAX / 2,
    ) {
        let stored = serde_json::json!({"starts_ms": starts, "blocked_until_ms": blocked, "strikes": strikes});
        let mut window: Window = serde_json::from_value(stored).unwrap();
        for _ in 0..30 {
            if let Ok(start_ms) = window.reserve(now_ms, u64::MAX) {
                prop_assert!(start_ms >= now_ms && start_ms - now_ms <= LONGEST_WAIT_MS);
            }
            window.penalise(now_ms, None);
        }
    }
}

#[test]
fn sustained_load_uses_at_least_95_percent_of_the_limit() {
    const MANY: u32 = 20_000;
    let mut window = Window::default();
    let mut now_ms = NOW_MS;
    let mut starts = Vec::new();
    for _ in 0..MANY {
        now_ms = window.reserve(now_ms, LONGEST_WAIT_MS).unwrap();
        starts.push(now_ms);
    }
    let took_ms = now_ms - NOW_MS;
    let at_best_ms = u64::from(MANY) * PERIOD_MS / u64::try_from(CALLS).unwrap();
    assert!(at_best_ms * 100 >= took_ms * 95, "{took_ms} ms instead of {at_best_ms} ms");
    assert!(!goes_over(starts.clone()));
    let settled = &starts[2 * CALLS..];
    assert!(settled.windows(2).all(|pair| pair[1] - pair[0] == SPACING_MS), "evenly spaced after the first window");
}

#[test]
fn the_first_calls_after_a_pause_are_unhindered() {
    let mut window = Window::default();
    for round in 0..3 {
        let now_ms = NOW_MS + round * WINDOW_MS;
        for _ in 0..BURST {
            assert_eq!(window.reserve(now_ms, 0), Ok(now_ms));
        }
        assert!(window.reserve(now_ms, 0).is_err());
    }
}

#[test]
fn what_can_wait_takes_none_of_what_is_unhindered_and_adds_nothing_to_it() {
    // In the very millisecond, and before.
    for ahead_ms in [0, 1, SPACING_MS] {
        let mut window = Window::default();
        for _ in 0..BESIDE {
            window.reserve_beside(NOW_MS - ahead_ms).unwrap();
        }
        let starts: Vec<u64> = (0..=BURST).map(|_| window.reserve(NOW_MS, LONGEST_WAIT_MS).unwrap()).collect();
        assert!(starts[..BURST].iter().all(|start| *start == NOW_MS), "{ahead_ms} ms ahead: {starts:?}");
        assert_eq!(starts[BURST], NOW_MS + SPACING_MS, "{ahead_ms} ms ahead");
    }
}

#[test]
fn an_impatient_caller_is_told_when_to_come_back_and_reserves_nothing() {
    let mut window = Window::default();
    for _ in 0..BURST {
        window.reserve(NOW_MS, 0).unwrap();
    }
    let before = window.clone();
    let full = window.reserve(NOW_MS, SPACING_MS - 1).unwrap_err();
    assert_eq!(full.retry_in, Duration::from_millis(SPACING_MS));
    assert_eq!(window, before);
    assert_eq!(window.reserve(NOW_MS + SPACING_MS, 0), Ok(NOW_MS + SPACING_MS));
}

#[test]
fn a_429_blocks_for_what_it_asks_and_spaces_what_comes_after() {
    let mut window = Window::default();
    window.penalise(NOW_MS, Some(Duration::from_secs(4)));
    let first = window.reserve(NOW_MS, LONGEST_WAIT_MS).unwrap();
    assert_eq!(first, NOW_MS + 4_000);
    assert_eq!(window.reserve(NOW_MS, LONGEST_WAIT_MS).unwrap(), first + SPACING_MS);
}

#[test]
fn pauses_without_retry_after_double_up_to_a_bound_and_are_forgiven() {
    let mut window = Window::default();
    let mut now_ms = NOW_MS;
    let mut pauses_s = Vec::new();
    for _ in 0..7 {
        window.penalise(now_ms, None);
        // A second 429 of a call that was already on its way changes nothing.
        window.penalise(now_ms + 1, None);
        let start_ms = window.reserve(now_ms, LONGEST_WAIT_MS).unwrap();
        pauses_s.push((start_ms - now_ms) / 1_000);
        now_ms = start_ms;
    }
    assert_eq!(pauses_s, [1, 2, 4, 8, 16, 30, 30]);
    now_ms += 120_000;
    window.penalise(now_ms, None);
    assert_eq!(window.reserve(now_ms, LONGEST_WAIT_MS).unwrap(), now_ms + 1_000);
}

#[test]
fn one_wrong_clock_does_not_stop_everybody() {
    let mut window = Window::default();
    window.reserve(NOW_MS + 24 * 3_600_000, 0).unwrap();
    window.penalise(NOW_MS + 24 * 3_600_000, None);
    assert_eq!(window.reserve(NOW_MS, 0), Ok(NOW_MS));
}

#[test]
fn what_is_stored_is_small_and_older_states_are_read() {
    let mut window = Window::default();
    for _ in 0..200 {
        window.reserve(NOW_MS, LONGEST_WAIT_MS).unwrap();
    }
    let stored = serde_json::to_string(&window).unwrap();
    assert!(stored.len() < 500, "{} bytes", stored.len());
    assert_eq!(serde_json::from_str::<Window>(&stored).unwrap(), window);

    assert_eq!(serde_json::from_str::<Window>("{}").unwrap(), Window::default());
    let golden = r#"{"starts_ms":[1780000000000],"blocked_until_ms":1780000004000,"strikes":1,"later":true}"#;
    let mut old: Window = serde_json::from_str(golden).unwrap();
    assert_eq!(old.reserve(NOW_MS, LONGEST_WAIT_MS).unwrap(), NOW_MS + 4_000);
    assert!(!old.is_idle(NOW_MS));
    assert!(old.is_idle(NOW_MS + 60_000));
}
