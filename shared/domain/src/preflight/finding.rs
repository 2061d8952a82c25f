//! One line of a report.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::What;
use crate::ids::{AgreementNumber, CustomerNumber, DraftNumber};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing to do.
    Ok,
    /// It works, but not for everything, or not as one might think.
    Warning,
    /// It doesn't work: the tenant can't be in `full`.
    Blocking,
}

/// What a finding is about. Numbers only: names and addresses stay in the accounting system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The tenant as a whole.
    Tenant,
    /// One agreement.
    Agreement(AgreementNumber),
    /// One customer.
    Customer(CustomerNumber),
    /// One draft.
    Draft(DraftNumber),
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant => f.write_str("company"),
            Self::Agreement(number) => write!(f, "agreement {number}"),
            Self::Customer(number) => write!(f, "customer {number}"),
            Self::Draft(number) => write!(f, "draft {number}"),
        }
    }
}

/// One finding. Its words are kept beside what they were made of, so that any reader shows the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it's about.
    pub about: About,
    /// How much it weighs.
    pub severity: Severity,
    /// What was found, typed.
    pub what: What,
    /// The same in words.
    pub says: String,
    /// What a person can do; `None` if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_do: Option<String>,
}

impl Finding {
    /// That `what` was found about `about`.
    pub fn new(about: About, what: What) -> Self {
        Self { about, severity: what.severity(), says: what.to_string(), to_do: what.to_do(), what }
    }
}
