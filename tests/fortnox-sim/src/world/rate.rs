//! The rate window: 25 calls per 5 seconds, sliding, per (client id, company).

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::pairs;

/// Calls allowed inside the window (source: developer guide).
const CALLS: usize = 25;
/// Length of the window (same source).
const WINDOW: TimeDelta = TimeDelta::seconds(5);

/// Calls of the last five seconds, refused ones included: going on calling keeps the door shut.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateWindows {
    #[serde(with = "pairs")]
    calls: BTreeMap<(String, u64), VecDeque<DateTime<Utc>>>,
}

impl RateWindows {
    /// Counts a call; true when it may pass.
    pub(crate) fn admit(&mut self, client_id: &str, tenant: u64, now: DateTime<Utc>) -> bool {
        let calls = self.calls.entry((client_id.to_owned(), tenant)).or_default();
        // A clock moved back by a test leaves calls in the future; they do not count either.
        calls.retain(|at| *at <= now && now - *at < WINDOW);
        let passes = calls.len() < CALLS;
        calls.push_back(now);
        passes
    }
}
