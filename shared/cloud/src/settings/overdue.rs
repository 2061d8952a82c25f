//! Since when tenants have been due, while their looks are started again and again: `due_since` beside `due_at`, from the first start
//! to the end of a look. So a worker that always dies is seen, although each start moves `due_at`.

use aws_sdk_dynamodb::{
    operation::{query::builders::QueryFluentBuilder, update_item::UpdateItemError},
    types::Select,
};
use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use workflow::ports::{Look, PortError, Settings as _};

use super::{DUE_INDEX, DynamoSettings, STATE};
use crate::items::{failed, instant, text};

impl DynamoSettings {
    pub(super) async fn put_off(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let put_off = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .key("scope", text(STATE))
            // Each operand is what the item had before (source: DynamoDB developer guide, update expressions).
            .update_expression("SET due_since = if_not_exists(due_since, due_at), due_kind = :kind, due_at = :at")
            .condition_expression("attribute_exists(due_at)")
            .expression_attribute_values(":kind", text(Look::at(tenant.system()).as_str()))
            .expression_attribute_values(":at", text(instant(at)))
            .send()
            .await;
        match put_off {
            Ok(_) => Ok(()),
            // Looked at without having been due, as a person can have it.
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                self.schedule_next(tenant, at).await
            }
            Err(error) => Err(failed("having a tenant looked at again")(error)),
        }
    }

    /// Those that nobody started, and those that are started again and again. Two queries, since what `due_at` is may not be asked
    /// of in a filter (source: DynamoDB developer guide, filter expressions for queries).
    pub(super) async fn count_overdue(&self, look: Look, since: DateTime<Utc>) -> Result<u64, PortError> {
        let left_alone = self.query_due(look, since, "due_kind = :kind AND due_at <= :since");
        let begun = self.query_due(look, since, "due_kind = :kind AND due_at > :since");
        let left_alone = counted(left_alone).await?;
        Ok(left_alone + counted(begun.filter_expression("due_since <= :since")).await?)
    }

    fn query_due(&self, look: Look, since: DateTime<Utc>, keys: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression(keys)
            .expression_attribute_values(":kind", text(look.as_str()))
            .expression_attribute_values(":since", text(instant(since)))
            .select(Select::Count)
    }
}

async fn counted(query: QueryFluentBuilder) -> Result<u64, PortError> {
    let mut pages = query.into_paginator().send();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = page.map_err(failed("counting the tenants that are late"))?;
        count += u64::try_from(page.count()).unwrap_or(0);
    }
    Ok(count)
}
