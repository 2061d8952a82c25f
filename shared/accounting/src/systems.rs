//! All accounting systems as one: each call goes to the one that its tenant lives in.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    draft::FoundBooked,
    ids::{
        AgreementNumber, ArticleNumber, CustomerNumber, DraftNumber, InvoiceNumber, PriceListCode, SystemKind, TenantId,
    },
    job::observe::FoundInvoice,
    preflight::{CompanyFacts, Fact, Recurring},
    prices::{Document, ListPrices},
    settings::{Channel, ServiceSendMethod, Wants},
};

use crate::{
    AccountingSystem,
    error::Error,
    model::{
        Addressing, AgreementPage, AgreementRow, BookAnswer, Company, CreateAnswer, Customer, Delivery, DraftPage,
        DraftRow, Invoice, ServiceState,
    },
    pricing::{PricedDocument, Pricing, RowPrice, Touched},
};

/// The systems that there are.
#[derive(Debug)]
pub struct Systems<F, E> {
    fortnox: F,
    economic: E,
}

impl<F, E> Systems<F, E> {
    /// Both.
    pub const fn new(fortnox: F, economic: E) -> Self {
        Self { fortnox, economic }
    }

    /// Fortnox.
    pub const fn fortnox(&self) -> &F {
        &self.fortnox
    }

    /// e-conomic.
    pub const fn economic(&self) -> &E {
        &self.economic
    }
}

macro_rules! ask {
    ($self:ident, $tenant:ident, $method:ident($($argument:expr),*)) => {
        match $tenant.system() {
            SystemKind::Fortnox => $self.fortnox.$method($($argument),*).await,
            SystemKind::Economic => $self.economic.$method($($argument),*).await,
        }
    };
}

impl<F: AccountingSystem, E: AccountingSystem> AccountingSystem for Systems<F, E> {
    async fn agreements(&self, tenant: &TenantId, page: u32) -> Result<AgreementPage, Error> {
        ask!(self, tenant, agreements(tenant, page))
    }

    async fn agreement(&self, tenant: &TenantId, number: &AgreementNumber) -> Result<AgreementRow, Error> {
        ask!(self, tenant, agreement(tenant, number))
    }

    async fn create_invoice(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
        invoice_date: Option<NaiveDate>,
    ) -> Result<CreateAnswer, Error> {
        ask!(self, tenant, create_invoice(tenant, number, invoice_date))
    }

    async fn invoices_of(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
        from: NaiveDate,
        known: &[InvoiceNumber],
    ) -> Result<Vec<FoundInvoice>, Error> {
        ask!(self, tenant, invoices_of(tenant, agreement, customer, from, known))
    }

    async fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Invoice, Error> {
        ask!(self, tenant, invoice(tenant, number))
    }

