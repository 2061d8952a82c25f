//! The state file: a world and the offset of its clock, kept between two runs of the same version.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::world::{SnapshotError, World};

/// A state file that cannot be read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// It is there and cannot be read. May be tried again when the reason is gone.
    #[error("cannot read the state file {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It holds something else. Do not try again: remove it, and the company files count again.
    #[error("the state file {path} cannot be used")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: SnapshotError,
    },
    /// A world's own snapshot is refused: a defect of the simulator. Do not try again.
    #[error("a snapshot made just now cannot be used")]
    NotReadBack {
        /// What is wrong with it.
        #[from]
        source: SnapshotError,
    },
    /// It cannot be written; an older one is as it was. May be tried again when the reason is gone.
    #[error("cannot write the state file {path}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateFile {
    /// Simulated time minus system time, so that a clock moved by hand stays moved.
    offset_ms: i64,
    world: Value,
}

/// Reads a state file. Nothing when there is none.
pub(crate) fn read<W: World>(path: &Path) -> Result<Option<(W, TimeDelta)>, StateError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StateError::Unreadable { path: path.to_owned(), source }),
    };
    let malformed = |source| StateError::Malformed { path: path.to_owned(), source };
    let file: StateFile = serde_json::from_slice(&bytes).map_err(|error| malformed(error.into()))?;
    let world = W::restore(file.world).map_err(malformed)?;
    Ok(Some((world, TimeDelta::milliseconds(file.offset_ms))))
}

/// Writes a world's snapshot to a state file in place of an older one: the old or the new one is there at any time, never half of one.
pub(crate) fn write(path: &Path, world: Value, offset: TimeDelta) -> Result<(), StateError> {
    let file = StateFile { offset_ms: offset.num_milliseconds(), world };
    let unwritable = |source| StateError::Unwritable { path: path.to_owned(), source };
    let bytes = serde_json::to_vec(&file).map_err(|error| unwritable(error.into()))?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).map_err(unwritable)
}
