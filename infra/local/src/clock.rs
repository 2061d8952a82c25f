//! A clock that can be moved, shared with the functions through a file.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use chrono::{DateTime, TimeDelta, Utc};

/// The system clock plus an offset. The file's whole text is the offset, a signed number of milliseconds; functions read it
/// where `FAKTURAPILOT_CLOCK_FILE` says. The clock keeps running from wherever it was set.
#[derive(Debug)]
pub struct Clock {
    file: PathBuf,
    offset: Mutex<TimeDelta>,
}

impl Clock {
    /// The clock whose offset is in `file`; without a file, the system clock.
    pub(crate) fn open(file: PathBuf) -> io::Result<Self> {
        let offset = match std::fs::read_to_string(&file) {
            Ok(text) => text
                .trim()
                .parse()
                .ok()
                .and_then(TimeDelta::try_milliseconds)
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the clock file holds no offset"))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => TimeDelta::zero(),
            Err(error) => return Err(error),
        };
        let clock = Self { file, offset: Mutex::new(offset) };
        clock.store(offset)?;
        Ok(clock)
    }

    /// The time it shows.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + *self.lock()
    }

    /// Moves it to `instant`, forwards or backwards.
    pub fn set(&self, instant: DateTime<Utc>) -> io::Result<()> {
        let mut offset = self.lock();
        let moved = whole_milliseconds(instant - Utc::now());
        self.store(moved)?;
        *offset = moved;
        Ok(())
    }

    /// Where the offset is.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// By rename, so that a function never reads half a number.
    fn store(&self, offset: TimeDelta) -> io::Result<()> {
        let new = self.file.with_extension("new");
        std::fs::write(&new, offset.num_milliseconds().to_string())?;
        std::fs::rename(new, &self.file)
    }

    /// A panic elsewhere cannot leave an offset half written.
    fn lock(&self) -> std::sync::MutexGuard<'_, TimeDelta> {
        self.offset.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Rounded up, so that nobody sees a time before the one that was set: what is due at that instant is due.
fn whole_milliseconds(offset: TimeDelta) -> TimeDelta {
    let down = TimeDelta::milliseconds(offset.num_milliseconds());
    if down < offset { down + TimeDelta::milliseconds(1) } else { down }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_part_of_a_millisecond_counts_as_a_whole_one_forwards_and_backwards() {
        let rounded = |microseconds| whole_milliseconds(TimeDelta::microseconds(microseconds)).num_microseconds();
        assert_eq!(rounded(1_001), Some(2_000));
        assert_eq!(rounded(2_000), Some(2_000));
        assert_eq!(rounded(-1_001), Some(-1_000));
    }

    #[test]
    fn a_moved_clock_runs_on_and_the_file_says_by_how_much() {
        let file = std::env::temp_dir().join(format!("clock-{}", std::process::id()));
        let clock = Clock::open(file.clone()).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "0");

        let target = Utc::now() + TimeDelta::days(40);
        clock.set(target).unwrap();
        assert!(clock.now() >= target && clock.now() < target + TimeDelta::minutes(1));

        let offset: i64 = std::fs::read_to_string(&file).unwrap().parse().unwrap();
        assert!((TimeDelta::milliseconds(offset) - TimeDelta::days(40)).abs() < TimeDelta::minutes(1));
        assert!(Clock::open(file.clone()).unwrap().now() >= target);
        std::fs::remove_file(file).unwrap();
    }
}
