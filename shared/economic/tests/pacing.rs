//! The budget as pure state, and the pacer by a made-up clock.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use economic::bucket::{Bucket, LONGEST_WAIT_MS, RESERVE_ONE_IN};
use economic::{AgreementNumber, Clock, Figures, LocalPacer, PaceError, Pacer};
use proptest::prelude::*;

const PERIOD: Duration = Duration::from_mins(1);

fn figures(used: u64, limit: u64, cost: u64) -> Figures {
    Figures { used, limit, period: PERIOD, cost: Some(cost) }
}

fn agreement(number: u32) -> AgreementNumber {
    AgreementNumber::new(number).unwrap()
}

#[test]
fn nothing_is_assumed_before_the_first_answer() {
    let mut bucket = Bucket::default();
    for _ in 0..1_000 {
        assert_eq!(bucket.reserve(5, 0), Ok(5));
    }
    assert!(bucket.is_idle(1_000_000));
}

#[test]
fn a_tenth_of_the_budget_is_left_alone() {
    let mut bucket = Bucket::default();
    bucket.told(0, figures(0, 10_000, 3));
    let calls = std::iter::from_fn(|| bucket.reserve(0, 0).ok()).count();
    assert_eq!(calls, 3_000, "of 3 333 that the whole budget would pay for");
    assert_eq!(RESERVE_ONE_IN, 10);
}

#[test]
fn a_call_waits_until_the_budget_has_filled_up_enough() {
    let mut bucket = Bucket::default();
    bucket.told(0, figures(600, 600, 6));
    // Ten a second: 66 must fill up, of 600 with 60 left alone.
    assert_eq!(bucket.reserve(0, LONGEST_WAIT_MS), Ok(6_600));
    assert_eq!(bucket.reserve(0, LONGEST_WAIT_MS), Ok(7_200), "one after the other");
    let full = bucket.reserve(0, 7_799).unwrap_err();
    assert_eq!(full.retry_in, Duration::from_millis(7_800));
    assert_eq!(bucket.reserve(0, 7_800), Ok(7_800), "what was not given was not reserved");
}

#[test]
fn an_answer_corrects_what_was_reckoned() {
    let mut bucket = Bucket::default();
    bucket.told(0, figures(9_999, 10_000, 3));
    assert!(bucket.reserve(0, 0).is_err());
    bucket.told(1, figures(17, 10_000, 3));
    assert_eq!(bucket.reserve(1, 0), Ok(1));
    bucket.told(2, figures(17, 10, 3));
    assert!(bucket.reserve(2, 0).is_err(), "the limit may change");
}

#[test]
fn a_call_dearer_than_the_whole_budget_waits_for_most_of_it_but_not_for_ever() {
    let mut bucket = Bucket::default();
    bucket.told(0, figures(100, 100, 5_000));
    assert_eq!(bucket.reserve(0, LONGEST_WAIT_MS), Ok(60_000));
}

#[test]
fn pauses_without_retry_after_double_and_are_forgiven() {
    let mut bucket = Bucket::default();
    let mut now = 1_000_000;
    for pause in [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
        bucket.refused(now, None);
        bucket.refused(now + 1, None);
        assert_eq!(bucket.reserve(now + 1, LONGEST_WAIT_MS), Ok(now + pause), "two at once count once");
        now += pause;
    }
    bucket.refused(now + 60_001, None);
    assert_eq!(bucket.reserve(now + 60_001, LONGEST_WAIT_MS), Ok(now + 62_001));
}

#[test]
fn retry_after_is_obeyed_within_reason() {
    let mut bucket = Bucket::default();
    bucket.refused(0, Some(Duration::from_secs(31)));
    assert_eq!(bucket.reserve(0, LONGEST_WAIT_MS), Ok(31_000));
    bucket.refused(0, Some(Duration::from_hours(24)));
    assert_eq!(bucket.reserve(0, LONGEST_WAIT_MS), Ok(LONGEST_WAIT_MS));
    let mut bucket = Bucket::default();
    bucket.refused(0, Some(Duration::ZERO));
    assert!(bucket.reserve(0, 0).is_err(), "at once can't be meant");
}

#[test]
fn the_stored_form_stays_as_it_is() {
    let mut bucket = Bucket::default();
    bucket.told(7, figures(147, 10_000, 3));
    let stored = serde_json::to_string(&bucket).unwrap();
    assert_eq!(
        stored,
        r#"{"limit":10000,"period_ms":60000,"used_parts":147000,"at_ms":7,"dearest":3,"blocked_until_ms":0,"strikes":0}"#
    );
    assert_eq!(serde_json::from_str::<Bucket>("{}").unwrap(), Bucket::default());
}

proptest! {
    /// Whatever was stored and whatever is told, a start is neither in the past nor too far ahead.
    #[test]
    fn every_value_is_usable(
        stored in proptest::array::uniform6(any::<u64>()),
        strikes in any::<u32>(),
        now in 0..u64::MAX / 4,
        told in proptest::option::of((any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>())),
        retry_after in proptest::option::of(any::<u64>()),
    ) {
        let [limit, period_ms, used_parts, at_ms, dearest, blocked_until_ms] = stored;
        let stored = serde_json::json!({"limit": limit, "period_ms": period_ms, "used_parts": used_parts, "at_ms": at_ms,
            "dearest": dearest, "blocked_until_ms": blocked_until_ms, "strikes": strikes});
        let mut bucket: Bucket = serde_json::from_value(stored).unwrap();
        for _ in 0..3 {
            if let Ok(start) = bucket.reserve(now, u64::MAX) {
                prop_assert!(start >= now && start - now <= LONGEST_WAIT_MS);
            }
            if let Some((used, limit, period, cost)) = told {
                bucket.told(now, Figures { used, limit, period: Duration::from_millis(period), cost: Some(cost) });
            }
            bucket.refused(now, retry_after.map(Duration::from_secs));
            bucket.is_idle(now);
        }
    }
}

/// A clock that jumps to wherever somebody wants to sleep to.
#[derive(Clone, Default)]
struct Jumping(Arc<AtomicU64>);

impl Clock for Jumping {
    fn now_ms(&self) -> u64 {
        self.0.load(Relaxed)
    }

    async fn sleep_until_ms(&self, moment_ms: u64) {
        self.0.fetch_max(moment_ms, Relaxed);
    }
}

#[tokio::test]
async fn the_pacer_waits_by_its_clock() {
    let clock = Jumping::default();
    let pacer = Arc::new(LocalPacer::with_clock(Duration::from_mins(5), clock.clone()));
    pacer.told(agreement(1), figures(600, 600, 6)).await;
    pacer.slot(agreement(1)).await.unwrap();
    assert_eq!(clock.now_ms(), 6_600);
    pacer.refused(agreement(1), Some(Duration::from_secs(30))).await;
    pacer.slot(agreement(1)).await.unwrap();
    assert_eq!(clock.now_ms(), 36_600);
}

#[tokio::test]
async fn agreements_do_not_delay_each_other_and_too_long_a_wait_is_refused_at_once() {
    let pacer = LocalPacer::with_clock(Duration::ZERO, Jumping::default());
    pacer.told(agreement(1), figures(10_000, 10_000, 3)).await;
    assert!(matches!(pacer.slot(agreement(1)).await, Err(PaceError::Busy { .. })));
    pacer.slot(agreement(2)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn by_default_the_machines_time_counts() {
    let pacer = LocalPacer::new(Duration::from_mins(5));
    let begin = tokio::time::Instant::now();
    pacer.refused(agreement(1), Some(Duration::from_secs(7))).await;
    pacer.slot(agreement(1)).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(7));
}
