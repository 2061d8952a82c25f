//! List prices, and the prices on agreements and invoices.

use std::future::{Future, ready};

use chrono::{DateTime, Utc};
use domain::{
    ids::{AgreementNumber, ArticleNumber, CustomerNumber, InvoiceNumber, PriceListCode, TenantId},
    money::Currency,
    prices::{Document, ListPrices, RowId},
};
use rust_decimal::Decimal;

use crate::Error;

const HERE: &str = "price lists that agreements follow";

/// One page of what was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched<T> {
    /// What can be read of it.
    pub numbers: Vec<T>,
    /// Whether more pages follow.
    pub more: bool,
}

/// What an agreement or an invoice from one is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricedDocument<'a> {
    /// An agreement.
    Agreement(&'a AgreementNumber),
    /// An invoice.
    Invoice(&'a InvoiceNumber),
}

/// A row of a document as it's written: each row must be named, since one that isn't is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPrice {
    /// The row, as it was when the document was read.
    pub id: RowId,
    /// Its new price. `None`: the row stays as it is.
    pub price: Option<Decimal>,
}

/// What following the list needs of an accounting system. A system without such lists leaves all of it out: whoever asks it all the
/// same is refused.
pub trait Pricing: Send + Sync {
    /// The currency of the list prices.
    fn list_currency(&self) -> Currency {
        Currency::SEK
    }

    /// Articles that were touched since an instant, a page from 1 at a time. Whether a new price touches its article isn't
    /// documented, so this may tell of fewer changes than there are.
    fn articles_touched(
        &self,
        _tenant: &TenantId,
        _since: DateTime<Utc>,
        _page: u32,
    ) -> impl Future<Output = Result<Touched<ArticleNumber>, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// Active agreements that were touched since an instant, a page from 1 at a time. May tell of more than were.
    fn agreements_touched(
        &self,
        _tenant: &TenantId,
        _since: DateTime<Utc>,
        _page: u32,
    ) -> impl Future<Output = Result<Touched<AgreementNumber>, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// An article's prices by a list: none where either is gone.
    fn list_prices(
        &self,
        _tenant: &TenantId,
        _list: &PriceListCode,
        _article: &ArticleNumber,
    ) -> impl Future<Output = Result<ListPrices, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// The list of a customer, or else the one that counts where nobody names another.
    fn list_of(
        &self,
        _tenant: &TenantId,
        _customer: &CustomerNumber,
    ) -> impl Future<Output = Result<Option<PriceListCode>, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// A document's rows as they are now.
    fn priced(
        &self,
        _tenant: &TenantId,
        _document: PricedDocument<'_>,
    ) -> impl Future<Output = Result<Document, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// The invoices from an agreement whose prices may still be changed.
    fn open_invoices(
        &self,
        _tenant: &TenantId,
        _agreement: &AgreementNumber,
        _customer: &CustomerNumber,
    ) -> impl Future<Output = Result<Vec<(InvoiceNumber, Document)>, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }

    /// **Effect**: gives rows of a document other prices. `rows` must name all that were read a moment ago. Gives the document as it
    /// is then.
    fn set_prices(
        &self,
        _tenant: &TenantId,
        _document: PricedDocument<'_>,
        _rows: &[RowPrice],
    ) -> impl Future<Output = Result<Document, Error>> + Send {
        ready(Err(Error::unknown_here(HERE)))
    }
}
