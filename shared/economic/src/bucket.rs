//! The rate limit as pure state: when may the next call for one agreement start?
//!
//! e-conomic keeps a budget per agreement that fills up steadily, shared by both hosts, and tells in each answer what is used
//! of it (seen in others' code; nothing of it is documented). So nothing is known before the first answer, and each
//! answer corrects what was reckoned.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::figures::Figures;

/// The part of the budget that is left alone, one in so many: for calls that are on their way at the same time, and for
/// whatever else uses the same agreement.
pub const RESERVE_ONE_IN: u64 = 10;

/// Longest wait that can be reserved, in milliseconds. It also bounds what one machine's wrong clock can do: a moment further
/// ahead than twice this is dropped.
pub const LONGEST_WAIT_MS: u64 = 600_000;

/// First pause after a 429 without `Retry-After`, in milliseconds; doubles with each further one (assumption).
const FIRST_PAUSE_MS: u64 = 2_000;

/// Longest pause after a 429 without `Retry-After`, in milliseconds: by then a whole budget has filled up.
const LONGEST_PAUSE_MS: u64 = 60_000;

/// A 429 this long after the last pause, in milliseconds, starts over with the first pause.
const FORGIVEN_AFTER_MS: u64 = 60_000;

/// What a call is taken to cost before any has told (seen: 3).
const ASSUMED_COST: u64 = 3;

/// Largest budget that is believed, so that no product overflows.
const LARGEST_LIMIT: u64 = 1_000_000_000;

/// Longest period that is believed, in milliseconds: a day.
const LONGEST_PERIOD_MS: u64 = 86_400_000;

/// Used-up budget is kept in thousandths, so that small budgets drain smoothly.
const PARTS: u64 = 1_000;

/// What is known of one agreement's budget, in milliseconds of any clock that all users share.
///
/// Small enough to be stored in one database item and changed by compare-and-set. Fields will only be added, each with
/// a default, so that what is stored now can be read later. Every value that decodes is usable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The budget; 0 as long as no answer has told.
    #[serde(default)]
    limit: u64,
    /// The time in which an empty budget fills up.
    #[serde(default)]
    period_ms: u64,
    /// What is used up at `at_ms`, in thousandths.
    #[serde(default)]
    used_parts: u64,
    /// When `used_parts` was so.
    #[serde(default)]
    at_ms: u64,
    /// What the dearest call yet cost.
    #[serde(default)]
    dearest: u64,
    /// No start before this; set by a 429.
    #[serde(default)]
    blocked_until_ms: u64,
    /// 429 answers in a row.
    #[serde(default)]
    strikes: u32,
}

/// No call can start within the wait that was asked for. Nothing was reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the next call may start in {} ms", retry_in.as_millis())]
pub struct Full {
    /// How long to stay away.
    pub retry_in: Duration,
}

impl Bucket {
    /// Reserves the next call's start, in milliseconds of the same clock, if it is at most `longest_wait_ms` (and at most
    /// [`LONGEST_WAIT_MS`]) away.
    ///
    /// Each call is taken to cost what the dearest yet has cost.
    pub fn reserve(&mut self, now_ms: u64, longest_wait_ms: u64) -> Result<u64, Full> {
        let start = self.next_start(now_ms);
        let wait = start - now_ms;
        if wait > longest_wait_ms.min(LONGEST_WAIT_MS) {
            return Err(Full { retry_in: Duration::from_millis(wait) });
        }
        if self.limit() > 0 {
            // What drains until then may still be owed by others, so the cost is added to what is used now.
            self.used_parts = self.used_parts_at(now_ms).saturating_add(self.cost_parts());
            self.at_ms = now_ms;
        }
        Ok(start)
    }

