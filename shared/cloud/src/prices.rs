//! What is remembered of prices, in the journal table.
//!
//! | `pk` | `sk` | what |
//! | --- | --- | --- |
//! | `prices#<tenant>` | `round` | how far the comparison has come, its version and its lease |
//! | `prices#<tenant>` | `agreement#<number>` | what is remembered of an agreement, and its version |
//! | `prices#<tenant>` | `list#<article>#<list>` | what a list said of an article |
//! | `prices#<tenant>` | `note#<date>#<instant>#<agreement>#<document>` | what was decided and done, and why |

mod round;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ids::{AgreementNumber, ArticleNumber, PriceListCode, TenantId},
    prices::{ListPrices, PriceNote, Priced, Watched},
};
use workflow::ports::{ClaimedRound, Hands, PortError, PriceBook, PriceLists, RoundClaim, SaveError, WatchedAgreement};

use crate::items::{Item, document, failed, get_number, get_text, instant, number, read_document, text};

const AGREEMENT: &str = "agreement#";
const LIST: &str = "list#";
const NOTE: &str = "note#";

/// Agreements read in one go: a few hundred bytes each, well under DynamoDB's megabyte.
const AGREEMENTS_AT_ONCE: i32 = 500;

/// The prices' part of the journal table.
#[derive(Debug, Clone)]
pub struct DynamoPrices {
    client: Client,
    table: String,
}

fn pk(tenant: &TenantId) -> String {
    format!("prices#{tenant}")
}

fn agreement_key(number: &AgreementNumber) -> String {
    format!("{AGREEMENT}{number}")
}

/// The article's length goes first, since either part may hold the separator.
fn list_key(article: &ArticleNumber, list: &PriceListCode) -> String {
    format!("{LIST}{}#{article}#{list}", article.as_str().len())
}

fn note_key(date: NaiveDate, note: &PriceNote) -> String {
    let on = match &note.on {
        Priced::Agreement => "agreement",
        Priced::Invoice(number) => number.as_str(),
    };
    format!("{NOTE}{date}#{}#{}#{on}", instant(note.at), note.agreement)
}

fn read_watched(item: &Item) -> Result<WatchedAgreement, PortError> {
    const WHAT: &str = "reading a watched agreement";
    let number = get_text(item, "sk").and_then(|sk| sk.strip_prefix(AGREEMENT)?.parse().ok());
    let number = number.ok_or_else(|| PortError::new(WHAT, "its number can't be read"))?;
    let watched: Watched = read_document(item, "watched", WHAT)?;
    Ok(WatchedAgreement { number, watched, version: get_number(item, "version").unwrap_or(0) })
}

impl DynamoPrices {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Items of the tenant whose `sk` begins so.
    async fn items(&self, tenant: &TenantId, beginning: &str, what: &'static str) -> Result<Vec<Item>, PortError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :beginning)")
            .expression_attribute_values(":pk", text(pk(tenant)))
            .expression_attribute_values(":beginning", text(beginning))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.map_err(failed(what))?);
        }
        Ok(items)
    }
}

impl PriceBook for DynamoPrices {
    async fn start(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        self.start_round(tenant, at).await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        self.due_rounds(now, limit).await
    }

    async fn put_off(&self, tenant: &TenantId, until: DateTime<Utc>) -> Result<(), PortError> {
        self.put_off_round(tenant, until).await
    }

    async fn claim(&self, tenant: &TenantId, now: DateTime<Utc>, lease: TimeDelta) -> Result<RoundClaim, PortError> {
        self.claim_round(tenant, now, lease).await
    }

    async fn save(&self, tenant: &TenantId, claimed: &mut ClaimedRound, then: Hands) -> Result<(), SaveError> {
        self.save_round(tenant, claimed, then).await
    }

