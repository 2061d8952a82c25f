//! What makes a job unique.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{AgreementNumber, InvalidId, TenantId};

/// What makes a job unique: tenant, agreement and the first date of the period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobKey {
    tenant: TenantId,
    agreement: AgreementNumber,
    period_start: NaiveDate,
}

impl JobKey {
    /// The key of the invoice of `agreement` for the period that starts on `period_start`.
    pub fn new(tenant: TenantId, agreement: AgreementNumber, period_start: NaiveDate) -> Self {
        Self { tenant, agreement, period_start }
    }

    /// Whose it is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Which agreement.
    pub fn agreement(&self) -> &AgreementNumber {
        &self.agreement
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.tenant, self.agreement, self.period_start)
    }
}

/// A text that isn't a job's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a job's key is <tenant>:<agreement>:<period start>")]
pub struct InvalidJobKey;

impl From<InvalidId> for InvalidJobKey {
    fn from(_: InvalidId) -> Self {
        Self
    }
}

impl FromStr for JobKey {
    type Err = InvalidJobKey;
    fn from_str(text: &str) -> Result<Self, InvalidJobKey> {
        // An agreement's number may hold a colon; a tenant and a date can't.
        let (tenant, rest) = text.split_once(':').ok_or(InvalidJobKey)?;
        let (agreement, start) = rest.rsplit_once(':').ok_or(InvalidJobKey)?;
        let period_start = start.parse().map_err(|_| InvalidJobKey)?;
        Ok(Self { tenant: tenant.parse()?, agreement: agreement.parse()?, period_start })
    }
}

impl TryFrom<String> for JobKey {
    type Error = InvalidJobKey;
    fn try_from(text: String) -> Result<Self, InvalidJobKey> {
        text.parse()
    }
}

impl From<JobKey> for String {
    fn from(key: JobKey) -> String {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_survives_writing_and_reading_even_with_a_colon_in_the_number() {
        let key = JobKey::new("fortnox-1".parse().unwrap(), "A:7".parse().unwrap(), "2026-01-31".parse().unwrap());
        assert_eq!(key.to_string(), "fortnox-1:A:7:2026-01-31");
        assert_eq!(key.to_string().parse(), Ok(key));
        for wrong in ["", "fortnox-1", "fortnox-1:7", "fortnox-1:7:soon", "x:7:2026-01-31", "fortnox-1::2026-01-31"] {
            assert!(wrong.parse::<JobKey>().is_err(), "{wrong}");
        }
    }
}
