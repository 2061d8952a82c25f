//! What a simulated accounting system must be able to do for the shell to serve it.

use std::error::Error;

use chrono::{DateTime, Utc};
use serde_json::Value;
use thiserror::Error;

use crate::message::{SimRequest, SimResponse};

/// This is no snapshot, or one of another version. Trying again with the same one gives the same answer.
#[derive(Debug, Error)]
#[error("this is no snapshot that this version of the simulator wrote")]
pub struct SnapshotError(#[from] serde_json::Error);

/// The rules of one accounting system as a value: pure and deterministic. Time comes in with every request; there is no
/// I/O, no clock and no randomness inside.
pub trait World: Sized + Send + 'static {
    /// A company as its file describes it.
    type File;
    /// A company file that is refused.
    type FileError: Error + Send + Sync + 'static;
    /// What the ledger keeps of a request.
    type Entry: Clone;

    /// A world with these companies. `now` is when their documents were last touched, unless the file says otherwise.
    fn open(files: Vec<Self::File>, now: DateTime<Utc>) -> Result<Self, Self::FileError>;

    /// Answers one request that arrives at `now`.
    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse;

    /// Every request so far.
    fn ledger(&self) -> &[Self::Entry];

    /// The whole world but for its faults.
    fn snapshot(&self) -> Value;

    /// The world of a snapshot, without faults.
    fn restore(snapshot: Value) -> Result<Self, SnapshotError>;
}
