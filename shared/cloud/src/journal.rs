//! The journal table. Every write that matters is conditional, so that of two workers one finds out.
//!
//! | `pk` | `sk` | what |
//! | --- | --- | --- |
//! | `job#<key>` | `job` | the job, its version and its lease |
//! | `job#<key>` | `event#<version>#<n>` | one line of its story |
//! | `history#<tenant>` | `<agreement>` | what is remembered of an agreement's invoices |
//! | `concern#<tenant>` | `tenant`, `agreement#<number>`, `draft#<number>`, `prices`, `prices#<number>` | what needs a person and has no job |
//! | `scan#<tenant>` | `<date>#<instant>#<page>#<part>` | what a scan decided |
//! | `sweep#<tenant>` | `<date>#<page>#<part>` | what the day's last sweep decided |
//! | `preflight#<tenant>` | `newest` | the report of the newest pre-flight |
//! | `happened#<tenant>` | `<instant>#<job>#<what>` | what came true of an invoice, for the digest of that moment |
//! | `digests#<tenant>` | `wake` | when there's something to tell or to look for |
//! | `digests#<tenant>` | `mail#<kind>#<date>` | a digest or a notice, and what became of its mail |
//! | `letter#<queue>` | `<instant>#<letter>` | what a person did with a dead letter |
//! | `signals#<tenant>` | `draft#<number>` | an integration's word that a draft is finished |
//! | `signals#<tenant>` | `nonce#<nonce>` | the same by the nonce it came with, for a few minutes |
//! | `pace#<tenant>` | `window` | the calls of the last seconds |
//!
//! Prices and mails have parts of it to themselves: see `prices` and `mails`.

mod concern;
mod deed;
mod digests;
mod history;
mod job;
mod lines;
mod page;
mod report;

pub(crate) use lines::Lines;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::{AgreementNumber, TenantId},
    job::{Event, Job, JobKey},
    preflight::Report,
};
use workflow::{
    dead_letters::{DeadLetterQueue, LetterDeed},
    ports::{
        Also, Claim, Claimed, Concern, Digests, History, Journal, Opened, PortError, Remembered, SaveError, ScanPage,
        Subject, SweepPage,
    },
};

#[derive(Debug, Clone)]
pub struct DynamoJournal {
    client: Client,
    table: String,
    keep_pages: TimeDelta,
    lines: Lines,
}

impl DynamoJournal {
    pub(crate) fn new(client: Client, table: String, keep_pages: TimeDelta) -> Self {
        Self { client, lines: Lines::new(table.clone(), keep_pages), table, keep_pages }
    }
}

impl Journal for DynamoJournal {
    async fn job(&self, key: &JobKey) -> Result<Option<Job>, PortError> {
        self.look_at_job(key).await
    }

    async fn open(&self, job: &Job, events: &[Event]) -> Result<Opened, PortError> {
        self.open_job(job, events).await
    }

    async fn claim(&self, key: &JobKey, now: DateTime<Utc>, lease: TimeDelta) -> Result<Claim, PortError> {
        self.claim_job(key, now, lease).await
    }

    async fn save(
        &self,
        claimed: &mut Claimed,
        also: Also,
        lease_until: Option<DateTime<Utc>>,
    ) -> Result<(), SaveError> {
        self.save_job(claimed, also, lease_until).await
    }

    async fn waking(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<JobKey>, PortError> {
        self.waking_jobs(now, limit).await
    }

    async fn jobs_on(&self, tenant: &TenantId, date: NaiveDate) -> Result<u32, PortError> {
        self.count_jobs(tenant, date).await
    }

    async fn jobs_of_day(&self, tenant: &TenantId, date: NaiveDate) -> Result<Vec<Job>, PortError> {
        self.read_day(tenant, date).await
    }

    async fn story_of(&self, key: &JobKey) -> Result<Vec<Event>, PortError> {
        self.read_story(key).await
    }

    async fn history(&self, tenant: &TenantId, agreement: &AgreementNumber) -> Result<Remembered, PortError> {
        self.read_history(tenant, agreement).await
    }

    async fn histories(&self, tenant: &TenantId) -> Result<BTreeMap<AgreementNumber, History>, PortError> {
        self.read_histories(tenant).await
    }

    async fn keep_page(&self, tenant: &TenantId, page: &ScanPage) -> Result<(), PortError> {
        self.put_page(tenant, page).await
    }

    async fn keep_sweep(&self, tenant: &TenantId, page: &SweepPage) -> Result<(), PortError> {
        self.put_sweep(tenant, page).await
    }

    async fn concerns(&self, tenant: &TenantId) -> Result<BTreeMap<Subject, Concern>, PortError> {
        self.read_concerns(tenant).await
    }

    async fn set_concern(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        concern: Option<&Concern>,
    ) -> Result<(), PortError> {
        if let (Subject::Tenant, Some(concern)) = (subject, concern) {
            // First, since a concern that is there isn't raised again after a crash in between.
            self.wake_digests(tenant, concern.since + Self::TOLD_AFTER).await?;
        }
        self.write_concern(tenant, subject, concern).await
    }

    async fn keep_report(&self, report: &Report) -> Result<(), PortError> {
        self.put_report(report).await
    }

    async fn report(&self, tenant: &TenantId) -> Result<Option<Report>, PortError> {
        self.read_report(tenant).await
    }

    async fn keep_deed(&self, deed: &LetterDeed) -> Result<(), PortError> {
        self.put_deed(deed).await
    }

    async fn deeds(&self, queue: DeadLetterQueue, limit: usize) -> Result<Vec<LetterDeed>, PortError> {
        self.read_deeds(queue, limit).await
    }
}
