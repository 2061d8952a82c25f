//! What needs a person and has no job to stand in. Stands in the same index as the held and failed jobs.

use std::collections::BTreeMap;

use domain::ids::TenantId;
use workflow::ports::{Concern, PortError, Subject};

use super::DynamoJournal;
use crate::items::{document, failed, get_text, instant, read_document, text};

const WHAT: &str = "reading a tenant's concerns";
const TENANT: &str = "tenant";
const AGREEMENT: &str = "agreement#";
const DRAFT: &str = "draft#";
const PRICES: &str = "prices";
const PRICES_OF: &str = "prices#";

fn pk(tenant: &TenantId) -> String {
    format!("concern#{tenant}")
}

fn sk(subject: &Subject) -> String {
    match subject {
        Subject::Tenant => TENANT.to_owned(),
        Subject::Agreement(number) => format!("{AGREEMENT}{number}"),
        Subject::Draft(number) => format!("{DRAFT}{number}"),
        Subject::Prices(None) => PRICES.to_owned(),
        Subject::Prices(Some(number)) => format!("{PRICES_OF}{number}"),
    }
}

fn subject(sk: &str) -> Option<Subject> {
    match sk {
        TENANT => return Some(Subject::Tenant),
        PRICES => return Some(Subject::Prices(None)),
        _ => {}
    }
    if let Some(number) = sk.strip_prefix(DRAFT) {
        return number.parse().ok().map(Subject::Draft);
    }
    match sk.strip_prefix(PRICES_OF) {
        Some(number) => number.parse().ok().map(|number| Subject::Prices(Some(number))),
        None => sk.strip_prefix(AGREEMENT)?.parse().ok().map(Subject::Agreement),
    }
}

impl DynamoJournal {
    pub(super) async fn read_concerns(&self, tenant: &TenantId) -> Result<BTreeMap<Subject, Concern>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk(tenant)))
            .into_paginator()
            .items()
            .send();
        let mut concerns = BTreeMap::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failed(WHAT))?;
            if let Some(subject) = get_text(&item, "sk").and_then(subject) {
                concerns.insert(subject, read_document(&item, "concern", WHAT)?);
            }
        }
        Ok(concerns)
    }

    pub(super) async fn write_concern(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        concern: Option<&Concern>,
    ) -> Result<(), PortError> {
        let (pk, sk) = (text(pk(tenant)), text(sk(subject)));
        let Some(concern) = concern else {
            let delete = self.client.delete_item().table_name(&self.table).key("pk", pk).key("sk", sk);
            delete.send().await.map_err(failed("settling a concern"))?;
            return Ok(());
        };
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", pk)
            .item("sk", sk)
            .item("concern", document(concern)?)
            .item("person_tenant", text(tenant.to_string()))
            .item("person_since", text(instant(concern.since)))
            .send()
            .await
            .map_err(failed("raising a concern"))?;
        Ok(())
    }
}
