//! What people did with dead letters. The letter itself is gone, so what it said is kept with it; and no longer than what a scan
//! decided, since an event of the mail service names addresses.

use workflow::{
    dead_letters::{DeadLetterQueue, LetterDeed},
    ports::PortError,
};

use super::DynamoJournal;
use crate::items::{document, failed, instant, number, read_document, text};

const WHAT: &str = "reading what was done with dead letters";
const DEED: &str = "deed";

fn pk(queue: DeadLetterQueue) -> String {
    format!("letter#{queue}")
}

impl DynamoJournal {
    pub(super) async fn put_deed(&self, deed: &LetterDeed) -> Result<(), PortError> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(deed.queue)))
            .item("sk", text(format!("{}#{}", instant(deed.at), deed.letter)))
            .item(DEED, document(deed)?)
            .item("expires_at", number((deed.at + self.keep_pages).timestamp()))
            .send()
            .await
            .map_err(failed("keeping what is done with a dead letter"))?;
        Ok(())
    }

    pub(super) async fn read_deeds(&self, queue: DeadLetterQueue, limit: usize) -> Result<Vec<LetterDeed>, PortError> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk(queue)))
            .scan_index_forward(false)
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut deeds = Vec::new();
        while deeds.len() < limit
            && let Some(item) = items.next().await
        {
            deeds.push(read_document(&item.map_err(failed(WHAT))?, DEED, WHAT)?);
        }
        Ok(deeds)
    }
}
