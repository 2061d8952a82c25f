//! The settings table: profile, overrides, and when each tenant is scanned or swept next.
//!
//! `tenant` + `scope` is the key: `profile`, `customer#<number>`, `agreement#<number>`, `state` for the schedule, and
//! `preflight` for what the newest pre-flight came to. A person may write the first three by hand; the others are ours, and apart
//! from them so that nobody overwrites them.

mod desk;
mod fields;
mod mode;
mod overdue;
mod standing;

use std::collections::HashSet;

use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError, types::KeysAndAttributes};
use chrono::{DateTime, Utc};
use domain::{
    ids::{AgreementNumber, CustomerNumber, TenantId},
    preflight::Standing,
    settings::{Mode, Scope, TenantSettings},
};
use serde_json::{Map, Value};
use workflow::{
    connect::NewProfiles,
    ports::{Look, PortError, Settings},
};

pub use self::desk::{SettingsDesk, WrittenItem};
use self::fields::fields;
use crate::items::{Item, failed, get_text, instant, text};

/// The item that holds a tenant's schedule.
const STATE: &str = "state";
/// The item that holds what a tenant's newest pre-flight came to.
const PREFLIGHT: &str = "preflight";
/// The sparse index of tenants by their next look. Its partitions are the kinds of looks.
const DUE_INDEX: &str = "due";

/// DynamoDB gives back keys it had no time for; more rounds than this mean that it's overloaded.
const MOST_BATCH_ROUNDS: usize = 5;

#[derive(Debug, Clone)]
pub struct DynamoSettings {
    client: Client,
    table: String,
}

impl DynamoSettings {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    async fn tenants_with(&self, scope: &str) -> Result<HashSet<TenantId>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_scope")
            .key_condition_expression("#scope = :scope")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":scope", text(scope))
            .into_paginator()
            .items()
            .send();
        let mut tenants = HashSet::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failed("listing the tenants"))?;
            if let Some(Ok(tenant)) = get_text(&item, "tenant").map(str::parse) {
                tenants.insert(tenant);
            } else {
                tracing::warn!("a settings item belongs to no tenant");
            }
        }
        Ok(tenants)
    }

    async fn read_some(&self, tenant: &TenantId, scopes: &[Scope]) -> Result<Vec<Item>, PortError> {
        let what = "reading an agreement's settings";
        let key = |scope: String| {
            Item::from([("tenant".to_owned(), text(tenant.to_string())), ("scope".to_owned(), text(scope))])
        };
        let scopes = scopes.iter().map(Scope::to_string).chain([PREFLIGHT.to_owned()]);
        let mut wanted = KeysAndAttributes::builder()
            .set_keys(Some(scopes.map(key).collect()))
            .consistent_read(true)
            .build()
            .map_err(failed(what))?;
        let mut items = Vec::new();
        for _ in 0..MOST_BATCH_ROUNDS {
            let answer =
                self.client.batch_get_item().request_items(&self.table, wanted).send().await.map_err(failed(what))?;
            items.extend(answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default());
            match answer.unprocessed_keys.unwrap_or_default().remove(&self.table) {
                Some(left) if !left.keys.is_empty() => wanted = left,
                _ => return Ok(items),
            }
        }
        Err(PortError::new(what, "DynamoDB has no time for the reads"))
    }
}

/// Every item of a tenant's.
async fn read_all(client: &Client, table: &str, tenant: &TenantId) -> Result<Vec<Item>, PortError> {
    let mut pages = client
        .query()
        .table_name(table)
        .key_condition_expression("tenant = :tenant")
        .expression_attribute_values(":tenant", text(tenant.to_string()))
        .consistent_read(true)
        .into_paginator()
        .items()
        .send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.map_err(failed("reading a tenant's settings"))?);
    }
    Ok(items)
}

