//! The journal's sparse index of what is to be woken, and when: jobs, comparisons of prices, and digests.

use aws_sdk_dynamodb::{Client, operation::query::builders::QueryFluentBuilder};
use chrono::{DateTime, Utc};
use workflow::ports::PortError;

use crate::items::{failed, get_text, instant, text};

/// The index, by what is woken and its time.
const INDEX: &str = "wake";

/// What waits of one kind, read out of its partition key by `read`: the longest waiting first, at most `limit`.
pub(crate) async fn due<T>(
    client: &Client,
    table: &str,
    kind: &str,
    now: DateTime<Utc>,
    limit: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, PortError> {
    let query = client.query().table_name(table).key_condition_expression("wake_kind = :kind AND wake_at <= :now");
    let query = query.expression_attribute_values(":now", text(instant(now)));
    find(query, kind, limit, read).await
}

/// Everything of one kind that waits, whatever its time.
pub(crate) async fn all<T>(
    client: &Client,
    table: &str,
    kind: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, PortError> {
    let query = client.query().table_name(table).key_condition_expression("wake_kind = :kind");
    find(query, kind, usize::MAX, read).await
}

async fn find<T>(
    query: QueryFluentBuilder,
    kind: &str,
    limit: usize,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, PortError> {
    let query = query.index_name(INDEX).expression_attribute_values(":kind", text(kind));
    let mut pages = query.into_paginator().items().send();
    let mut due = Vec::new();
    while due.len() < limit
        && let Some(item) = pages.next().await
    {
        let item = item.map_err(failed("finding what is to be woken"))?;
        if let Some(one) = get_text(&item, "pk").and_then(&read) {
            due.push(one);
        } else {
            tracing::error!(kind, "an item in the wake index is none of its kind");
        }
    }
    Ok(due)
}
