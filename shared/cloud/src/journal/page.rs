//! Pages of a scan: what was decided of every agreement read.

use domain::{due::Decision, ids::TenantId};
use workflow::ports::{PortError, ScanPage};

use super::DynamoJournal;
use crate::items::{document, failed, instant, number, text};

/// Decisions in one item. A decision takes up to a kilobyte, and an item may have 400.
const DECISIONS_AN_ITEM: usize = 100;

impl DynamoJournal {
    pub(super) async fn put_page(&self, tenant: &TenantId, page: &ScanPage) -> Result<(), PortError> {
        let empty: &[Decision] = &[];
        let parts = page.decisions.chunks(DECISIONS_AN_ITEM);
        let parts = if page.decisions.is_empty() { vec![empty] } else { parts.collect() };
        for (part, decisions) in parts.into_iter().enumerate() {
            let sk = format!("{}#{}#{:05}#{part:02}", page.date, instant(page.at), page.page);
            self.client
                .put_item()
                .table_name(&self.table)
                .item("pk", text(format!("scan#{tenant}")))
                .item("sk", text(sk))
                .item("decisions", document(&decisions)?)
                .item("expires_at", number((page.at + self.keep_pages).timestamp()))
                .send()
                .await
                .map_err(failed("keeping a page of decisions"))?;
        }
        Ok(())
    }
}
