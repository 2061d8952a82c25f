//! The time: the system's, or on one machine the system's moved by an offset.

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use workflow::ports::Clock;

/// The system's clock, moved by what a file says. There is no file on AWS.
#[derive(Debug, Clone)]
pub struct SystemClock {
    offset_file: Option<PathBuf>,
}

impl SystemClock {
    pub(crate) fn new(offset_file: Option<PathBuf>) -> Self {
        Self { offset_file }
    }

    /// Waits until the clock shows this many milliseconds since 1970. One that may be moved meanwhile is looked at often.
    pub(crate) async fn sleep_until_ms(&self, target_ms: u64) {
        const LOOK_EVERY: Duration = Duration::from_millis(10);
        loop {
            let now_ms = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
            let left = Duration::from_millis(target_ms.saturating_sub(now_ms));
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(if self.offset_file.is_some() { left.min(LOOK_EVERY) } else { left }).await;
        }
    }

    fn offset(&self) -> TimeDelta {
        let text = self.offset_file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        text.and_then(|text| text.trim().parse().ok()).and_then(TimeDelta::try_milliseconds).unwrap_or_default()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.offset()
    }
}
