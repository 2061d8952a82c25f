//! The rate limit as pure state: when may the next call to one tenant start?
//!
//! Fortnox allows 25 calls in any five seconds, sliding, per integration and company (its guide on rate limits; an older
//! text says per access token, this is the stricter reading). Going over builds up a deficit, so going over is a
//! defect, not a way to find the limit.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Calls that Fortnox allows in [`PERIOD_MS`].
pub const CALLS: usize = 25;

/// The period over which Fortnox counts, in milliseconds.
pub const PERIOD_MS: u64 = 5_000;

/// How much later one call may arrive than another that took the same way, in milliseconds: a TLS handshake, a lost
/// packet, two machines' clocks. Every millisecond costs throughput; this leaves 96 % of the limit.
pub const JITTER_MARGIN_MS: u64 = 200;

/// The period over which we count, in milliseconds: what is spread over this here arrives spread over more than
/// [`PERIOD_MS`] there.
pub const WINDOW_MS: u64 = PERIOD_MS + JITTER_MARGIN_MS;

/// The distance between calls under sustained load, in milliseconds: the window shared out evenly.
pub const SPACING_MS: u64 = WINDOW_MS / CALLS as u64;

/// Calls that may start without any distance after a pause: those of one invoice, so that it's never slowed down. They are the
/// page of agreements, the agreement anew, a list of the customer's invoices and each of those of one day that may be the
/// agreement's, and then create, read, book and fetch the PDF.
pub const BURST: usize = 12;

/// Calls in a window up to which those that can wait are let in. They don't count towards [`BURST`], so that an invoice is made
/// without distance, whenever it comes. Alone, they get a third of the limit.
pub const BESIDE: usize = 8;
const _: () = assert!(BESIDE + BURST <= CALLS, "what is let in beside an invoice leaves room for it");

/// Longest wait that can be reserved, in milliseconds. It also bounds what one machine's wrong clock can do: a start
/// further ahead than twice this cannot be a reservation and is dropped.
pub const LONGEST_WAIT_MS: u64 = 300_000;

/// First pause after a 429 without `Retry-After`, in milliseconds; doubles with each further one (assumption: neither
/// header nor length of the deficit is documented).
const FIRST_PAUSE_MS: u64 = 1_000;

/// Longest pause after a 429 without `Retry-After`, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 30_000;

/// A 429 this long after the last pause, in milliseconds, starts over with the first pause.
const FORGIVEN_AFTER_MS: u64 = 30_000;

/// Whether a call that was to start at `start_ms` is too late for its slot at `now_ms`: its worker was held up, and the call
/// would now come on top of others'. It takes another slot then.
pub const fn is_missed(start_ms: u64, now_ms: u64) -> bool {
    now_ms > start_ms.saturating_add(JITTER_MARGIN_MS)
}

/// Reserved starts of calls to one tenant, at most 25 of them, in milliseconds of any clock that all users share.
///
/// Small enough to be stored in one database item and changed by compare-and-set. Fields will only be added, each with
/// a default, so that what is stored now can be read later. Every value that decodes is usable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Starts in rising order.
    #[serde(default)]
    starts_ms: Vec<u64>,
    /// Those of them that could wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    beside_ms: Vec<u64>,
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

impl Window {
    /// Reserves the next call's start, in milliseconds of the same clock, if it is at most `longest_wait_ms` (and at most
    /// [`LONGEST_WAIT_MS`]) away.
    ///
    /// As long as each call arrives between 0 and less than [`JITTER_MARGIN_MS`] after its start plus some constant,
    /// no five seconds at the other side hold more than 25 calls.
    pub fn reserve(&mut self, now_ms: u64, longest_wait_ms: u64) -> Result<u64, Full> {
        let mut starts = self.live_starts(now_ms);
        let start = self.next_start(now_ms, &starts);
        let wait = start - now_ms;
        if wait > longest_wait_ms.min(LONGEST_WAIT_MS) {
            return Err(Full { retry_in: Duration::from_millis(wait) });
        }
        starts.push(start);
        let surplus = starts.len().saturating_sub(CALLS);
        self.starts_ms = starts.split_off(surplus);
        self.beside_ms.retain(|earlier| self.starts_ms.contains(earlier));
        Ok(start)
    }

    /// Reserves the next call's start, if it's now and the call leaves room for those that can't wait. Nothing is reserved ahead of
    /// time, since those would have to queue up behind it.
    pub fn reserve_beside(&mut self, now_ms: u64) -> Result<u64, Full> {
        let starts = self.live_starts(now_ms);
        if let Some(oldest) = starts.len().checked_sub(BESIDE) {
            let free_at = starts[oldest].saturating_add(WINDOW_MS);
            return Err(Full { retry_in: Duration::from_millis(free_at.saturating_sub(now_ms).max(1)) });
        }
        let start = self.reserve(now_ms, SPACING_MS)?;
        self.beside_ms.push(start);
        Ok(start)
    }

    /// Notes that Fortnox answered 429: nothing starts before its `Retry-After`, or else before a pause that doubles.
    /// Further 429 answers of calls that were already on their way count once.
    pub fn penalise(&mut self, now_ms: u64, retry_after: Option<Duration>) {
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
        self.live_starts(now_ms).is_empty()
            && self.blocked_until(now_ms).saturating_add(FORGIVEN_AFTER_MS.max(WINDOW_MS)) <= now_ms
    }

    /// Starts that still count, in rising order.
    fn live_starts(&self, now_ms: u64) -> Vec<u64> {
        let counts = |start: &u64| start.saturating_add(WINDOW_MS) > now_ms && *start <= far_future(now_ms);
        let mut starts: Vec<u64> = self.starts_ms.iter().copied().filter(counts).collect();
        starts.sort_unstable();
        let surplus = starts.len().saturating_sub(CALLS);
        starts.split_off(surplus)
    }

    fn blocked_until(&self, now_ms: u64) -> u64 {
        if self.blocked_until_ms <= far_future(now_ms) { self.blocked_until_ms } else { 0 }
    }

    fn next_start(&self, now_ms: u64, starts: &[u64]) -> u64 {
        let blocked_until_ms = self.blocked_until(now_ms);
        let mut start = now_ms.max(blocked_until_ms);
        if let Some(oldest) = starts.len().checked_sub(CALLS) {
            start = start.max(starts[oldest].saturating_add(WINDOW_MS));
        }
        let Some(&last) = starts.last() else {
            return start;
        };
        // Reserved starts never go back, so that a slow clock cannot squeeze a call in between.
        start = start.max(last);
        // Counted apart, since one that could wait and one that couldn't may have the same millisecond.
        let in_window = |all: &[u64]| all.iter().filter(|&&earlier| earlier.saturating_add(WINDOW_MS) > start).count();
        let could_not_wait = in_window(starts).saturating_sub(in_window(&self.beside_ms));
        let after_pause = blocked_until_ms > 0 && start < blocked_until_ms.saturating_add(WINDOW_MS);
        if could_not_wait >= BURST || after_pause {
            start = start.max(last.saturating_add(SPACING_MS));
        }
        start
    }
}

const fn far_future(now_ms: u64) -> u64 {
    now_ms.saturating_add(2 * LONGEST_WAIT_MS)
}
