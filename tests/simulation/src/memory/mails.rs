//! What is remembered of mails, in memory.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::TenantId,
    mail::{MailCounts, MailName, MailRecord},
};
use workflow::ports::{MailAdds, MailBook, MailStop, PortError, RecordedMail, SaveError};

use super::{journal::through_text, lines::Lines};
use crate::{
    faults::{Call, Faults},
    lock,
};

/// Records, whom no mail goes to, and counts.
#[derive(Debug)]
pub struct MemoryMails {
    tables: Mutex<Tables>,
    lines: Lines,
    faults: Faults,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    records: BTreeMap<MailName, RecordedMail>,
    stops: BTreeMap<(TenantId, MailStop), DateTime<Utc>>,
    counts: BTreeMap<(TenantId, NaiveDate), MailCounts>,
}

impl MemoryMails {
    pub(super) fn new(lines: Lines, faults: Faults) -> Self {
        Self { tables: Mutex::default(), lines, faults }
    }

    /// Others that say the same.
    pub(super) fn copy(&self, lines: Lines, faults: Faults) -> Self {
        Self { tables: Mutex::new(lock(&self.tables).clone()), lines, faults }
    }

    /// Every record there is.
    pub fn all(&self) -> Vec<MailRecord> {
        lock(&self.tables).records.values().map(|kept| kept.record.clone()).collect()
    }
}

impl MailBook for MemoryMails {
    async fn keep(&self, record: &MailRecord) -> Result<(), PortError> {
        let kept = RecordedMail { record: through_text(record)?, version: 1 };
        let write = || _ = lock(&self.tables).records.entry(record.mail.clone()).or_insert(kept);
        self.faults.store(Call::KeepMailRecord, "keeping a mail's record", write).await
    }

    async fn record(&self, mail: &MailName) -> Result<Option<RecordedMail>, PortError> {
        let read = || lock(&self.tables).records.get(mail).cloned();
        self.faults.store(Call::MailRecord, "reading a mail's record", read).await
    }

    async fn save(&self, kept: &RecordedMail, adds: &MailAdds) -> Result<(), SaveError> {
        let record = through_text(&kept.record)?;
        let lines = through_text(&adds.lines)?;
        let write = || {
            let mut tables = lock(&self.tables);
            let Some(stored) = tables.records.get_mut(&kept.record.mail).filter(|it| it.version == kept.version) else {
                return Err(SaveError::Fenced);
            };
            *stored = RecordedMail { record, version: kept.version + 1 };
            let counts = tables.counts.entry((kept.record.tenant.clone(), adds.date)).or_default();
            *counts = counts.and(adds.counted);
            self.lines.add(lines);
            Ok(())
        };
        self.faults.store(Call::SaveMail, "writing what became of a mail", write).await?
    }

    async fn counts(&self, tenant: &TenantId, from: NaiveDate) -> Result<MailCounts, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let of = tables.counts.iter().filter(|((of, date), _)| of == tenant && *date >= from);
            of.fold(MailCounts::default(), |sum, (_, counts)| sum.and(*counts))
        };
        self.faults.store(Call::MailCounts, "reading how many mails bounced", read).await
    }

    async fn stop(&self, tenant: &TenantId, stop: &MailStop, since: DateTime<Utc>) -> Result<(), PortError> {
        let write = || _ = lock(&self.tables).stops.entry((tenant.clone(), stop.clone())).or_insert(since);
        self.faults.store(Call::StopMails, "stopping mails", write).await
    }

    async fn lift(&self, tenant: &TenantId, stop: &MailStop) -> Result<(), PortError> {
        let write = || _ = lock(&self.tables).stops.remove(&(tenant.clone(), stop.clone()));
        self.faults.store(Call::StopMails, "letting mails go again", write).await
    }

    async fn stopped(&self, tenant: &TenantId, stop: &MailStop) -> Result<Option<DateTime<Utc>>, PortError> {
        let read = || lock(&self.tables).stops.get(&(tenant.clone(), stop.clone())).copied();
        self.faults.store(Call::MailStops, "reading whether mails are stopped", read).await
    }
}