/// The tenant's settings out of its items, or `None` without a profile.
fn assemble(items: Vec<Item>) -> Result<Option<TenantSettings>, PortError> {
    let (profile, others): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| get_text(item, "scope") == Some("profile"));
    let Some(profile) = profile.into_iter().next() else { return Ok(None) };
    let mut settings = TenantSettings::new(fields(profile));
    for item in others {
        let scope = get_text(&item, "scope").unwrap_or_default().to_owned();
        match scope.parse::<Scope>() {
            Ok(scope) => settings.add(scope, fields(item)),
            Err(_) if scope == STATE => {}
            // One that can't be read may say that something blocks: better no settings than a guess.
            Err(_) if scope == PREFLIGHT => settings.hold_back(standing::read(&item)?),
            Err(_) => settings.add_stray(&scope),
        }
    }
    Ok(Some(settings))
}

impl Settings for DynamoSettings {
    async fn of_tenant(&self, tenant: &TenantId) -> Result<Option<TenantSettings>, PortError> {
        assemble(read_all(&self.client, &self.table, tenant).await?)
    }

    async fn of_agreement(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
        agreement: &AgreementNumber,
    ) -> Result<Option<TenantSettings>, PortError> {
        let scopes = [Scope::Profile, Scope::Customer(customer.clone()), Scope::Agreement(agreement.clone())];
        assemble(self.read_some(tenant, &scopes).await?)
    }

    async fn of_customer(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
    ) -> Result<Option<TenantSettings>, PortError> {
        assemble(self.read_some(tenant, &[Scope::Profile, Scope::Customer(customer.clone())]).await?)
    }

    async fn due_for(&self, look: Look, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("due_kind = :kind AND due_at <= :now")
            .expression_attribute_values(":kind", text(look.as_str()))
            .expression_attribute_values(":now", text(instant(now)))
            .into_paginator()
            .items()
            .send();
        let mut tenants = Vec::new();
        while tenants.len() < limit
            && let Some(item) = pages.next().await
        {
            let item = item.map_err(failed("finding the tenants that are due"))?;
            if let Some(Ok(tenant)) = get_text(&item, "tenant").map(str::parse) {
                tenants.push(tenant);
            }
        }
        Ok(tenants)
    }

    async fn schedule_next(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text(STATE))
            .update_expression("SET due_kind = :kind, due_at = :at REMOVE due_since")
            .expression_attribute_values(":kind", text(Look::at(tenant.system()).as_str()))
            .expression_attribute_values(":at", text(instant(at)))
            .send()
            .await
            .map_err(failed("setting the next look"))?;
        Ok(())
    }

    async fn forget_look(&self, tenant: &TenantId) -> Result<(), PortError> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text(STATE))
            .send()
            .await
            .map_err(failed("taking a tenant off the schedule"))?;
        Ok(())
    }

    async fn look_again(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        self.put_off(tenant, at).await
    }

    async fn overdue(&self, look: Look, since: DateTime<Utc>) -> Result<u64, PortError> {
        self.count_overdue(look, since).await
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, PortError> {
        let mut tenants: Vec<TenantId> = self.tenants_with("profile").await?.into_iter().collect();
        tenants.sort();
        Ok(tenants)
    }

    async fn unscheduled(&self) -> Result<Vec<TenantId>, PortError> {
        let (with_profile, with_state) = (self.tenants_with("profile").await?, self.tenants_with(STATE).await?);
        let mut new: Vec<TenantId> = with_profile.difference(&with_state).cloned().collect();
        new.sort();
        Ok(new)
    }
    async fn keep_standing(&self, tenant: &TenantId, standing: &Standing) -> Result<(), PortError> {
        self.put_standing(tenant, standing).await
    }

    async fn set_mode(&self, tenant: &TenantId, from: Mode, to: Mode) -> Result<bool, PortError> {
        self.write_mode(tenant, from, to).await
    }
}

impl NewProfiles for DynamoSettings {
    async fn keep_first(&self, tenant: &TenantId, profile: &Map<String, Value>) -> Result<bool, PortError> {
        let what = "writing a first profile";
        let fields: Item = serde_dynamo::to_item(profile).map_err(|error| PortError::new(what, error))?;
        let kept = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(fields))
            .item("tenant", text(tenant.to_string()))
            .item("scope", text(Scope::Profile.to_string()))
            .condition_expression("attribute_not_exists(tenant)")
            .send()
            .await;
        match kept {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(failed(what)(error)),
        }
    }
}