    async fn book(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<(), Error> {
        ask!(self, tenant, book(tenant, number))
    }

    async fn mark_sent(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<(), Error> {
        ask!(self, tenant, mark_sent(tenant, number))
    }

    async fn address(&self, tenant: &TenantId, number: &InvoiceNumber, to: &Addressing) -> Result<(), Error> {
        ask!(self, tenant, address(tenant, number, to))
    }

    async fn deliver(&self, tenant: &TenantId, number: &InvoiceNumber, channel: Channel) -> Result<Delivery, Error> {
        ask!(self, tenant, deliver(tenant, number, channel))
    }

    async fn hand_over(
        &self,
        tenant: &TenantId,
        number: &InvoiceNumber,
        send_by: ServiceSendMethod,
    ) -> Result<(), Error> {
        ask!(self, tenant, hand_over(tenant, number, send_by))
    }

    async fn at_service(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Option<ServiceState>, Error> {
        ask!(self, tenant, at_service(tenant, number))
    }

    async fn pdf(&self, tenant: &TenantId, number: &InvoiceNumber) -> Result<Vec<u8>, Error> {
        ask!(self, tenant, pdf(tenant, number))
    }

    async fn customer(&self, tenant: &TenantId, number: &CustomerNumber) -> Result<Customer, Error> {
        ask!(self, tenant, customer(tenant, number))
    }

    async fn company(&self, tenant: &TenantId) -> Result<Company, Error> {
        ask!(self, tenant, company(tenant))
    }

    async fn drafts(&self, tenant: &TenantId, after: Option<DraftNumber>) -> Result<DraftPage, Error> {
        ask!(self, tenant, drafts(tenant, after))
    }

    async fn draft(&self, tenant: &TenantId, number: DraftNumber) -> Result<Option<DraftRow>, Error> {
        ask!(self, tenant, draft(tenant, number))
    }

    async fn subscription_drafts(&self, tenant: &TenantId, among: &[DraftNumber]) -> Result<Vec<DraftNumber>, Error> {
        ask!(self, tenant, subscription_drafts(tenant, among))
    }

    fn booking_request(&self, tenant: &TenantId, number: DraftNumber, send_by: Channel) -> Result<String, Error> {
        match tenant.system() {
            SystemKind::Fortnox => self.fortnox.booking_request(tenant, number, send_by),
            SystemKind::Economic => self.economic.booking_request(tenant, number, send_by),
        }
    }

    async fn book_draft(&self, tenant: &TenantId, request: &str, key: &str) -> Result<BookAnswer, Error> {
        ask!(self, tenant, book_draft(tenant, request, key))
    }

    async fn booked_since(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
        from: NaiveDate,
    ) -> Result<Vec<FoundBooked>, Error> {
        ask!(self, tenant, booked_since(tenant, customer, from))
    }

    async fn is_open_period(&self, tenant: &TenantId, date: NaiveDate) -> Result<Option<bool>, Error> {
        ask!(self, tenant, is_open_period(tenant, date))
    }

    async fn recurring(&self, tenant: &TenantId) -> Result<Fact<Recurring>, Error> {
        ask!(self, tenant, recurring(tenant))
    }

    async fn company_facts(&self, tenant: &TenantId, wants: &Wants, today: NaiveDate) -> Result<CompanyFacts, Error> {
        ask!(self, tenant, company_facts(tenant, wants, today))
    }
}

impl<F: Pricing, E: Pricing> Pricing for Systems<F, E> {
    async fn articles_touched(
        &self,
        tenant: &TenantId,
        since: DateTime<Utc>,
        page: u32,
    ) -> Result<Touched<ArticleNumber>, Error> {
        ask!(self, tenant, articles_touched(tenant, since, page))
    }

    async fn agreements_touched(
        &self,
        tenant: &TenantId,
        since: DateTime<Utc>,
        page: u32,
    ) -> Result<Touched<AgreementNumber>, Error> {
        ask!(self, tenant, agreements_touched(tenant, since, page))
    }

    async fn list_prices(
        &self,
        tenant: &TenantId,
        list: &PriceListCode,
        article: &ArticleNumber,
    ) -> Result<ListPrices, Error> {
        ask!(self, tenant, list_prices(tenant, list, article))
    }

    async fn list_of(&self, tenant: &TenantId, customer: &CustomerNumber) -> Result<Option<PriceListCode>, Error> {
        ask!(self, tenant, list_of(tenant, customer))
    }

    async fn priced(&self, tenant: &TenantId, document: PricedDocument<'_>) -> Result<Document, Error> {
        ask!(self, tenant, priced(tenant, document))
    }

    async fn open_invoices(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
    ) -> Result<Vec<(InvoiceNumber, Document)>, Error> {
        ask!(self, tenant, open_invoices(tenant, agreement, customer))
    }

    async fn set_prices(
        &self,
        tenant: &TenantId,
        document: PricedDocument<'_>,
        rows: &[RowPrice],
    ) -> Result<Document, Error> {
        ask!(self, tenant, set_prices(tenant, document, rows))
    }
}
