//! A person's way to settings items as they're written: read whole, written only on top of what was read.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    Client,
    operation::{delete_item::DeleteItemError, put_item::PutItemError},
};
use domain::{
    ids::TenantId,
    settings::{Scope, settings},
};
use serde_json::{Map, Value};
use workflow::ports::PortError;

use super::{PREFLIGHT, STATE, fields::fields, read_all};
use crate::items::{Item, failed, get_text, text};

/// The settings table, for whoever may write it.
#[derive(Debug, Clone)]
pub struct SettingsDesk {
    client: Client,
    table: String,
}

/// An item as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenItem {
    /// Its settings.
    pub fields: Map<String, Value>,
    raw: Item,
}

/// A condition, and what its names and values stand for.
#[derive(Default)]
struct Unchanged {
    parts: Vec<String>,
    names: Vec<(String, String)>,
    values: Vec<(String, aws_sdk_dynamodb::types::AttributeValue)>,
}

impl Unchanged {
    /// That the item is as it was read, attribute by attribute: settings have no version of their own, since people write them by
    /// hand too.
    fn of(read: Option<&WrittenItem>) -> Self {
        let mut unchanged = Self::default();
        let Some(read) = read else {
            unchanged.parts.push("attribute_not_exists(tenant)".to_owned());
            return unchanged;
        };
        let known = settings().into_iter().map(|setting| (setting.name, None));
        let read = read.raw.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
        let all: BTreeMap<String, _> = known.chain(read).collect();
        for (at, (name, value)) in all.into_iter().enumerate() {
            let place = format!("#n{at}");
            match value {
                Some(value) => {
                    unchanged.parts.push(format!("{place} = :v{at}"));
                    unchanged.values.push((format!(":v{at}"), value));
                }
                None => unchanged.parts.push(format!("attribute_not_exists({place})")),
            }
            unchanged.names.push((place, name));
        }
        unchanged
    }

    fn condition(&self) -> String {
        self.parts.join(" AND ")
    }
}

impl SettingsDesk {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// All that people wrote of a tenant, by scope: what can't be read as a scope too.
    pub async fn items(&self, tenant: &TenantId) -> Result<BTreeMap<String, WrittenItem>, PortError> {
        let mut items = BTreeMap::new();
        for item in read_all(&self.client, &self.table, tenant).await? {
            let scope = get_text(&item, "scope").unwrap_or_default().to_owned();
            if scope != STATE && scope != PREFLIGHT {
                items.insert(scope, WrittenItem { fields: fields(item.clone()), raw: item });
            }
        }
        Ok(items)
    }

    /// Writes an item in the place of the one that was `read`, or as a new one. `false`: somebody has written it since, and nothing
    /// was done.
    pub async fn write(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        read: Option<&WrittenItem>,
        to: &Map<String, Value>,
    ) -> Result<bool, PortError> {
        let what = "writing settings";
        let to: Item = serde_dynamo::to_item(to).map_err(|error| PortError::new(what, error))?;
        let unchanged = Unchanged::of(read);
        let condition = unchanged.condition();
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to))
            .item("tenant", text(tenant.to_string()))
            .item("scope", text(scope.to_string()))
            .condition_expression(condition);
        let put =
            unchanged.names.into_iter().fold(put, |put, (place, name)| put.expression_attribute_names(place, name));
        let put = unchanged.values.into_iter().fold(put, |put, (at, value)| put.expression_attribute_values(at, value));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(failed(what)(error)),
        }
    }

    /// Removes an item that was `read`. `false`: somebody has written it since, and nothing was done.
    pub async fn remove(&self, tenant: &TenantId, scope: &str, read: &WrittenItem) -> Result<bool, PortError> {
        let unchanged = Unchanged::of(Some(read));
        let condition = unchanged.condition();
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text(scope))
            .condition_expression(condition);
        let delete =
            unchanged.names.into_iter().fold(delete, |it, (place, name)| it.expression_attribute_names(place, name));
        let delete =
            unchanged.values.into_iter().fold(delete, |it, (at, value)| it.expression_attribute_values(at, value));
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(failed("removing settings")(error)),
        }
    }
}
