//! What a change of list prices does to one document.

use std::{collections::BTreeSet, fmt};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Remembered;
use crate::{
    ids::{ArticleNumber, CustomerNumber, PriceListCode},
    money::Currency,
};

/// Fortnox's number of a row. All of a document's are new after each change of it (API fact sheet, 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub u64);

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A row as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedRow {
    /// Its number.
    pub id: RowId,
    /// Its place, from 1: what settings and people name it by, since its number doesn't last.
    pub place: u32,
    /// Its article. Rows of text have none.
    pub article: Option<ArticleNumber>,
    /// How many.
    pub quantity: Decimal,
    /// What one costs, before discounts.
    pub price: Decimal,
    /// A digest of all else that it says, without its number and its sums: two that differ say something else.
    pub rest: u64,
}

/// An agreement, or an invoice from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whom it's for.
    pub customer: CustomerNumber,
    /// The price list that it names.
    pub list: Option<PriceListCode>,
    /// Its currency.
    pub currency: Currency,
    /// Whether its prices include VAT. Those of a list don't (assumption: the API fact sheet says nothing of it).
    pub vat_included: bool,
    /// Whether its prices may still be changed: an agreement that is active, an invoice that is neither in the books nor with the
    /// customer nor taken back.
    pub open: bool,
    /// A digest of all else that it says, without its rows and sums.
    pub rest: u64,
    /// All its rows: one that isn't named in a change is taken away by it.
    pub rows: Vec<PricedRow>,
}

/// What the settings say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// The currency of the price list.
    pub list_currency: Currency,
    /// Rows that never follow, by their place.
    pub excluded: BTreeSet<u32>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum RowVerdict {
    /// It gets the list's new price.
    #[error("{from} becomes {to}, since it followed the list and the list changed")]
    Follows {
        /// Its price now.
        from: Decimal,
        /// Its price then.
        to: Decimal,
    },
    /// It says what the list says.
    #[error("it says what the list says")]
    UpToDate,
    /// Its price isn't the list's, and wasn't when the list was last looked at.
    #[error("{price} was set by hand: the list said {list}")]
    SetByHand {
        /// The row's.
        price: Decimal,
        /// The list's, when it was last looked at.
        list: Decimal,
    },
    /// The article is looked at for the first time, so nobody knows whether the row followed the list before.
    #[error("its article's list price is remembered from now on")]
    FirstLook,
    /// The list has no price for it, or had none.
    #[error("the list has no price for that quantity of its article")]
    NoListPrice,
    /// Left alone by the settings.
    #[error("the settings leave it alone")]
    Excluded,
    /// The list's prices are in another currency.
    #[error("the list's prices are in another currency")]
    OtherCurrency,
    /// The document's prices include VAT, and the list's don't.
    #[error("the document's prices include VAT, and the list's don't")]
    VatIncluded,
    /// It's a row of text.
    #[error("it has no article")]
    NoArticle,
}

impl RowVerdict {
    /// The price it gets, if it gets a new one.
    pub fn new_price(&self) -> Option<Decimal> {
        match self {
            Self::Follows { to, .. } => Some(*to),
            _ => None,
        }
    }
}

/// What becomes of each row, in the document's order. `list` gives an article's prices.
pub fn plan<'a, 'b>(
    document: &'a Document,
    sync: &Sync,
    list: impl Fn(&ArticleNumber) -> Option<&'b Remembered>,
) -> Vec<(&'a PricedRow, RowVerdict)> {
    document.rows.iter().map(|row| (row, verdict(document, row, sync, &list))).collect()
}

fn verdict<'a>(
    document: &Document,
    row: &PricedRow,
    sync: &Sync,
    list: &impl Fn(&ArticleNumber) -> Option<&'a Remembered>,
) -> RowVerdict {
    let Some(article) = &row.article else { return RowVerdict::NoArticle };
    if sync.excluded.contains(&row.place) {
        return RowVerdict::Excluded;
    }
    if document.currency != sync.list_currency {
        return RowVerdict::OtherCurrency;
    }
    if document.vat_included {
        return RowVerdict::VatIncluded;
    }
    let Some(remembered) = list(article) else { return RowVerdict::NoListPrice };
    let Some(now) = remembered.now.at(row.quantity) else { return RowVerdict::NoListPrice };
    if row.price == now {
        return RowVerdict::UpToDate;
    }
    let Some(before) = &remembered.before else { return RowVerdict::FirstLook };
    match before.at(row.quantity) {
        None => RowVerdict::NoListPrice,
        Some(list) if row.price == list => RowVerdict::Follows { from: row.price, to: now },
        Some(list) => RowVerdict::SetByHand { price: row.price, list },
    }
}
