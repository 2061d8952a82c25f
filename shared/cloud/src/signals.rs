//! Ready signals in the journal table, and the table of what integrations sign with.

mod secrets;

use aws_sdk_dynamodb::{
    Client,
    operation::delete_item::DeleteItemError,
    types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, builders::PutBuilder},
};
use chrono::{DateTime, Utc};
use domain::{
    ids::{DraftNumber, TenantId},
    job::JobKey,
    signal::{NONCE_KEPT_FOR, ReadySignal, SIGNAL_KEPT_FOR},
};
use workflow::ports::{Kept, PortError, Signals};

pub use self::secrets::DynamoSignalSecrets;
use crate::items::{Item, document, failed, number, read_document, refused_items, text};

const SIGNAL: &str = "signal";
const KEEPING: &str = "keeping a signal";
const READING: &str = "reading signals";

/// What stands in the way of a write may be over already: DynamoDB removes it some time later.
const OVER: &str = "attribute_not_exists(pk) OR expires_at <= :now";

/// The signals of the journal table.
#[derive(Debug, Clone)]
pub struct DynamoSignals {
    client: Client,
    table: String,
}

fn pk(tenant: &TenantId) -> AttributeValue {
    text(format!("signals#{tenant}"))
}

fn draft_sk(draft: DraftNumber) -> AttributeValue {
    text(format!("draft#{draft}"))
}

fn read(item: &Item) -> Result<ReadySignal, PortError> {
    read_document(item, SIGNAL, READING)
}

impl DynamoSignals {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The signal under `sk`, until `expires_at`, if there is none that lives.
    fn put(
        &self,
        signal: &ReadySignal,
        sk: AttributeValue,
        expires_at: DateTime<Utc>,
    ) -> Result<PutBuilder, PortError> {
        Ok(Put::builder()
            .table_name(&self.table)
            .item("pk", pk(&signal.tenant))
            .item("sk", sk)
            .item(SIGNAL, document(signal)?)
            .item("job", text(signal.job.to_string()))
            .item("expires_at", number(expires_at.timestamp()))
            .condition_expression(OVER)
            .expression_attribute_values(":now", number(signal.at.timestamp()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
    }

    /// Writes the signal's nonce, and the signal itself unless `first` is kept already.
    async fn write(&self, signal: &ReadySignal, first: Option<&ReadySignal>) -> Result<Written, PortError> {
        let sk = text(format!("nonce#{}", signal.nonce));
        let nonce = self.put(signal, sk, signal.at + NONCE_KEPT_FOR)?.build().map_err(failed(KEEPING))?;
        let mut writes = vec![TransactWriteItem::builder().put(nonce).build()];
        if first.is_none() {
            let put = self
                .put(signal, draft_sk(signal.draft), signal.at + SIGNAL_KEPT_FOR)?
                // One of an earlier job gives way.
                .condition_expression(format!("{OVER} OR job <> :job"))
                .expression_attribute_values(":job", text(signal.job.to_string()))
                .build()
                .map_err(failed(KEEPING))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        let written = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = written else { return Ok(Written::Done) };
        let mut refused = refused_items(&error).into_iter();
        match (refused.next().flatten(), refused.next().flatten()) {
            (Some(nonce), _) => Ok(Written::NonceKnown(read(&nonce)?)),
            (None, Some(draft)) => Ok(Written::DraftKnown(read(&draft)?)),
            (None, None) => Err(failed(KEEPING)(error)),
        }
    }
}

/// What came of writing a signal.
enum Written {
    Done,
    NonceKnown(ReadySignal),
    DraftKnown(ReadySignal),
}

impl Signals for DynamoSignals {
    async fn keep(&self, signal: &ReadySignal) -> Result<Kept, PortError> {
        let mut known = None;
        // The second time writes the nonce alone: the signal stands already.
        for _ in 0..2 {
            match self.write(signal, known.as_ref()).await? {
                Written::Done => return Ok(known.map_or(Kept::New, |first| Kept::Known { first })),
                Written::NonceKnown(first) if first.draft == signal.draft => return Ok(Kept::Known { first }),
                Written::NonceKnown(_) => return Ok(Kept::NonceUsed),
                Written::DraftKnown(first) => known = Some(first),
            }
        }
        // Without a second write there can't be a second such refusal.
        Err(PortError::new(KEEPING, "refused for no reason that is known"))
    }

    async fn of_tenant(&self, tenant: &TenantId) -> Result<Vec<ReadySignal>, PortError> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :drafts)")
            .expression_attribute_values(":pk", pk(tenant))
            .expression_attribute_values(":drafts", text("draft#"))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut signals = Vec::new();
        while let Some(item) = items.next().await {
            signals.push(read(&item.map_err(failed(READING))?)?);
        }
        signals.sort_by_key(|signal| signal.draft);
        Ok(signals)
    }

    async fn of_draft(&self, tenant: &TenantId, draft: DraftNumber) -> Result<Option<ReadySignal>, PortError> {
        let request = self.client.get_item().table_name(&self.table).key("pk", pk(tenant)).key("sk", draft_sk(draft));
        let answer = request.consistent_read(true).send().await.map_err(failed(READING))?;
        answer.item.as_ref().map(read).transpose()
    }

    async fn settle(&self, tenant: &TenantId, draft: DraftNumber, job: &JobKey) -> Result<(), PortError> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", pk(tenant))
            .key("sk", draft_sk(draft))
            .condition_expression("job = :job")
            .expression_attribute_values(":job", text(job.to_string()))
            .send()
            .await;
        let Err(error) = deleted else { return Ok(()) };
        let another_s = error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception);
        if another_s { Ok(()) } else { Err(failed("settling a signal")(error)) }
    }
}
