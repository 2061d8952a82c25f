//! Articles and their prices (artiklar, priser), and the prices on rows.

use chrono::NaiveDateTime;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::call::Call;
use crate::client::Session;
use crate::contracts::Contract;
use crate::error::Error;
use crate::invoices::Invoice;
use crate::pacer::Pacer;
use crate::page::{LARGEST_PAGE, LAST_MODIFIED, Page};

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleListItem {
    /// The article's number; may hold letters.
    pub article_number: String,
    /// Whether it's in use.
    pub active: Option<bool>,
}

impl FromObject for ArticleListItem {
    fn from_object(article: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self { article_number: article.required("ArticleNumber", Object::text)?, active: article.flag("Active")? })
    }
}

/// What one piece of an article costs by a price list, from a quantity on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The article.
    pub article_number: String,
    /// Code of the list.
    pub price_list: String,
    /// From this quantity on.
    pub from_quantity: Decimal,
    /// The price. `None` where the list works by per cent.
    pub price: Option<Decimal>,
}

impl FromObject for Price {
    fn from_object(price: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            article_number: price.required("ArticleNumber", Object::text)?,
            price_list: price.required("PriceList", Object::text)?,
            from_quantity: price.decimal("FromQuantity")?.unwrap_or_default(),
            price: price.decimal("Price")?,
        })
    }
}

/// A price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceList {
    /// Its code.
    pub code: String,
    /// The one that counts where neither agreement nor customer names another.
    pub preselected: Option<bool>,
}

impl FromObject for PriceList {
    fn from_object(list: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self { code: list.required("Code", Object::text)?, preselected: list.flag("PreSelected")? })
    }
}

/// A row of a document that is changed: each row must be named, or the change takes it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RowPrice {
    /// The row's number, as it was when the document was read.
    pub row_id: i64,
    /// Its new price. `None`: the row stays as it is.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_number")]
    pub price: Option<Decimal>,
}

/// As Fortnox documents prices of rows, digit by digit: a binary fraction would be another price.
#[expect(clippy::ref_option, reason = "serde gives it so")]
fn as_number<S: serde::Serializer>(price: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    let digits = price.map(|price| RawValue::from_string(price.to_string())).transpose();
    digits.map_err(serde::ser::Error::custom)?.serialize(serializer)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rows<'a> {
    invoice_rows: &'a [RowPrice],
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One page (from 1) of the articles that were touched since a moment of Swedish time, in rising order of their numbers.
    /// Whether a new price touches its article isn't documented.
    pub async fn articles_touched_since(
        &self,
        since: NaiveDateTime,
        page: u32,
    ) -> Result<Page<ArticleListItem>, Error> {
        let call = Call::get("articles")
            .query("lastmodified", since.format(LAST_MODIFIED).to_string())
            .query("page", page.to_string())
            .query("limit", LARGEST_PAGE.to_string())
            .query("sortby", "articlenumber")
            .query("sortorder", "ascending");
        self.json(call, |root| Page::read(root, "Articles")).await
    }

    /// An article's prices by one list, with all quantities: at most a page of them.
    pub async fn prices(&self, price_list: &str, article_number: &str) -> Result<Vec<Price>, Error> {
        let call = Call::get("prices/sublist/{PriceList}/{ArticleNumber}")
            .argument(price_list)
            .argument(article_number)
            .query("limit", LARGEST_PAGE.to_string());
        self.json(call, |root| root.list("Prices")).await
    }

    /// The price lists; Fortnox has at most 250.
    pub async fn price_lists(&self) -> Result<Vec<PriceList>, Error> {
        let call = Call::get("pricelists").query("limit", LARGEST_PAGE.to_string());
        self.json(call, |root| root.list("PriceLists")).await
    }

    /// Gives rows of a contract new prices. **Has an effect**: is sent once. The rows' numbers are new afterwards; a row that isn't
    /// named is taken away, so `rows` must name all that were read a moment ago.
    pub async fn set_contract_prices(&self, document_number: &str, rows: &[RowPrice]) -> Result<Contract, Error> {
        let call = Call::put("contracts/{DocumentNumber}").argument(document_number).json(change("Contract", rows)?);
        self.document(call, "Contract").await
    }

    /// The same on an invoice, which Fortnox refuses once it's booked.
    pub async fn set_invoice_prices(&self, document_number: &str, rows: &[RowPrice]) -> Result<Invoice, Error> {
        let call = Call::put("invoices/{DocumentNumber}").argument(document_number).json(change("Invoice", rows)?);
        self.document(call, "Invoice").await
    }
}

fn change(document: &str, rows: &[RowPrice]) -> Result<String, Error> {
    let change = std::collections::BTreeMap::from([(document, Rows { invoice_rows: rows })]);
    serde_json::to_string(&change).map_err(|_| Error::InvalidArgument { what: "the rows" })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_change_names_every_row_and_prices_as_numbers() {
        let rows =
            [RowPrice { row_id: 11, price: None }, RowPrice { row_id: 12, price: Some("1250.50".parse().unwrap()) }];
        assert_eq!(
            change("Contract", &rows).unwrap(),
            r#"{"Contract":{"InvoiceRows":[{"RowId":11},{"RowId":12,"Price":1250.50}]}}"#
        );
    }
}
