//! What the digests tell of: a line for each thing that came true, written in the transaction of what it tells.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::TimeDelta;
use domain::{digest::Line, ids::TenantId};
use workflow::ports::PortError;

use crate::items::{Item, document, failed, instant, number, text};

pub(super) fn happened_pk(tenant: &TenantId) -> String {
    format!("happened#{tenant}")
}

/// Where lines go, and how long they stay.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    table: String,
    keep: TimeDelta,
}

impl Lines {
    pub(crate) fn new(table: String, keep: TimeDelta) -> Self {
        Self { table, keep }
    }

    /// The writes of lines, for the transaction that writes what they tell.
    pub(crate) fn writes(&self, lines: &[Line]) -> Result<Vec<TransactWriteItem>, PortError> {
        let write = |line| {
            let put = Put::builder().table_name(&self.table).set_item(Some(self.item(line)?));
            let put = put.build().map_err(failed("writing down what happened"))?;
            Ok(TransactWriteItem::builder().put(put).build())
        };
        lines.iter().map(write).collect()
    }

    fn item(&self, line: &Line) -> Result<Item, PortError> {
        let place = format!("{}#{}#{}", instant(line.at), line.job, line.what.name());
        Ok(Item::from([
            ("pk".to_owned(), text(happened_pk(line.job.tenant()))),
            ("sk".to_owned(), text(place)),
            ("line".to_owned(), document(line)?),
            ("expires_at".to_owned(), number((line.at + self.keep).timestamp())),
        ]))
    }
}
