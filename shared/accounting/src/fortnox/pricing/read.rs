//! Contracts and invoices as documents with prices.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::prices::{Document, PricedRow, RowId};
use fortnox::{Contract, Invoice, Row};

use super::super::read::currency;
use crate::{Error, pricing::RowPrice};

/// Concerns this document alone, so it's no reason to stop before the others.
fn unreadable(what: &str) -> Error {
    Error::Refused {
        words: format!("its {what} can't be read"),
        advice: "correct it in the accounting system; it's read again the next night".to_owned(),
    }
}

/// The answer to a change, which has been made whether or not the answer can be read.
pub(super) fn after_change(document: Result<Document, Error>) -> Result<Document, Error> {
    document.map_err(|error| Error::NoAnswer { what: error.to_string() })
}

fn digest(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn row(place: u32, row: Row) -> Result<PricedRow, Error> {
    let id = row.row_id.and_then(|id| u64::try_from(id).ok()).ok_or_else(|| unreadable("RowId"))?;
    let article = row.article_number.as_deref().filter(|article| !article.is_empty());
    let article = article.map(|article| article.parse().map_err(|_| unreadable("ArticleNumber"))).transpose()?;
    let (quantity, price) = (row.delivered_quantity.unwrap_or_default(), row.price.unwrap_or_default());
    let rest = Row { row_id: None, price: None, total: None, total_excluding_vat: None, ..row };
    Ok(PricedRow { id: RowId(id), place, article, quantity, price, rest: digest(&rest) })
}

fn rows(rows: Vec<Row>) -> Result<Vec<PricedRow>, Error> {
    (1..).zip(rows).map(|(place, one)| row(place, one)).collect()
}

/// Which period comes next, and what is left of the term, isn't among what must stay: invoicing moves it.
pub(super) fn contract(mut contract: Contract) -> Result<Document, Error> {
    let rows = rows(std::mem::take(&mut contract.invoice_rows))?;
    let rest = Contract {
        period_start: None,
        period_end: None,
        last_invoice_date: None,
        invoices_remaining: None,
        net: None,
        total: None,
        total_vat: None,
        total_to_pay: None,
        ..contract
    };
    Ok(Document {
        customer: rest.customer_number.parse().map_err(|_| unreadable("CustomerNumber"))?,
        list: rest.price_list.as_deref().and_then(|code| code.parse().ok()),
        currency: currency(rest.currency.as_deref()).map_err(|_| unreadable("Currency"))?,
        vat_included: rest.vat_included == Some(true),
        open: rest.active != Some(false),
        rest: digest(&rest),
        rows,
    })
}

pub(super) fn invoice(mut invoice: Invoice) -> Result<Document, Error> {
    let rows = rows(std::mem::take(&mut invoice.invoice_rows))?;
    let rest = Invoice { net: None, total: None, total_vat: None, total_to_pay: None, balance: None, ..invoice };
    Ok(Document {
        customer: rest.customer_number.parse().map_err(|_| unreadable("CustomerNumber"))?,
        list: rest.price_list.as_deref().and_then(|code| code.parse().ok()),
        currency: currency(rest.currency.as_deref()).map_err(|_| unreadable("Currency"))?,
        vat_included: rest.vat_included == Some(true),
        open: !(rest.booked || rest.cancelled || rest.sent || rest.credit || rest.nox_finans),
        rest: digest(&rest),
        rows,
    })
}

pub(super) fn rows_to_write(rows: &[RowPrice]) -> Result<Vec<fortnox::RowPrice>, Error> {
    let row = |row: &RowPrice| {
        let row_id = i64::try_from(row.id.0).map_err(|_| unreadable("RowId"))?;
        Ok(fortnox::RowPrice { row_id, price: row.price })
    };
    rows.iter().map(row).collect()
}
