//! What is remembered of an agreement's invoices.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::Put;
use domain::ids::{AgreementNumber, TenantId};
use workflow::ports::{History, PortError, Remembered};

use super::DynamoJournal;
use crate::items::{document, failed, get_number, get_text, number, read_document, text};

const WHAT: &str = "reading an agreement's history";

fn pk(tenant: &TenantId) -> String {
    format!("history#{tenant}")
}

/// The write of a history, on the condition that it still is as it was read.
pub(super) fn put(
    table: &str,
    tenant: &TenantId,
    agreement: &AgreementNumber,
    remembered: &Remembered,
) -> Result<Put, PortError> {
    let put = Put::builder()
        .table_name(table)
        .item("pk", text(pk(tenant)))
        .item("sk", text(agreement.as_str()))
        .item("history", document(&remembered.history)?)
        .item("version", number(remembered.version + 1));
    let put = match remembered.version {
        // Items of the first version of this table have no version either.
        0 => put.condition_expression("attribute_not_exists(version)"),
        version => {
            put.condition_expression("version = :version").expression_attribute_values(":version", number(version))
        }
    };
    put.build().map_err(failed("writing an agreement's history"))
}

impl DynamoJournal {
    pub(super) async fn read_history(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
    ) -> Result<Remembered, PortError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(agreement.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(failed(WHAT))?;
        let Some(item) = answer.item else { return Ok(Remembered::default()) };
        let version = get_number(&item, "version").unwrap_or(0);
        Ok(Remembered { history: read_document(&item, "history", WHAT)?, version })
    }

    pub(super) async fn read_histories(
        &self,
        tenant: &TenantId,
    ) -> Result<BTreeMap<AgreementNumber, History>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk(tenant)))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut histories = BTreeMap::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failed(WHAT))?;
            let agreement = get_text(&item, "sk").unwrap_or_default().parse();
            let agreement = agreement.map_err(|error| PortError::new(WHAT, error))?;
            histories.insert(agreement, read_document(&item, "history", WHAT)?);
        }
        Ok(histories)
    }
}
