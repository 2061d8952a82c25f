//! All that is stored of a tenant, to give it out and to erase it.
//!
//! The journal has partitions of a tenant's own, and others that only name it inside (`job#`, `mail#`, `letter#`), some of which no
//! index leads to. So it's read from end to end: that's rare, and what counts is that nothing is left out. `docs/security.md` lists
//! every kind of item.

mod whose;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use domain::ids::TenantId;
use serde_json::{Map, Value};
use workflow::ports::PortError;

use self::whose::{belongs, hide_secrets, is_in_flight};
use crate::items::{Item, failed};

/// The tables, by what they're for.
#[derive(Debug, Clone)]
pub struct TenantTables {
    /// Invitations to connect a company.
    pub consents: String,
    /// Settings.
    pub settings: String,
    /// Credentials.
    pub connections: String,
    /// What ready signals are signed with.
    pub signal_secrets: String,
    /// The journal.
    pub journal: String,
}

/// A table and the attributes of its key.
#[derive(Debug, Clone)]
struct Table {
    /// What it's for.
    holds: &'static str,
    name: String,
    key: &'static [&'static str],
}

/// All that is stored of tenants.
#[derive(Debug, Clone)]
pub struct Belongings {
    client: Client,
    /// In the order in which they're erased: first whoever might connect the company again, then the settings, without which nothing
    /// is begun, and the journal last.
    tables: [Table; 5],
}

/// An item of a tenant's.
#[derive(Debug, Clone)]
pub struct Belonging {
    /// What its table holds: `settings`, `journal` and so on.
    pub table: &'static str,
    /// The item, without what is secret in it.
    pub item: Map<String, Value>,
    /// It's a job whose step is announced and not settled: its effect may be happening.
    pub in_flight: bool,
    key: Item,
    name: String,
}

impl Belongings {
    pub(crate) fn new(client: Client, tables: TenantTables) -> Self {
        let table = |holds, name, key| Table { holds, name, key };
        Self {
            client,
            tables: [
                table("invitations", tables.consents, &["invitation"]),
                table("settings", tables.settings, &["tenant", "scope"]),
                table("connections", tables.connections, &["tenant"]),
                table("signal secrets", tables.signal_secrets, &["tenant", "secret_id"]),
                table("journal", tables.journal, &["pk", "sk"]),
            ],
        }
    }

    /// Everything that is stored of the tenant, table by table, given to `take` as it's found.
    pub async fn each(
        &self,
        tenant: &TenantId,
        mut take: impl FnMut(Belonging) -> Result<(), PortError>,
    ) -> Result<(), PortError> {
        for table in &self.tables {
            let mut pages =
                self.client.scan().table_name(&table.name).consistent_read(true).into_paginator().items().send();
            while let Some(item) = pages.next().await {
                let item = item.map_err(failed("looking for what is stored of a tenant"))?;
                if belongs(table.holds, &item, tenant) {
                    take(belonging(table, item)?)?;
                }
            }
        }
        Ok(())
    }

    /// Erases everything that is stored of the tenant, once through; gives how many items there were. `told` hears of each. What a
    /// worker wrote meanwhile is found by the next time through.
    pub async fn erase(&self, tenant: &TenantId, mut told: impl FnMut(&Belonging)) -> Result<usize, PortError> {
        let mut found = Vec::new();
        self.each(tenant, |belonging| {
            found.push(belonging);
            Ok(())
        })
        .await?;
        // A job's item goes after its story: whoever is interrupted finds what is left by the same key.
        found.sort_by_key(|belonging| belonging.item.get("sk").is_some_and(|sk| sk == "job"));
        for table in &self.tables {
            for belonging in found.iter().filter(|belonging| belonging.table == table.holds) {
                self.client
                    .delete_item()
                    .table_name(&belonging.name)
                    .set_key(Some(belonging.key.clone()))
                    .send()
                    .await
                    .map_err(failed("erasing what is stored of a tenant"))?;
                told(belonging);
            }
        }
        Ok(found.len())
    }
}

fn belonging(table: &Table, item: Item) -> Result<Belonging, PortError> {
    let key = table.key.iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect();
    let in_flight = is_in_flight(&item);
    let shown: Value = serde_dynamo::from_item(readable(item))
        .map_err(|error| PortError::new("reading what is stored of a tenant", error))?;
    let shown = shown.as_object().cloned().unwrap_or_default();
    Ok(Belonging {
        table: table.holds,
        item: hide_secrets(table.holds, shown),
        in_flight,
        key,
        name: table.name.clone(),
    })
}

/// Without what JSON has no form for: nobody but a person writing by hand puts such a thing into an item.
fn readable(item: Item) -> Item {
    let plain = |value: &AttributeValue| !matches!(value, AttributeValue::B(_) | AttributeValue::Bs(_));
    item.into_iter().filter(|(_, value)| plain(value)).collect()
}
