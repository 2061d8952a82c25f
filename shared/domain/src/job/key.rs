//! What makes a job unique.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{AgreementNumber, DraftNumber, InvalidId, TenantId};

/// What a job's invoice comes of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An agreement, for the period that starts on this date.
    Agreement {
        /// Which agreement.
        number: AgreementNumber,
        /// The first date of the period.
        period_start: NaiveDate,
    },
    /// A draft.
    Draft {
        /// Its number.
        number: DraftNumber,
        /// Which draft of that number, from 1: numbers may be used again once a draft is gone (fact sheet, 6.5).
        life: u32,
    },
}

/// What makes a job unique: the tenant, and the agreement with the first date of the period, or the draft.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobKey {
    tenant: TenantId,
    source: Source,
}

impl JobKey {
    /// The key of the invoice of `agreement` for the period that starts on `period_start`.
    pub fn new(tenant: TenantId, agreement: AgreementNumber, period_start: NaiveDate) -> Self {
        Self { tenant, source: Source::Agreement { number: agreement, period_start } }
    }

    /// The key of the `life`th draft with this number.
    pub fn of_draft(tenant: TenantId, number: DraftNumber, life: u32) -> Self {
        Self { tenant, source: Source::Draft { number, life } }
    }

    /// Whose it is.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// What its invoice comes of.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Which agreement, where it comes of one.
    pub fn agreement(&self) -> Option<&AgreementNumber> {
        match &self.source {
            Source::Agreement { number, .. } => Some(number),
            Source::Draft { .. } => None,
        }
    }

    /// Which draft, where it comes of one.
    pub fn draft(&self) -> Option<DraftNumber> {
        match &self.source {
            Source::Agreement { .. } => None,
            Source::Draft { number, .. } => Some(*number),
        }
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Agreement { number, period_start } => write!(f, "{}:{number}:{period_start}", self.tenant),
            Source::Draft { number, life } => write!(f, "{}:{number}:{life}", self.tenant),
        }
    }
}

/// A text that isn't a job's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a job's key is <tenant>:<agreement>:<period start> or <tenant>:<draft>:<which of that number>")]
pub struct InvalidJobKey;

impl From<InvalidId> for InvalidJobKey {
    fn from(_: InvalidId) -> Self {
        Self
    }
}

impl FromStr for JobKey {
    type Err = InvalidJobKey;
    fn from_str(text: &str) -> Result<Self, InvalidJobKey> {
        // An agreement's number may hold a colon; a tenant, a date and a count can't.
        let (tenant, rest) = text.split_once(':').ok_or(InvalidJobKey)?;
        let (number, last) = rest.rsplit_once(':').ok_or(InvalidJobKey)?;
        let source = match (last.parse(), last.parse()) {
            (Ok(period_start), _) => Source::Agreement { number: number.parse()?, period_start },
            (_, Ok(life)) => Source::Draft { number: number.parse()?, life },
            _ => return Err(InvalidJobKey),
        };
        let key = Self { tenant: tenant.parse()?, source };
        if key.to_string() == text { Ok(key) } else { Err(InvalidJobKey) }
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
        let key = JobKey::of_draft("economic-1".parse().unwrap(), "148".parse().unwrap(), 2);
        assert_eq!(key.to_string(), "economic-1:148:2");
        assert_eq!(key.to_string().parse(), Ok(key));
        for wrong in [
            "",
            "fortnox-1",
            "fortnox-1:7",
            "fortnox-1:7:soon",
            "x:7:2026-01-31",
            "fortnox-1::2026-01-31",
            "economic-1:148:+1",
            "economic-1:148:01",
            "economic-1:A:1",
        ] {
            assert!(wrong.parse::<JobKey>().is_err(), "{wrong}");
        }
    }
}
