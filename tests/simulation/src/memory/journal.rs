//! The journal in memory.

mod digests;

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    digest::{MailKey, happened},
    ids::{AgreementNumber, TenantId},
    job::{Event, Job, JobKey},
    preflight::Report,
};
use serde::{Serialize, de::DeserializeOwned};
use workflow::dead_letters::{DeadLetterQueue, LetterDeed, LetterId};
use workflow::ports::{
    Also, Claim, Claimed, Concern, Digests, History, Journal, KeptMail, Opened, PortError, Remembered, SaveError,
    ScanPage, Subject, SweepPage,
};

use super::lines::Lines;
use crate::{
    faults::{Call, Faults},
    lock,
};

/// Jobs with their stories, histories, pages and concerns.
#[derive(Debug)]
pub struct MemoryJournal {
    tables: Mutex<Tables>,
    lines: Lines,
    faults: Faults,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    jobs: BTreeMap<JobKey, Item>,
    histories: BTreeMap<(TenantId, AgreementNumber), Remembered>,
    pages: BTreeMap<(TenantId, DateTime<Utc>, u32), ScanPage>,
    sweeps: BTreeMap<(TenantId, NaiveDate, u32), SweepPage>,
    concerns: BTreeMap<(TenantId, Subject), Concern>,
    reports: BTreeMap<TenantId, Report>,
    deeds: BTreeMap<(DeadLetterQueue, DateTime<Utc>, LetterId), LetterDeed>,
    digests_wake: BTreeMap<TenantId, DateTime<Utc>>,
    mails: BTreeMap<(TenantId, MailKey), KeptMail>,
    kept_at: BTreeMap<(TenantId, MailKey), DateTime<Utc>>,
}

#[derive(Debug, Clone)]
struct Item {
    job: Job,
    version: u64,
    lease_until: Option<DateTime<Utc>>,
    events: Vec<Event>,
    /// When each of them was written, which may be later than it happened.
    written: Vec<DateTime<Utc>>,
    /// Since when it waited for a person, or didn't.
    waits: Vec<(DateTime<Utc>, bool)>,
}

impl Item {
    fn new(job: Job, events: Vec<Event>, now: DateTime<Utc>) -> Self {
        let (written, waits) = (vec![now; events.len()], vec![(now, job.needs_person())]);
        Self { job, version: 1, lease_until: None, events, written, waits }
    }

    fn save(&mut self, job: Job, events: Vec<Event>, now: DateTime<Utc>) {
        if self.job.needs_person() != job.needs_person() {
            self.waits.push((now, job.needs_person()));
        }
        self.written.extend(events.iter().map(|_| now));
        self.events.extend(events);
        self.job = job;
        self.version += 1;
    }
}

/// What was written, read back from its text.
pub(super) fn through_text<T: Serialize + DeserializeOwned>(value: &T) -> Result<T, PortError> {
    let text = serde_json::to_string(value).map_err(|error| PortError::new("writing an item", error))?;
    serde_json::from_str(&text).map_err(|error| PortError::new("reading an item", error))
}

fn remembered_through_text(remembered: &Remembered) -> Result<Remembered, PortError> {
    Ok(Remembered { history: through_text(&remembered.history)?, version: remembered.version })
}

fn all_through_text<T: Serialize + DeserializeOwned>(values: &[T]) -> Result<Vec<T>, PortError> {
    values.iter().map(through_text).collect()
}

impl MemoryJournal {
    pub(super) fn new(lines: Lines, faults: Faults) -> Self {
        Self { tables: Mutex::default(), lines, faults }
    }

    /// Another journal that says the same.
    pub(super) fn copy(&self, lines: Lines, faults: Faults) -> Self {
        Self { tables: Mutex::new(lock(&self.tables).clone()), lines, faults }
    }

    /// What the digests tell of, to be written by others too.
    pub(super) fn shared_lines(&self) -> &Lines {
        &self.lines
    }

    /// A job as it stands.
    pub fn job(&self, key: &JobKey) -> Option<Job> {
        lock(&self.tables).jobs.get(key).map(|item| item.job.clone())
    }

    /// The pages of a tenant's sweeps, the last of each day, oldest first.
    pub fn sweeps(&self, tenant: &TenantId) -> Vec<SweepPage> {
        let tables = lock(&self.tables);
        tables.sweeps.iter().filter(|((of, ..), _)| of == tenant).map(|(_, page)| page.clone()).collect()
    }

    /// All jobs, by key.
    pub fn jobs(&self) -> Vec<Job> {
        lock(&self.tables).jobs.values().map(|item| item.job.clone()).collect()
    }

    /// A job's story.
    pub fn story(&self, key: &JobKey) -> Vec<Event> {
        lock(&self.tables).jobs.get(key).map(|item| item.events.clone()).unwrap_or_default()
    }

