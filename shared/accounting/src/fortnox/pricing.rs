//! Fortnox's price lists, and the prices on contracts and invoices.

mod read;

use std::{collections::BTreeMap, future::Future};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Europe::Stockholm;
use domain::{
    ids::{AgreementNumber, ArticleNumber, CustomerNumber, InvoiceNumber, PriceListCode, TenantId},
    prices::{Document, ListPrices, PriceStep},
};
use fortnox::{InvoiceFilter, InvoiceQuery, InvoiceType, Pacer, Session, Transport};

use super::{AccessTokens, FortnoxSystem, Kind, MOST_PAGES_LOOKED_THROUGH, read::is_from};
use crate::{
    Error,
    pricing::{PricedDocument, Pricing, RowPrice, Touched},
};

/// Fortnox's own clock, which `lastmodified` goes by (assumption: API fact sheet, 10).
fn swedish(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&Stockholm).naive_local()
}

impl<T: AccessTokens, P: Pacer, H: Transport> FortnoxSystem<T, P, H> {
    /// A call of a comparison, which can wait: invoices come first.
    async fn beside<R, F>(
        &self,
        tenant: &TenantId,
        kind: Kind,
        call: impl Fn(Session<P, H>) -> F + Send,
    ) -> Result<R, Error>
    where
        F: Future<Output = Result<R, fortnox::Error>> + Send,
        R: Send,
    {
        self.call(tenant, kind, move |fortnox| call(fortnox.beside())).await
    }

    async fn preselected_list(&self, tenant: &TenantId) -> Result<Option<PriceListCode>, Error> {
        let lists = self.beside(tenant, Kind::Read, |fortnox| async move { fortnox.price_lists().await }).await?;
        let preselected = lists.into_iter().find(|list| list.preselected == Some(true));
        Ok(preselected.and_then(|list| list.code.parse().ok()))
    }
}

impl<T: AccessTokens, P: Pacer, H: Transport> Pricing for FortnoxSystem<T, P, H> {
    async fn articles_touched(
        &self,
        tenant: &TenantId,
        since: DateTime<Utc>,
        page: u32,
    ) -> Result<Touched<ArticleNumber>, Error> {
        let since = swedish(since);
        let read = |fortnox: Session<P, H>| async move { fortnox.articles_touched_since(since, page).await };
        let page = self.beside(tenant, Kind::Read, read).await?;
        let more = page.next_page().is_some();
        Ok(Touched { numbers: page.items.iter().filter_map(|item| item.article_number.parse().ok()).collect(), more })
    }

    async fn agreements_touched(
        &self,
        tenant: &TenantId,
        since: DateTime<Utc>,
        page: u32,
    ) -> Result<Touched<AgreementNumber>, Error> {
        let since = swedish(since);
        let read = |fortnox: Session<P, H>| async move { fortnox.contracts_touched_since(since, page).await };
        let page = self.beside(tenant, Kind::Read, read).await?;
        let more = page.next_page().is_some();
        Ok(Touched { numbers: page.items.iter().filter_map(|item| item.document_number.parse().ok()).collect(), more })
    }

    async fn list_prices(
        &self,
        tenant: &TenantId,
        list: &PriceListCode,
        article: &ArticleNumber,
    ) -> Result<ListPrices, Error> {
        let read = |fortnox: Session<P, H>| async move { fortnox.prices(list.as_str(), article.as_str()).await };
        let prices = match self.beside(tenant, Kind::Read, read).await {
            Ok(prices) => prices,
            // The list or the article is gone.
            Err(Error::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let step = |price: fortnox::Price| Some(PriceStep { from: price.from_quantity, price: price.price? });
        Ok(prices.into_iter().filter_map(step).collect::<Vec<_>>().into())
    }

    async fn list_of(&self, tenant: &TenantId, customer: &CustomerNumber) -> Result<Option<PriceListCode>, Error> {
        let read = |fortnox: Session<P, H>| async move { fortnox.customer(customer.as_str()).await };
        let customer = self.beside(tenant, Kind::Read, read).await?;
        match customer.price_list.and_then(|code| code.parse().ok()) {
            Some(list) => Ok(Some(list)),
            None => self.preselected_list(tenant).await,
        }
    }

    async fn priced(&self, tenant: &TenantId, document: PricedDocument<'_>) -> Result<Document, Error> {
        match document {
            PricedDocument::Agreement(number) => {
                let read = |fortnox: Session<P, H>| async move { fortnox.contract(number.as_str()).await };
                read::contract(self.beside(tenant, Kind::Read, read).await?)
            }
            PricedDocument::Invoice(number) => {
                let read = |fortnox: Session<P, H>| async move { fortnox.invoice(number.as_str()).await };
                read::invoice(self.beside(tenant, Kind::Read, read).await?)
            }
        }
    }

    async fn open_invoices(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
    ) -> Result<Vec<(InvoiceNumber, Document)>, Error> {
        let mut open = BTreeMap::new();
        for page in 1..=MOST_PAGES_LOOKED_THROUGH {
            let query = InvoiceQuery {
                filter: Some(InvoiceFilter::Unbooked),
                invoice_type: Some(InvoiceType::AgreementInvoice),
                customer_number: Some(customer.as_str().to_owned()),
                page,
                ..InvoiceQuery::default()
            };
            let query = &query;
            let list = self.beside(tenant, Kind::Read, |fortnox| async move { fortnox.invoices(query).await }).await?;
            let more = list.next_page().is_some();
            for item in list.items.into_iter().filter(|item| !item.booked && !item.cancelled && !item.sent) {
                let number = &item.document_number;
                let read = |fortnox: Session<P, H>| async move { fortnox.invoice(number).await };
                let invoice = self.beside(tenant, Kind::Read, read).await?;
                if is_from(&invoice, agreement)
                    && let Ok(number) = number.parse()
                {
                    open.insert(number, read::invoice(invoice)?);
                }
            }
            if !more {
                return Ok(open.into_iter().filter(|(_, document)| document.open).collect());
            }
        }
        Err(Error::NoAnswer { what: "the customer has too many open invoices to look through".to_owned() })
    }

    async fn set_prices(
        &self,
        tenant: &TenantId,
        document: PricedDocument<'_>,
        rows: &[RowPrice],
    ) -> Result<Document, Error> {
        let rows = read::rows_to_write(rows)?;
        let rows = rows.as_slice();
        match document {
            PricedDocument::Agreement(number) => {
                let write =
                    |fortnox: Session<P, H>| async move { fortnox.set_contract_prices(number.as_str(), rows).await };
                read::after_change(read::contract(self.beside(tenant, Kind::Effect, write).await?))
            }
            PricedDocument::Invoice(number) => {
                let write =
                    |fortnox: Session<P, H>| async move { fortnox.set_invoice_prices(number.as_str(), rows).await };
                read::after_change(read::invoice(self.beside(tenant, Kind::Effect, write).await?))
            }
        }
    }
}