    /// Takes over what an answer told. It may be older than what was reserved since; the reserve makes up for that.
    pub fn told(&mut self, now_ms: u64, figures: Figures) {
        let period_ms = u64::try_from(figures.period.as_millis()).unwrap_or(u64::MAX);
        self.limit = figures.limit.clamp(1, LARGEST_LIMIT);
        self.period_ms = period_ms.clamp(1, LONGEST_PERIOD_MS);
        self.used_parts = figures.used.saturating_mul(PARTS);
        self.at_ms = now_ms;
        self.dearest = self.dearest.max(figures.cost.unwrap_or(ASSUMED_COST));
    }

    /// Notes that e-conomic answered 429: nothing starts before its `Retry-After`, or else before a pause that doubles.
    /// Further 429 answers of calls that were already on their way count once.
    pub fn refused(&mut self, now_ms: u64, retry_after: Option<Duration>) {
        let asked_ms = retry_after.map(|pause| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        let blocked_until_ms = self.blocked_until(now_ms);
        if now_ms >= blocked_until_ms {
            let forgiven = now_ms > blocked_until_ms.saturating_add(FORGIVEN_AFTER_MS);
            self.strikes = if forgiven { 1 } else { self.strikes.saturating_add(1) };
        }
        let own_ms =
            FIRST_PAUSE_MS.saturating_mul(2_u64.saturating_pow(self.strikes.saturating_sub(1))).min(LONGEST_PAUSE_MS);
        let pause_ms = match asked_ms {
            Some(asked_ms) => asked_ms.clamp(FIRST_PAUSE_MS, LONGEST_WAIT_MS),
            None if now_ms < blocked_until_ms => 0,
            None => own_ms,
        };
        self.blocked_until_ms = blocked_until_ms.max(now_ms.saturating_add(pause_ms));
    }

    /// Whether nothing is left that could delay a call at this time, so that the state need not be kept.
    pub fn is_idle(&self, now_ms: u64) -> bool {
        self.used_parts_at(now_ms) == 0 && self.blocked_until(now_ms).saturating_add(FORGIVEN_AFTER_MS) <= now_ms
    }

    fn next_start(&self, now_ms: u64) -> u64 {
        let start = now_ms.max(self.blocked_until(now_ms));
        let limit = self.limit();
        if limit == 0 {
            return start;
        }
        let usable = limit.saturating_sub(limit / RESERVE_ONE_IN).saturating_mul(PARTS);
        let needed = self.used_parts_at(now_ms).saturating_add(self.cost_parts());
        let excess = u128::from(needed.saturating_sub(usable));
        let drained_after = (excess * u128::from(self.period_ms())).div_ceil(u128::from(limit) * u128::from(PARTS));
        start.max(now_ms.saturating_add(u64::try_from(drained_after).unwrap_or(u64::MAX)))
    }

    fn used_parts_at(&self, now_ms: u64) -> u64 {
        let elapsed_ms = u128::from(now_ms.saturating_sub(self.at_ms));
        let drained = elapsed_ms * u128::from(self.limit()) * u128::from(PARTS) / u128::from(self.period_ms());
        if self.at_ms > far_future(now_ms) {
            return 0;
        }
        self.used_parts.saturating_sub(u64::try_from(drained).unwrap_or(u64::MAX))
    }

    /// What the next call is taken to cost: never more than can ever be had.
    fn cost_parts(&self) -> u64 {
        let limit = self.limit();
        self.dearest.clamp(1, limit.saturating_sub(limit / RESERVE_ONE_IN).max(1)).saturating_mul(PARTS)
    }

    fn limit(&self) -> u64 {
        self.limit.min(LARGEST_LIMIT)
    }

    fn period_ms(&self) -> u64 {
        self.period_ms.clamp(1, LONGEST_PERIOD_MS)
    }

    fn blocked_until(&self, now_ms: u64) -> u64 {
        if self.blocked_until_ms <= far_future(now_ms) { self.blocked_until_ms } else { 0 }
    }
}

const fn far_future(now_ms: u64) -> u64 {
    now_ms.saturating_add(2 * LONGEST_WAIT_MS)
}