    /// The same, each with the moment it was written.
    pub(crate) fn written(&self, key: &JobKey) -> Vec<(DateTime<Utc>, Event)> {
        let tables = lock(&self.tables);
        let item = tables.jobs.get(key).into_iter();
        item.flat_map(|item| item.written.iter().copied().zip(item.events.iter().cloned())).collect()
    }

    /// Since when a job waited for a person, and since when it didn't.
    pub(crate) fn waits(&self, key: &JobKey) -> Vec<(DateTime<Utc>, bool)> {
        lock(&self.tables).jobs.get(key).map(|item| item.waits.clone()).unwrap_or_default()
    }

    /// The pages kept of a tenant's scans, by time and number.
    pub fn pages(&self, tenant: &TenantId) -> Vec<ScanPage> {
        let tables = lock(&self.tables);
        tables.pages.iter().filter(|((of, ..), _)| of == tenant).map(|(_, page)| page.clone()).collect()
    }

    /// What of a tenant needs a person and has no job.
    pub fn concerns_of(&self, tenant: &TenantId) -> BTreeMap<Subject, Concern> {
        let tables = lock(&self.tables);
        let of = tables.concerns.iter().filter(|((of, _), _)| of == tenant);
        of.map(|((_, subject), concern)| (subject.clone(), concern.clone())).collect()
    }

    /// When the next job is to be woken.
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        lock(&self.tables).jobs.values().filter_map(|item| item.job.wake_at).min()
    }

    /// When the next lease that still runs at `now` ends.
    pub fn next_lease_end(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        lock(&self.tables).jobs.values().filter_map(|item| item.lease_until).filter(|until| *until > now).min()
    }
}

impl Journal for MemoryJournal {
    async fn job(&self, key: &JobKey) -> Result<Option<Job>, PortError> {
        let read = || MemoryJournal::job(self, key);
        self.faults.store(Call::LookAtJob, "looking at a job", read).await
    }

    async fn open(&self, job: &Job, events: &[Event]) -> Result<Opened, PortError> {
        let (job, events) = (through_text(job)?, all_through_text(events)?);
        let write = || {
            let mut tables = lock(&self.tables);
            if let Some(item) = tables.jobs.get(&job.key) {
                return Opened::Exists(Box::new(item.job.clone()));
            }
            self.lines.add(happened(&job, &events));
            tables.jobs.insert(job.key.clone(), Item::new(job, events, self.faults.now()));
            Opened::New
        };
        self.faults.store(Call::Open, "opening a job", write).await
    }

