//! The report: findings up to a limit, and how many there were of each kind.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{About, Finding, Severity, What};
use crate::ids::TenantId;

/// Most findings of one kind that are named; the others are counted. A page or two that somebody reads.
const MOST_OF_A_KIND: u64 = 100;
/// Most findings that are named in all: a report is kept as one item of DynamoDB, which holds 400 KB, and a finding with its
/// words takes up to one.
const MOST_IN_ALL: usize = 300;

/// How often something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How much it weighs.
    pub severity: Severity,
    /// How often.
    pub found: u64,
    /// How many of them are named.
    pub named: u64,
}

/// A tenant's pre-flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whose.
    pub tenant: TenantId,
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// The tenant's date.
    pub date: NaiveDate,
    /// Findings, in the order in which they were made.
    pub findings: Vec<Finding>,
    /// How often each kind was found, the unnamed ones included.
    pub counts: BTreeMap<String, Count>,
}

impl Report {
    /// One without findings.
    pub fn new(tenant: TenantId, at: DateTime<Utc>, date: NaiveDate) -> Self {
        Self { tenant, at, date, findings: Vec::new(), counts: BTreeMap::new() }
    }

    /// Adds a finding: named, or only counted.
    pub fn add(&mut self, about: About, what: What) {
        let finding = Finding::new(about, what);
        let room = self.findings.len() < MOST_IN_ALL;
        let count = Count { severity: finding.severity, found: 0, named: 0 };
        let count = self.counts.entry(finding.what.code().to_owned()).or_insert(count);
        count.found += 1;
        count.severity = count.severity.max(finding.severity);
        if room && count.named < MOST_OF_A_KIND {
            count.named += 1;
            self.findings.push(finding);
        }
    }

    /// The heaviest finding.
    pub fn worst(&self) -> Severity {
        self.counts.values().map(|count| count.severity).max().unwrap_or(Severity::Ok)
    }

    /// How many findings weigh so much.
    pub fn found(&self, severity: Severity) -> u64 {
        self.counts.values().filter(|count| count.severity == severity).map(|count| count.found).sum()
    }

    /// What the settings keep of it.
    pub fn standing(&self) -> Standing {
        let first = self.findings.iter().find(|finding| finding.severity == Severity::Blocking);
        Standing {
            at: self.at,
            blocking: self.found(Severity::Blocking),
            warnings: self.found(Severity::Warning),
            first_blocking: first.map(|finding| format!("{}: {}", finding.about, finding.says)),
        }
    }
}

/// A report's outcome, by which the tenant's mode is held back or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// When the pre-flight was begun.
    pub at: DateTime<Utc>,
    /// Blocking findings.
    pub blocking: u64,
    /// Warnings.
    pub warnings: u64,
    /// The first blocking finding in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_blocking: Option<String>,
}
