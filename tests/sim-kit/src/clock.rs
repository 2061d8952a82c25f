//! Simulated time: a clock of the simulator's own that can be set, or one that belongs to somebody else.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

/// A clock that somebody else owns and moves. It is asked while the world is locked, so it must not call the simulator.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The clock that a local cloud keeps in a file, as an offset in milliseconds to the system's; before it does, `until_then`.
pub fn clock_in(file: PathBuf, until_then: TimeDelta) -> Clock {
    Arc::new(move || {
        let text = std::fs::read_to_string(&file).ok();
        let offset = text.and_then(|text| text.trim().parse().ok()).and_then(TimeDelta::try_milliseconds);
        Utc::now() + offset.unwrap_or(until_then)
    })
}

/// Somebody tried to set a clock that is not the simulator's. Trying again gives the same answer.
#[derive(Debug, Error)]
#[error("the clock belongs to whoever started the simulator with SimulatorOptions::clock; move it there")]
pub struct ClockNotOurs;

/// Where simulated time comes from.
pub(crate) enum SimulatedTime {
    /// System time plus this.
    Offset(TimeDelta),
    /// What its owner says.
    Owned(Clock),
}

impl SimulatedTime {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Offset(offset) => Utc::now() + *offset,
            Self::Owned(clock) => clock(),
        }
    }

    /// Simulated time minus system time, at this moment.
    pub(crate) fn offset(&self) -> TimeDelta {
        match self {
            Self::Offset(offset) => *offset,
            Self::Owned(clock) => clock() - Utc::now(),
        }
    }

    /// Sets simulated time; it goes on running from there.
    pub(crate) fn set_now(&mut self, now: DateTime<Utc>) -> Result<(), ClockNotOurs> {
        self.set_offset(now - Utc::now())
    }

    pub(crate) fn set_offset(&mut self, new: TimeDelta) -> Result<(), ClockNotOurs> {
        match self {
            Self::Offset(offset) => {
                *offset = new;
                Ok(())
            }
            Self::Owned(_) => Err(ClockNotOurs),
        }
    }
}
