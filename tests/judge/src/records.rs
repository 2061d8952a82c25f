//! What the journal tells.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    draft::DraftDecision,
    due::Decision,
    ids::TenantId,
    job::{Event, Job},
};
use serde::Serialize;
use workflow::ports::Concern;

/// A job and its story.
#[derive(Debug, Clone, Serialize)]
pub struct JobRecord {
    /// The job.
    #[serde(flatten)]
    pub job: Job,
    /// Its story, oldest first.
    pub events: Vec<Event>,
}

/// What a scan decided, page by page.
#[derive(Debug, Clone, Serialize)]
pub struct DecidedPage {
    /// Whose.
    pub tenant: TenantId,
    /// On which of its dates.
    pub date: NaiveDate,
    /// When it was read.
    pub at: DateTime<Utc>,
    /// Sorts pages of one date by time.
    pub key: String,
    /// What was decided.
    pub decisions: Vec<Decision>,
}

/// What a sweep decided: the day's last word on each draft of a page.
#[derive(Debug, Clone, Serialize)]
pub struct DecidedSweep {
    /// Whose.
    pub tenant: TenantId,
    /// On which of its dates.
    pub date: NaiveDate,
    /// Sorts pages of one date.
    pub key: String,
    /// What was decided.
    pub decisions: Vec<DraftDecision>,
}

impl DecidedPage {
    /// Whether `job` was opened from this page, and not after another invoice of its agreement.
    pub fn matched(&self, job: &Job) -> bool {
        // The page's key holds milliseconds.
        let apart = (self.at - job.matched_at).abs();
        self.tenant == *job.key.tenant() && apart <= TimeDelta::milliseconds(1)
    }
}

/// What needs a person and has no job.
#[derive(Debug, Clone, Serialize)]
pub struct StandingConcern {
    /// Whose.
    pub tenant: TenantId,
    /// `tenant` or `agreement#<number>`.
    pub subject: String,
    /// What and since when.
    pub concern: Concern,
}
