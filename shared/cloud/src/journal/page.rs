//! Pages of a scan or a sweep: what was decided of everything that was read.

use domain::ids::TenantId;
use serde::Serialize;
use workflow::ports::{PortError, ScanPage, SweepPage};

use super::DynamoJournal;
use crate::items::{document, failed, instant, number, text};

/// Decisions in one item. A decision takes up to a kilobyte, and an item may have 400.
const DECISIONS_AN_ITEM: usize = 100;

impl DynamoJournal {
    pub(super) async fn put_page(&self, tenant: &TenantId, page: &ScanPage) -> Result<(), PortError> {
        let place = format!("{}#{}#{:05}", page.date, instant(page.at), page.page);
        self.put_decisions(&format!("scan#{tenant}"), &place, page.at, &page.decisions).await
    }

    /// A day's last word on each draft stands in one place, since a tenant may be swept each minute.
    pub(super) async fn put_sweep(&self, tenant: &TenantId, page: &SweepPage) -> Result<(), PortError> {
        let place = format!("{}#{:05}", page.date, page.page);
        self.put_decisions(&format!("sweep#{tenant}"), &place, page.at, &page.decisions).await
    }

    async fn put_decisions<D: Serialize + Sync>(
        &self,
        pk: &str,
        place: &str,
        at: chrono::DateTime<chrono::Utc>,
        decisions: &[D],
    ) -> Result<(), PortError> {
        let empty: &[D] = &[];
        let parts = decisions.chunks(DECISIONS_AN_ITEM);
        let parts = if decisions.is_empty() { vec![empty] } else { parts.collect() };
        for (part, decisions) in parts.into_iter().enumerate() {
            self.client
                .put_item()
                .table_name(&self.table)
                .item("pk", text(pk))
                .item("sk", text(format!("{place}#{part:02}")))
                .item("decisions", document(&decisions)?)
                .item("expires_at", number((at + self.keep_pages).timestamp()))
                .send()
                .await
                .map_err(failed("keeping a page of decisions"))?;
        }
        Ok(())
    }
}
