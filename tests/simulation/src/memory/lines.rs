//! What the digests tell of, written by the journal with a job and by the mails with a record.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use domain::{
    digest::{Line, Span},
    ids::TenantId,
    job::JobKey,
};

use crate::lock;

type Key = (TenantId, DateTime<Utc>, JobKey, &'static str);

/// Lines by the tenant and the moment. A clone is the same lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines(Arc<Mutex<BTreeMap<Key, Line>>>);

impl Lines {
    /// Others that say the same.
    pub(super) fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(lock(&self.0).clone())))
    }

    pub(super) fn add(&self, lines: Vec<Line>) {
        let mut kept = lock(&self.0);
        for line in lines {
            kept.insert((line.job.tenant().clone(), line.at, line.job.clone(), line.what.name()), line);
        }
    }

    /// A tenant's lines of a span of time.
    pub(super) fn within(&self, tenant: &TenantId, span: Span) -> Vec<Line> {
        let lines = lock(&self.0);
        let of = lines.iter().filter(|((of, at, ..), _)| of == tenant && span.contains(*at));
        of.map(|(_, line)| line.clone()).collect()
    }

    pub(super) fn of(&self, tenant: &TenantId) -> Vec<Line> {
        lock(&self.0).iter().filter(|((of, ..), _)| of == tenant).map(|(_, line)| line.clone()).collect()
    }
}
