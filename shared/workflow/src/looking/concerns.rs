//! What needs a person and has no job to stand in: raised when seen, settled when gone.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::{hold::HoldReason, ids::TenantId};

use super::Moment;
use crate::ports::{Concern, Journal, PortError, Subject};

/// A tenant's concerns as known, so that only changes are written.
pub(crate) struct Concerns<'a, J> {
    journal: &'a J,
    tenant: &'a TenantId,
    known: BTreeMap<Subject, Concern>,
}

impl<'a, J: Journal> Concerns<'a, J> {
    pub(crate) async fn load(journal: &'a J, tenant: &'a TenantId) -> Result<Self, PortError> {
        Ok(Self { journal, tenant, known: journal.concerns(tenant).await? })
    }

    /// Raises `reason` for `subject`, or settles whatever it was.
    pub(crate) async fn set(
        &mut self,
        subject: Subject,
        reason: Option<&HoldReason>,
        at: Moment,
    ) -> Result<(), PortError> {
        let known = self.known.get(&subject);
        let Some(reason) = reason else {
            return if known.is_some() { self.settle(&subject).await } else { Ok(()) };
        };
        let since = known.filter(|known| known.reason == *reason).map_or(at.now, |known| known.since);
        let concern = Concern { since, reason: reason.clone(), seen_on: Some(at.today) };
        if known == Some(&concern) {
            return Ok(());
        }
        self.journal.set_concern(self.tenant, &subject, Some(&concern)).await?;
        self.known.insert(subject, concern);
        Ok(())
    }

    /// Settles the concerns about agreements or drafts that are met no more, since they were ended or removed. One day's grace,
    /// for a scan that goes on past midnight in another invocation.
    pub(crate) async fn settle_gone(&mut self, today: NaiveDate) -> Result<(), PortError> {
        let met_since = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        let gone = |(subject, concern): &(&Subject, &Concern)| {
            matches!(subject, Subject::Agreement(_) | Subject::Draft(_))
                && concern.seen_on.is_none_or(|seen| seen < met_since)
        };
        let gone: Vec<Subject> = self.known.iter().filter(gone).map(|(subject, _)| subject.clone()).collect();
        for subject in gone {
            self.settle(&subject).await?;
        }
        Ok(())
    }

    /// Whether there is one about `subject`.
    pub(crate) fn has(&self, subject: &Subject) -> bool {
        self.known.contains_key(subject)
    }

    /// Settles those about prices, which nobody wants watched any more.
    pub(crate) async fn settle_prices(&mut self) -> Result<(), PortError> {
        let prices = self.known.keys().filter(|subject| matches!(subject, Subject::Prices(_)));
        for subject in prices.cloned().collect::<Vec<_>>() {
            self.settle(&subject).await?;
        }
        Ok(())
    }

    /// Settles the concern about `subject` if its reason is such a one.
    pub(crate) async fn settle_where(
        &mut self,
        subject: &Subject,
        is_such: impl Fn(&HoldReason) -> bool,
    ) -> Result<(), PortError> {
        match self.known.get(subject) {
            Some(concern) if is_such(&concern.reason) => self.settle(subject).await,
            _ => Ok(()),
        }
    }

    /// Settles everything: a tenant that is switched off needs nobody.
    pub(crate) async fn settle_all(&mut self) -> Result<(), PortError> {
        while let Some(subject) = self.known.keys().next().cloned() {
            self.settle(&subject).await?;
        }
        Ok(())
    }

    async fn settle(&mut self, subject: &Subject) -> Result<(), PortError> {
        self.journal.set_concern(self.tenant, subject, None).await?;
        self.known.remove(subject);
        Ok(())
    }
}