    async fn watched(
        &self,
        tenant: &TenantId,
        after: Option<&AgreementNumber>,
    ) -> Result<Vec<WatchedAgreement>, PortError> {
        const WHAT: &str = "reading the watched agreements";
        // The sign after `#`, so that all that begin so lie in between.
        let from = after.map_or_else(|| AGREEMENT.to_owned(), agreement_key);
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(pk(tenant)))
            // The one that it goes on after is met once more, and left out.
            .expression_attribute_values(":from", text(&from))
            .expression_attribute_values(":to", text("agreement$"))
            .limit(AGREEMENTS_AT_ONCE)
            .consistent_read(true)
            .send()
            .await
            .map_err(failed(WHAT))?;
        let items = answer.items.unwrap_or_default();
        items.iter().filter(|item| get_text(item, "sk") != Some(from.as_str())).map(read_watched).collect()
    }

    async fn watched_numbers(&self, tenant: &TenantId) -> Result<BTreeSet<AgreementNumber>, PortError> {
        const WHAT: &str = "listing the watched agreements";
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :beginning)")
            .expression_attribute_values(":pk", text(pk(tenant)))
            .expression_attribute_values(":beginning", text(AGREEMENT))
            .projection_expression("sk")
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut numbers = BTreeSet::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failed(WHAT))?;
            numbers.extend(get_text(&item, "sk").and_then(|sk| sk.strip_prefix(AGREEMENT)?.parse().ok()));
        }
        Ok(numbers)
    }

    async fn watched_one(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
    ) -> Result<Option<WatchedAgreement>, PortError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", text(pk(tenant)))
            .key("sk", text(agreement_key(number)))
            .consistent_read(true)
            .send()
            .await
            .map_err(failed("reading a watched agreement"))?;
        answer.item.as_ref().map(read_watched).transpose()
    }

    async fn watch(&self, tenant: &TenantId, agreement: &mut WatchedAgreement) -> Result<(), SaveError> {
        let next = agreement.version + 1;
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(tenant)))
            .item("sk", text(agreement_key(&agreement.number)))
            .item("watched", document(&agreement.watched)?)
            .item("version", number(next));
        let put = match agreement.version {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            version => {
                put.condition_expression("version = :version").expression_attribute_values(":version", number(version))
            }
        };
        if let Err(error) = put.send().await {
            let fenced = error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception);
            let failed = || SaveError::Port(failed("remembering an agreement's prices")(error));
            return Err(if fenced { SaveError::Fenced } else { failed() });
        }
        agreement.version = next;
        Ok(())
    }

    async fn forget(&self, tenant: &TenantId, number: &AgreementNumber) -> Result<(), PortError> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.key("pk", text(pk(tenant))).key("sk", text(agreement_key(number)));
        delete.send().await.map_err(failed("forgetting an agreement's prices"))?;
        Ok(())
    }

    async fn lists(&self, tenant: &TenantId) -> Result<PriceLists, PortError> {
        const WHAT: &str = "reading list prices";
        let mut lists = BTreeMap::new();
        for item in self.items(tenant, LIST, WHAT).await? {
            let place: (ArticleNumber, PriceListCode) = read_document(&item, "of", WHAT)?;
            let prices: ListPrices = read_document(&item, "prices", WHAT)?;
            lists.insert(place, prices);
        }
        Ok(lists)
    }

    async fn keep_list(
        &self,
        tenant: &TenantId,
        article: &ArticleNumber,
        list: &PriceListCode,
        prices: Option<&ListPrices>,
    ) -> Result<(), PortError> {
        let (pk, sk) = (text(pk(tenant)), text(list_key(article, list)));
        let Some(prices) = prices else {
            let delete = self.client.delete_item().table_name(&self.table).key("pk", pk).key("sk", sk);
            delete.send().await.map_err(failed("forgetting a list price"))?;
            return Ok(());
        };
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", pk)
            .item("sk", sk)
            .item("of", document(&(article, list))?)
            .item("prices", document(prices)?)
            .send()
            .await
            .map_err(failed("remembering a list price"))?;
        Ok(())
    }

    async fn note(&self, tenant: &TenantId, date: NaiveDate, note: &PriceNote) -> Result<(), PortError> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(pk(tenant)))
            .item("sk", text(note_key(date, note)))
            .item("note", document(note)?)
            .send()
            .await
            .map_err(failed("noting what became of prices"))?;
        Ok(())
    }

    async fn notes(&self, tenant: &TenantId, date: NaiveDate) -> Result<Vec<PriceNote>, PortError> {
        const WHAT: &str = "reading what became of prices";
        let items = self.items(tenant, &format!("{NOTE}{date}#"), WHAT).await?;
        items.iter().map(|item| read_document(item, "note", WHAT)).collect()
    }
}
