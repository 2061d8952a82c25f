//! What needs a person and has no job to stand in: raised when seen, settled when gone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{hold::HoldReason, ids::TenantId};

use crate::ports::{Concern, Journal, PortError, Subject};

/// A tenant's concerns as known, so that only changes are written.
pub(super) struct Concerns<'a, J> {
    journal: &'a J,
    tenant: &'a TenantId,
    known: BTreeMap<Subject, Concern>,
}

impl<'a, J: Journal> Concerns<'a, J> {
    pub(super) async fn load(journal: &'a J, tenant: &'a TenantId) -> Result<Self, PortError> {
        Ok(Self { journal, tenant, known: journal.concerns(tenant).await? })
    }

    /// Raises `reason` for `subject`, or settles whatever it was.
    pub(super) async fn set(
        &mut self,
        subject: Subject,
        reason: Option<&HoldReason>,
        now: DateTime<Utc>,
    ) -> Result<(), PortError> {
        let known = self.known.get(&subject);
        if known.map(|concern| &concern.reason) == reason {
            return Ok(());
        }
        let concern = reason.map(|reason| Concern { since: now, reason: reason.clone() });
        self.journal.set_concern(self.tenant, &subject, concern.as_ref()).await?;
        match concern {
            Some(concern) => self.known.insert(subject, concern),
            None => self.known.remove(&subject),
        };
        Ok(())
    }
}
