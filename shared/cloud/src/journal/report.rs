//! The report of a tenant's newest pre-flight.

use domain::{ids::TenantId, preflight::Report};
use workflow::ports::PortError;

use super::DynamoJournal;
use crate::items::{Item, document, failed, read_document, text};

const WHAT: &str = "reading a pre-flight's report";
const REPORT: &str = "report";
const NEWEST: &str = "newest";

fn pk(tenant: &TenantId) -> String {
    format!("preflight#{tenant}")
}

impl DynamoJournal {
    pub(super) async fn put_report(&self, report: &Report) -> Result<(), PortError> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(&report.tenant)))
            .item("sk", text(NEWEST))
            .item(REPORT, document(report)?)
            .send()
            .await
            .map_err(failed("keeping a pre-flight's report"))?;
        Ok(())
    }

    pub(super) async fn read_report(&self, tenant: &TenantId) -> Result<Option<Report>, PortError> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let got = get.key("pk", text(pk(tenant))).key("sk", text(NEWEST)).send().await.map_err(failed(WHAT))?;
        got.item.map(|item: Item| read_document(&item, REPORT, WHAT)).transpose()
    }
}