    async fn claim(&self, key: &JobKey, now: DateTime<Utc>, lease: TimeDelta) -> Result<Claim, PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            let Some(item) = tables.jobs.get_mut(key) else { return Claim::Missing };
            if let Some(until) = item.lease_until.filter(|until| *until > now) {
                return Claim::Busy { until };
            }
            // The version moves on, so that whoever held the job before is fenced off.
            item.version += 1;
            item.lease_until = Some(now + lease);
            Claim::Taken(Box::new(Claimed { job: item.job.clone(), version: item.version }))
        };
        self.faults.store(Call::Claim, "claiming a job", write).await
    }

    async fn save(
        &self,
        claimed: &mut Claimed,
        also: Also,
        lease_until: Option<DateTime<Utc>>,
    ) -> Result<(), SaveError> {
        let (job, events) = (through_text(&claimed.job)?, all_through_text(&also.events)?);
        let (version, history) = (claimed.version, also.history.as_ref().map(remembered_through_text).transpose()?);
        let write = || {
            let mut tables = lock(&self.tables);
            let Tables { jobs, histories, .. } = &mut *tables;
            let Some(item) = jobs.get_mut(&job.key).filter(|item| item.version == version) else { return false };
            if let (Some(Remembered { history, version }), Some(agreement)) = (history, job.key.agreement()) {
                let known = histories.entry((job.key.tenant().clone(), agreement.clone())).or_default();
                if known.version != version {
                    return false;
                }
                *known = Remembered { history, version: version + 1 };
            }
            let lines = happened(&job, &events);
            item.save(job, events, self.faults.now());
            item.lease_until = lease_until;
            self.lines.add(lines);
            true
        };
        if !self.faults.store(Call::Save, "saving a job", write).await? {
            return Err(SaveError::Fenced);
        }
        claimed.version += 1;
        Ok(())
    }

    async fn waking(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<JobKey>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let mut due: Vec<_> =
                tables.jobs.values().filter_map(|item| Some((item.job.wake_at?, &item.job.key))).collect();
            due.retain(|(at, _)| *at <= now);
            due.sort();
            due.into_iter().take(limit).map(|(_, key)| key.clone()).collect()
        };
        self.faults.store(Call::Waking, "finding waiting jobs", read).await
    }

    async fn jobs_on(&self, tenant: &TenantId, date: NaiveDate) -> Result<u32, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let of_day = |job: &Job| job.key.tenant() == tenant && job.decided_on == date && job.counts_for_its_day();
            u32::try_from(tables.jobs.values().filter(|item| of_day(&item.job)).count()).unwrap_or(u32::MAX)
        };
        self.faults.store(Call::JobsOn, "counting the day's jobs", read).await
    }

    async fn jobs_of_day(&self, tenant: &TenantId, date: NaiveDate) -> Result<Vec<Job>, PortError> {
        let read = || {
            let mut jobs = self.jobs();
            jobs.retain(|job| job.decided_on == date && job.key.tenant() == tenant);
            jobs
        };
        self.faults.store(Call::LookAtJob, "reading the day's jobs", read).await
    }

    async fn story_of(&self, key: &JobKey) -> Result<Vec<Event>, PortError> {
        self.faults.store(Call::LookAtJob, "reading a job's story", || self.story(key)).await
    }

    async fn history(&self, tenant: &TenantId, agreement: &AgreementNumber) -> Result<Remembered, PortError> {
        let key = (tenant.clone(), agreement.clone());
        let read = || lock(&self.tables).histories.get(&key).cloned().unwrap_or_default();
        self.faults.store(Call::History, "reading an agreement's history", read).await
    }

    async fn histories(&self, tenant: &TenantId) -> Result<BTreeMap<AgreementNumber, History>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let of = tables.histories.iter().filter(|((of, _), _)| of == tenant);
            of.map(|((_, agreement), history)| (agreement.clone(), history.history.clone())).collect()
        };
        self.faults.store(Call::Histories, "reading a tenant's histories", read).await
    }

    async fn keep_page(&self, tenant: &TenantId, page: &ScanPage) -> Result<(), PortError> {
        let page = through_text(page)?;
        let write = || {
            lock(&self.tables).pages.insert((tenant.clone(), page.at, page.page), page);
        };
        self.faults.store(Call::KeepPage, "keeping a page", write).await
    }

    async fn keep_sweep(&self, tenant: &TenantId, page: &SweepPage) -> Result<(), PortError> {
        let page = through_text(page)?;
        let write = || {
            lock(&self.tables).sweeps.insert((tenant.clone(), page.date, page.page), page);
        };
        self.faults.store(Call::KeepPage, "keeping a page of a sweep", write).await
    }

    async fn concerns(&self, tenant: &TenantId) -> Result<BTreeMap<Subject, Concern>, PortError> {
        self.faults.store(Call::Concerns, "reading a tenant's concerns", || self.concerns_of(tenant)).await
    }

    async fn set_concern(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        concern: Option<&Concern>,
    ) -> Result<(), PortError> {
        let concern = concern.map(through_text).transpose()?;
        let key = (tenant.clone(), subject.clone());
        let write = || {
            let Tables { concerns, digests_wake, .. } = &mut *lock(&self.tables);
            match concern {
                Some(concern) => {
                    if let (Subject::Tenant, Some(wake)) = (&key.1, digests_wake.get_mut(&key.0)) {
                        *wake = concern.since + Self::TOLD_AFTER;
                    }
                    concerns.insert(key, concern);
                }
                None => drop(concerns.remove(&key)),
            }
        };
        self.faults.store(Call::SetConcern, "writing a concern", write).await
    }

    async fn keep_report(&self, report: &Report) -> Result<(), PortError> {
        let report = through_text(report)?;
        let write = || _ = lock(&self.tables).reports.insert(report.tenant.clone(), report.clone());
        self.faults.store(Call::KeepPage, "keeping a pre-flight's report", write).await
    }

    async fn report(&self, tenant: &TenantId) -> Result<Option<Report>, PortError> {
        let read = || lock(&self.tables).reports.get(tenant).cloned();
        self.faults.store(Call::Concerns, "reading a pre-flight's report", read).await
    }

    async fn keep_deed(&self, deed: &LetterDeed) -> Result<(), PortError> {
        let deed = through_text(deed)?;
        let write = || {
            lock(&self.tables).deeds.insert((deed.queue, deed.at, deed.letter.clone()), deed);
        };
        self.faults.store(Call::KeepDeed, "keeping what was done with a letter", write).await
    }

    async fn deeds(&self, queue: DeadLetterQueue, limit: usize) -> Result<Vec<LetterDeed>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            tables.deeds.values().rev().filter(|deed| deed.queue == queue).take(limit).cloned().collect()
        };
        self.faults.store(Call::Deeds, "reading what was done with letters", read).await
    }
}
