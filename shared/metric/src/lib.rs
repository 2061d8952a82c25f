//! The figures that the functions publish: each one's name, unit and meaning, once.
//!
//! Whoever does something says so with [`Metric::add`] or [`Metric::add_of`], which is a `tracing` event and nothing more: what
//! becomes of it is for `telemetry` to say. So the use cases know nothing of CloudWatch, and publish nothing where nobody listens.
//!
//! A figure has no dimension: CloudWatch bills each figure once for every value of every dimension (source: CloudWatch pricing), and
//! a tenant would be one. Whose it was stands beside it, for a look into the logs.

mod list;

pub use list::{
    ALL, DELIVERIES_UNKNOWN, ECONOMIC_CALLS, ECONOMIC_TOO_MANY, FORTNOX_CALLS, FORTNOX_TOO_MANY, JOBS_BOOKED,
    JOBS_CREATED, JOBS_DELIVERED, JOBS_DONE, JOBS_FAILED, JOBS_HELD, MAILS_ACCEPTED, MAILS_BOUNCED, MAILS_COMPLAINED,
    MAILS_DELIVERED, MATCH_TO_BOOK, MATCH_TO_CREATE, SCANS_OVERDUE, SWEEPS_OVERDUE, TENANTS_SCANNED, TENANTS_SWEPT,
};

/// The target of the events that are figures.
pub const TARGET: &str = "emf";

/// What a figure counts in, spelled as CloudWatch does (source: CloudWatch API reference, `MetricDatum`, `Unit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many.
    Count,
    /// Time.
    Milliseconds,
}

impl Unit {
    /// As CloudWatch spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
        }
    }
}

/// A figure that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name in CloudWatch.
    pub name: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// What one of it is.
    pub means: &'static str,
}

impl Metric {
    /// Publishes a value.
    pub fn add(&self, value: u64) {
        self.publish(value, None, None);
    }

    /// Publishes a value, with whose it is and, where it's one of several kinds, which.
    pub fn add_of(&self, value: u64, tenant: &str, reason: Option<&str>) {
        self.publish(value, Some(tenant), reason);
    }

    fn publish(&self, value: u64, tenant: Option<&str>, reason: Option<&str>) {
        tracing::info!(target: TARGET, metric = self.name, value, tenant, reason);
    }

    /// The figure of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|metric| metric.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_name_is_one_figures_and_one_that_cloudwatch_takes() {
        let names: BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len());
        for metric in ALL {
            assert!(metric.name.chars().all(|letter| letter.is_ascii_alphanumeric()), "{}", metric.name);
            assert_eq!(Metric::named(metric.name), Some(metric));
        }
        assert_eq!(Metric::named("Nobody"), None);
    }
}
