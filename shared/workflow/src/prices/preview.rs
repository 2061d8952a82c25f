//! What a comparison of prices would find and change: read, planned by the same rules, and thrown away.

use std::collections::BTreeMap;

use accounting::{AccountingSystem, Error, PricedDocument, Pricing};
use domain::{
    ids::{AgreementNumber, ArticleNumber, CustomerNumber, PriceListCode, TenantId},
    prices::{Document, ListPrices, NotedRow, PriceSync, Remembered, RowVerdict, Sync, plan},
    settings::TenantSettings,
};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::{
    letter::preview::PreviewError,
    ports::{Clock, Ports, PriceBook, Settings},
};

/// What would become of an agreement's prices.
#[derive(Debug, Clone, Serialize)]
pub struct PricesForeseen {
    /// Which.
    pub agreement: AgreementNumber,
    /// Its customer.
    pub customer: CustomerNumber,
    /// The list that it goes by; `None` where there's none.
    pub list: Option<PriceListCode>,
    /// What the settings in force let be done. `None` where they can't be used.
    pub sync: Option<PriceSync>,
    /// Its rows with an article.
    pub rows: Vec<RowForeseen>,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
pub struct RowForeseen {
    /// What would be decided of it, and why.
    #[serde(flatten)]
    pub row: NotedRow,
    /// What the list says for its quantity.
    pub list_says: Option<Decimal>,
}

impl RowForeseen {
    /// Whether a person may want to see it: it changes, or its price isn't the list's.
    pub fn is_apart(&self) -> bool {
        self.row.why.new_price().is_some() || self.list_says != Some(self.row.price)
    }
}

/// Each active agreement's rows against their list, as the tenant's next comparison would see them. `read` is told how many agreements
/// were read so far. Changes nothing anywhere, and isn't a first look either.
pub async fn preview<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    mut read: impl FnMut(usize) + Send,
) -> Result<Vec<PricesForeseen>, PreviewError> {
    let settings = ports.settings().of_tenant(tenant).await?.ok_or(PreviewError::UnknownTenant)?;
    settings.profile().map_err(|reason| PreviewError::Held(Box::new(reason)))?;
    let mut desk = Desk { ports, tenant, settings: &settings, asked: BTreeMap::new() };
    let mut foreseen = Vec::new();
    for number in 1.. {
        let page = ports.accounting().agreements(tenant, number).await?;
        for agreement in page.rows.iter().flatten() {
            foreseen.extend(desk.agreement(&agreement.number).await?);
            read(foreseen.len());
        }
        if !page.more {
            break;
        }
    }
    Ok(foreseen)
}

struct Desk<'a, P: Ports> {
    ports: &'a P,
    tenant: &'a TenantId,
    settings: &'a TenantSettings,
    /// What the lists said just now.
    asked: BTreeMap<(ArticleNumber, PriceListCode), ListPrices>,
}

impl<P: Ports> Desk<'_, P> {
    async fn agreement(&mut self, number: &AgreementNumber) -> Result<Option<PricesForeseen>, PreviewError> {
        let accounting = self.ports.accounting();
        let document = match accounting.priced(self.tenant, PricedDocument::Agreement(number)).await {
            Ok(document) if document.open => document,
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let list = match document.list.clone() {
            Some(list) => Some(list),
            None => match accounting.list_of(self.tenant, &document.customer).await {
                Ok(list) => list,
                Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(error.into()),
            },
        };
        let settings = self.settings.resolve(&document.customer, number).ok();
        let now = self.ports.clock().now();
        let today = |settings: &domain::settings::Resolved| now.with_timezone(&settings.time_zone).date_naive();
        let sync = settings.as_ref().map(|settings| PriceSync::in_force(settings, today(settings)));
        let excluded = settings.map(|settings| settings.price_sync_excluded_rows.value).unwrap_or_default();
        let rules = Sync { list_currency: accounting.list_currency(), excluded };
        let rows = match &list {
            Some(list) => self.rows(number, &document, list, &rules).await?,
            None => Vec::new(),
        };
        Ok(Some(PricesForeseen { agreement: number.clone(), customer: document.customer, list, sync, rows }))
    }

    async fn rows(
        &mut self,
        number: &AgreementNumber,
        document: &Document,
        list: &PriceListCode,
        rules: &Sync,
    ) -> Result<Vec<RowForeseen>, PreviewError> {
        let known = self.ports.prices().watched_one(self.tenant, number).await?;
        let mut remembered = BTreeMap::new();
        for article in document.rows.iter().filter_map(|row| row.article.as_ref()) {
            let before = known.as_ref().and_then(|known| known.watched.followed.get(article).cloned());
            remembered.insert(article.clone(), Remembered { before, now: self.list_says(article, list).await? });
        }
        let planned = plan(document, rules, |article| remembered.get(article));
        let foreseen = |(row, why): (&domain::prices::PricedRow, RowVerdict)| {
            let article = row.article.clone()?;
            let list_says = remembered.get(&article).and_then(|of| of.now.at(row.quantity));
            Some(RowForeseen { row: NotedRow { place: row.place, article, price: row.price, why }, list_says })
        };
        Ok(planned.into_iter().filter_map(foreseen).collect())
    }

    async fn list_says(&mut self, article: &ArticleNumber, list: &PriceListCode) -> Result<ListPrices, PreviewError> {
        let place = (article.clone(), list.clone());
        if let Some(prices) = self.asked.get(&place) {
            return Ok(prices.clone());
        }
        let prices = self.ports.accounting().list_prices(self.tenant, list, article).await?;
        self.asked.insert(place, prices.clone());
        Ok(prices)
    }
}
