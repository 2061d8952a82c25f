//! The token bucket. It refills evenly over its window (an assumption: only the header's text is known).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::switches::Switches;

const MILLIS: i64 = 1000;

/// What an agreement has used. Counted in thousandths of a token per window second, so that refilling needs no fractions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bucket {
    /// Used tokens times the window in milliseconds.
    used_scaled: i64,
    at: Option<DateTime<Utc>>,
}

impl Bucket {
    /// Takes a call's cost; false when too little is left.
    pub(crate) fn take(&mut self, now: DateTime<Utc>, switches: &Switches) -> bool {
        let window = window_ms(switches);
        let limit = i64::from(switches.token_limit);
        let passed = self.at.map_or(0, |at| (now - at).num_milliseconds().max(0));
        self.used_scaled = self.used_scaled.saturating_sub(passed.saturating_mul(limit)).max(0);
        self.at = Some(now);
        let cost = i64::from(switches.call_cost) * window;
        let fits = self.used_scaled + cost <= limit * window;
        if fits {
            self.used_scaled += cost;
        }
        fits
    }

    pub(crate) fn header(&self, switches: &Switches) -> String {
        let used = self.used_scaled / window_ms(switches);
        let (limit, seconds) = (switches.token_limit, switches.token_window_seconds);
        format!("token-limit-{limit}-per-{seconds}-seconds: {used}/{limit}")
    }
}

fn window_ms(switches: &Switches) -> i64 {
    i64::from(switches.token_window_seconds.max(1)) * MILLIS
}
