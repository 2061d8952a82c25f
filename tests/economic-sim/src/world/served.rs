//! The world as the shell serves it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sim_kit::{SimRequest, SimResponse, SnapshotError};

use super::World;
use super::ledger::LedgerEntry;
use crate::company_file::{CompanyFile, CompanyFileError};

impl sim_kit::World for World {
    type File = CompanyFile;
    type FileError = CompanyFileError;
    type Entry = LedgerEntry;

    fn open(files: Vec<CompanyFile>, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        Self::new(files, now)
    }

    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        self.handle(now, request)
    }

    fn ledger(&self) -> &[LedgerEntry] {
        self.ledger()
    }

    fn snapshot(&self) -> Value {
        self.snapshot()
    }

    fn restore(snapshot: Value) -> Result<Self, SnapshotError> {
        Self::restore(snapshot)
    }
}
