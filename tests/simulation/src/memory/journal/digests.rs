//! What the digests are made from, when they're made, and what became of them, in memory.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    digest::{Kept, Line, MailKey, MailKind, Outlook, Span},
    ids::TenantId,
    job::{Job, JobState},
};
use workflow::ports::{Digests, KeptMail, PortError, SaveError};

use super::{MemoryJournal, through_text};
use crate::{faults::Call, lock};

impl MemoryJournal {
    /// All digests and notices kept for a tenant, by date.
    pub fn mails(&self, tenant: &TenantId) -> Vec<Kept> {
        let tables = lock(&self.tables);
        tables.mails.iter().filter(|((of, _), _)| of == tenant).map(|(_, mail)| mail.kept.clone()).collect()
    }

    /// The same, each with the moment it was kept.
    pub(crate) fn kept_mails(&self, tenant: &TenantId) -> Vec<(DateTime<Utc>, Kept)> {
        let tables = lock(&self.tables);
        let of = tables.mails.iter().filter(|((of, _), _)| of == tenant);
        of.filter_map(|(key, mail)| Some((*tables.kept_at.get(key)?, mail.kept.clone()))).collect()
    }

    /// When something is next to be told.
    pub(crate) fn next_digest(&self) -> Option<DateTime<Utc>> {
        lock(&self.tables).digests_wake.values().min().copied()
    }

    /// Whether a tenant's digests are made.
    pub(crate) fn has_digests(&self, tenant: &TenantId) -> bool {
        lock(&self.tables).digests_wake.contains_key(tenant)
    }

    /// Everything that was written down for digests to tell.
    pub fn lines(&self, tenant: &TenantId) -> Vec<Line> {
        self.lines.of(tenant)
    }
}

fn since(job: &Job) -> Option<DateTime<Utc>> {
    match &job.state {
        JobState::Held { since, .. } | JobState::Failed { since, .. } => Some(*since),
        JobState::Working | JobState::Done { .. } => None,
    }
}

impl Digests for MemoryJournal {
    async fn start_digests(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let write = || {
            lock(&self.tables).digests_wake.entry(tenant.clone()).or_insert(at);
        };
        self.faults.store(Call::MoveDigests, "having digests made", write).await
    }

    async fn with_digests(&self) -> Result<HashSet<TenantId>, PortError> {
        let read = || lock(&self.tables).digests_wake.keys().cloned().collect();
        self.faults.store(Call::DueDigests, "listing who has digests", read).await
    }

    async fn due_digests(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let mut due: Vec<_> = tables.digests_wake.iter().filter(|(_, at)| **at <= now).collect();
            due.sort_by_key(|(tenant, at)| (**at, (*tenant).clone()));
            due.into_iter().take(limit).map(|(tenant, _)| tenant.clone()).collect()
        };
        self.faults.store(Call::DueDigests, "finding the digests that are due", read).await
    }

    async fn digests_wake(&self, tenant: &TenantId) -> Result<Option<DateTime<Utc>>, PortError> {
        let read = || lock(&self.tables).digests_wake.get(tenant).copied();
        self.faults.store(Call::DueDigests, "reading when a digest is due", read).await
    }

    async fn move_digests(
        &self,
        tenant: &TenantId,
        from: DateTime<Utc>,
        to: Option<DateTime<Utc>>,
    ) -> Result<(), PortError> {
        let write = || {
            let wake = &mut lock(&self.tables).digests_wake;
            if wake.get(tenant) == Some(&from) {
                match to {
                    Some(to) => drop(wake.insert(tenant.clone(), to)),
                    None => drop(wake.remove(tenant)),
                }
            }
        };
        self.faults.store(Call::MoveDigests, "setting when the next digest is due", write).await
    }

    async fn happened(&self, tenant: &TenantId, span: Span) -> Result<Vec<Line>, PortError> {
        self.faults.store(Call::Happened, "reading what happened", || self.lines.within(tenant, span)).await
    }

    async fn waiting(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Job>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let jobs = tables.jobs.values().map(|item| &item.job);
            let mut jobs: Vec<Job> =
                jobs.filter(|job| job.key.tenant() == tenant && job.needs_person()).cloned().collect();
            jobs.sort_by(|a, b| (since(a), &a.key).cmp(&(since(b), &b.key)));
            jobs.truncate(limit);
            jobs
        };
        self.faults.store(Call::WaitingJobs, "reading what waits for a person", read).await
    }

    async fn outlook(&self, tenant: &TenantId, day: NaiveDate) -> Result<Outlook, PortError> {
        let read = || {
            let mut outlook = Outlook::on(day);
            let tables = lock(&self.tables);
            let pages = || tables.pages.iter().filter(|((of, ..), _)| of == tenant).map(|(_, page)| page);
            let newest = pages().map(|page| page.date).max();
            for page in pages().filter(|page| Some(page.date) == newest) {
                page.decisions.iter().for_each(|decision| outlook.see(decision, page.date));
            }
            drop(tables);
            let sweeps = self.sweeps(tenant);
            let newest = sweeps.iter().map(|page| page.date).max();
            for page in sweeps.iter().filter(|page| Some(page.date) == newest) {
                page.decisions.iter().for_each(|decision| outlook.see_draft(decision));
            }
            outlook
        };
        self.faults.store(Call::Outlook, "reading the newest decisions", read).await
    }

    async fn newest_digest(&self, tenant: &TenantId) -> Result<Option<KeptMail>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let of =
                |((whose, key), _): &(&(TenantId, MailKey), &KeptMail)| whose == tenant && key.kind == MailKind::Digest;
            tables.mails.iter().rev().find(of).map(|(_, mail)| mail.clone())
        };
        self.faults.store(Call::KeptMail, "reading the newest digest", read).await
    }

    async fn kept(&self, tenant: &TenantId, key: &MailKey) -> Result<Option<KeptMail>, PortError> {
        let read = || lock(&self.tables).mails.get(&(tenant.clone(), *key)).cloned();
        self.faults.store(Call::KeptMail, "reading a digest", read).await
    }

    async fn keep_new(&self, tenant: &TenantId, kept: &Kept) -> Result<bool, PortError> {
        let mail = KeptMail { kept: through_text(kept)?, version: 1 };
        let write = || {
            let tables = &mut lock(&self.tables);
            let key = (tenant.clone(), kept.key);
            if tables.mails.contains_key(&key) {
                return false;
            }
            tables.kept_at.insert(key.clone(), self.faults.now());
            tables.mails.insert(key, mail);
            true
        };
        self.faults.store(Call::KeepMail, "keeping a digest", write).await
    }

    async fn settle(&self, tenant: &TenantId, mail: &mut KeptMail) -> Result<(), SaveError> {
        let next = KeptMail { kept: through_text(&mail.kept)?, version: mail.version + 1 };
        let write = || {
            let mails = &mut lock(&self.tables).mails;
            match mails.get_mut(&(tenant.clone(), mail.kept.key)).filter(|kept| kept.version == mail.version) {
                Some(kept) => {
                    *kept = next.clone();
                    true
                }
                None => false,
            }
        };
        if !self.faults.store(Call::KeepMail, "writing what became of a digest", write).await? {
            return Err(SaveError::Fenced);
        }
        mail.version += 1;
        Ok(())
    }
}
