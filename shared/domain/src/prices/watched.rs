//! What is remembered of an agreement whose prices are watched.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ListPrices, PriceSync};
use crate::ids::{ArticleNumber, CustomerNumber, InvoiceNumber, PriceListCode};

/// List prices by article.
pub type ByArticle = BTreeMap<ArticleNumber, ListPrices>;

/// An agreement whose rows are compared with the list.
///
/// Each agreement remembers for itself which list prices its rows were last brought up to date with. So a round that was broken off,
/// and a list that changes again while agreements are still being brought up to date, need no bookkeeping of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Whom it's for.
    pub customer: CustomerNumber,
    /// The price list that its prices are from.
    pub list: PriceListCode,
    /// Of each of its articles, what the list said when its rows were last brought up to date.
    pub followed: ByArticle,
    /// What was decided without bringing rows up to date, so that the same isn't decided each night again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// A change that was announced and whose outcome isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writing: Option<Writing>,
}

/// What a decision was made by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What was to be done with changes.
    pub sync: PriceSync,
    /// What the list said.
    pub prices: ByArticle,
}

/// What has prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "document", content = "invoice", rename_all = "snake_case")]
pub enum Priced {
    /// The agreement itself.
    Agreement,
    /// An invoice from it.
    Invoice(InvoiceNumber),
}

/// A row that gets another price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// Its place, from 1.
    pub place: u32,
    /// Its article.
    pub article: ArticleNumber,
    /// Its price before.
    pub from: Decimal,
    /// Its price then.
    pub to: Decimal,
}

/// A change that was announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// When.
    pub at: DateTime<Utc>,
    /// On what.
    #[serde(flatten)]
    pub on: Priced,
    /// Which rows.
    pub rows: Vec<RowChange>,
}

impl Watched {
    /// Takes what the list says now for followed: changes that nobody wants to follow aren't made up for later.
    pub fn pass_over(&mut self, list: impl Fn(&ArticleNumber) -> Option<ListPrices>) {
        for (article, followed) in &mut self.followed {
            *followed = list(article).unwrap_or_default();
        }
        self.shown = None;
    }

    /// Whether the list says something else than what the agreement was last compared with.
    pub fn is_behind(&self, sync: PriceSync, list: impl Fn(&ArticleNumber) -> Option<ListPrices>) -> bool {
        let shown = self.shown.as_ref().filter(|shown| shown.sync == sync).map(|shown| &shown.prices);
        self.writing.is_some()
            || self.followed.iter().any(|(article, followed)| {
                let now = list(article).unwrap_or_default();
                now != *shown.and_then(|shown| shown.get(article)).unwrap_or(followed)
            })
    }
}
