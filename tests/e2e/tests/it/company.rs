//! Companies for the tests.

use std::path::{Path, PathBuf};

use fortnox_sim::CompanyFile;

pub(crate) use stage::companies::swedish::{CONTROL_COPY, REPLY_TO, address, profile};

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// One of the simulator's own companies.
pub(crate) fn sample(name: &str) -> CompanyFile {
    CompanyFile::read(&root().join("tests/fortnox-sim/companies").join(name)).unwrap()
}

/// A company with monthly agreements 1 to `agreements`, all of which are due on the first day.
pub(crate) fn company(number: u64, agreements: usize) -> CompanyFile {
    stage::companies::swedish::company(number, agreements).unwrap()
}
