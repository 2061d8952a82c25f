//! Which company a call is for.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// A company in Fortnox, by its database number (`DatabaseNumber`, the `TenantId` of the token endpoint).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(u64);

impl TenantId {
    /// Names the company with this database number.
    pub const fn new(database_number: u64) -> Self {
        Self(database_number)
    }

    /// The database number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TenantId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}
