//! What is remembered of an agreement's invoices.

use std::collections::BTreeMap;

use domain::ids::{AgreementNumber, TenantId};
use workflow::ports::{History, PortError};

use super::DynamoJournal;
use crate::items::{Item, document, failed, get_text, read_document, text};

const WHAT: &str = "reading an agreement's history";

fn pk(tenant: &TenantId) -> String {
    format!("history#{tenant}")
}

pub(super) fn item(tenant: &TenantId, agreement: &AgreementNumber, history: &History) -> Result<Item, PortError> {
    Ok(Item::from([
        ("pk".to_owned(), text(pk(tenant))),
        ("sk".to_owned(), text(agreement.as_str())),
        ("history".to_owned(), document(history)?),
    ]))
}

impl DynamoJournal {
    pub(super) async fn read_history(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
    ) -> Result<History, PortError> {
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
        answer.item.map_or_else(|| Ok(History::default()), |item| read_document(&item, "history", WHAT))
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
