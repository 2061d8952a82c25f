//! The time: the system's, or on one machine the system's moved by an offset.

use std::path::PathBuf;

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
