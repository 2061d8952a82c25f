//! A clock that stands still until it's moved.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

use super::lock;
use crate::ports::Clock;

/// The time as a test sets it. Clones share it.
#[derive(Debug, Clone)]
pub struct VirtualClock(Arc<Mutex<DateTime<Utc>>>);

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves it on by `by`.
    pub fn pass(&self, by: TimeDelta) {
        *lock(&self.0) += by;
    }

    /// Moves it on to `at`; never back.
    pub fn pass_until(&self, at: DateTime<Utc>) {
        let mut now = lock(&self.0);
        *now = at.max(*now);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        *lock(&self.0)
    }
}
