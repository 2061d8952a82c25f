//! An invoice that was handed over to the invoice service: until that has said that it took it on, the job waits.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How it stands with the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtService {
    /// When it was handed over.
    pub since: DateTime<Utc>,
    /// When the service is asked next, and not before.
    pub ask_at: DateTime<Utc>,
    /// How often it was asked since, and hadn't made up its mind.
    #[serde(default)]
    pub looks: u32,
    /// It has said that it took the invoice on.
    #[serde(default)]
    pub taken_on: bool,
    /// The payment reference that the service gave the invoice, which isn't the one it had before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocr: Option<String>,
}

impl AtService {
    /// Handed over just now, or found to be so.
    pub fn new(since: DateTime<Utc>) -> Self {
        Self { since, ask_at: since + look_at_service_after(0), looks: 0, taken_on: false, ocr: None }
    }

    /// It was asked, and hasn't made up its mind. When to ask it again; `None` if it's time that a person is told.
    pub fn not_yet(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.looks >= MOST_SERVICE_LOOKS {
            return None;
        }
        self.looks += 1;
        self.ask_at = now + look_at_service_after(self.looks);
        Some(self.ask_at)
    }
}

/// How often the service is asked before a person is told: the waits in between make about a day and a half by
/// then, and Fortnox speaks of "one minute to several hours" (fact sheet, 7). It's asked on after that, too, once a day.
const MOST_SERVICE_LOOKS: u32 = 14;

/// How long to wait before the service is asked after so many looks in vain: two minutes, since it takes one at the least;
/// doubled each time, since each look is a call of the tenant's rate; at most four hours, since it's to be known the same day.
fn look_at_service_after(looks: u32) -> TimeDelta {
    const FIRST: TimeDelta = TimeDelta::minutes(2);
    const LONGEST: TimeDelta = TimeDelta::hours(4);
    const MOST_DOUBLINGS: u32 = 8;
    (FIRST * (1 << looks.min(MOST_DOUBLINGS))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_asked_ever_more_seldom_and_for_more_than_a_day() {
        let waits: Vec<TimeDelta> = (0..=MOST_SERVICE_LOOKS).map(look_at_service_after).collect();
        assert_eq!(waits[..3], [2, 4, 8].map(TimeDelta::minutes));
        assert!(waits.is_sorted() && waits[13] == TimeDelta::hours(4));
        let all: TimeDelta = waits.iter().sum();
        assert!(all > TimeDelta::hours(24) && all < TimeDelta::hours(48), "{all}");
    }
}
