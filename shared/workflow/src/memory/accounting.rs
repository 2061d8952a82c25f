//! An accounting system in memory: the trait over a model of companies with their agreements and invoices.

mod company;
mod ledger;
mod person;

use std::{collections::BTreeMap, sync::Mutex};

use accounting::{
    AccountingSystem, AgreementPage, AgreementRow, Company as Details, CreateAnswer, Customer, Error, Invoice,
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    job::observe::FoundInvoice,
};

use self::company::{Company, Refused};
pub use self::{
    ledger::{By, Effect, Entry},
    person::Person,
};
use super::{Call, Fault, Faults, VirtualClock, lock};
use crate::ports::Clock;

/// The accounting system's own day, which needn't be the tenant's.
const ITS_TIME_ZONE: Tz = Tz::Europe__Stockholm;

/// What a PDF looks like from outside.
const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

/// The companies and their books.
#[derive(Debug)]
pub struct Books {
    companies: Mutex<BTreeMap<TenantId, Company>>,
    clock: VirtualClock,
    faults: Faults,
}

/// What the model answers inside, before the script of faults has its say.
type Answer<T> = Result<T, Error>;

impl Books {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        Self { companies: Mutex::default(), clock, faults }
    }

    /// A new company without agreements.
    pub fn found(&self, tenant: &TenantId) {
        lock(&self.companies).insert(tenant.clone(), Company::default());
    }

    /// A person who works in the company's accounting system.
    pub fn person<'a>(&'a self, tenant: &'a TenantId) -> Person<'a> {
        Person { books: self, tenant }
    }

    /// Everything that happened to a company's invoices, oldest first.
    pub fn ledger(&self, tenant: &TenantId) -> Vec<Entry> {
        lock(&self.companies).get(tenant).map(|company| company.ledger.clone()).unwrap_or_default()
    }

    /// Rows on one page of agreements from now on.
    pub fn page_size(&self, tenant: &TenantId, rows: usize) {
        self.with(tenant, |company| company.page_size = rows.max(1));
    }

    /// Whether `create_invoice` answers with the invoice, or only says that it worked.
    pub fn answers_with_invoice(&self, tenant: &TenantId, does: bool) {
        self.with(tenant, |company| company.answers_with_invoice = does);
    }

    /// Whether invoices say which period they cover.
    pub fn names_periods(&self, tenant: &TenantId, does: bool) {
        self.with(tenant, |company| company.names_periods = does);
    }

    /// Lets nobody in but persons, until told otherwise with `None`: a revoked consent, a feature that's switched off.
    pub fn block(&self, tenant: &TenantId, problem: Option<&str>) {
        self.with(tenant, |company| company.blocked = problem.map(str::to_owned));
    }

    /// Its date now.
    fn today(&self) -> NaiveDate {
        self.clock.now().with_timezone(&ITS_TIME_ZONE).date_naive()
    }

    /// Does `act` on a company that's known to be there, by test or person.
    fn with<T>(&self, tenant: &TenantId, act: impl FnOnce(&mut Company) -> T) -> Option<T> {
        lock(&self.companies).get_mut(tenant).map(act)
    }

    /// A call of the app's: scripted faults first, then what stands in its way, then `act`.
    async fn call<T: Send>(
        &self,
        call: Call,
        tenant: &TenantId,
        act: impl FnOnce(&mut Company) -> Answer<T> + Send,
    ) -> Answer<T> {
        let effect = || {
            let mut companies = lock(&self.companies);
            let company = companies.get_mut(tenant).ok_or_else(|| blocked("the company is not connected"))?;
            match &company.blocked {
                Some(problem) => Err(blocked(problem)),
                None => act(company),
            }
        };
        match self.faults.make(call, effect).await {
            Ok(answer) => answer,
            Err(fault) => Err(error(&fault)),
        }
    }
}

fn blocked(problem: &str) -> Error {
    Error::TenantBlocked { problem: problem.to_owned(), advice: "connect the company again".to_owned() }
}

fn error(fault: &Fault) -> Error {
    match fault {
        Fault::Busy(retry_in) => Error::Busy { retry_in: *retry_in },
        Fault::NotTaken => Error::NotTaken { what: "the gateway is overloaded".to_owned() },
        Fault::NoAnswer(_) | Fault::Crash(_) => Error::NoAnswer { what: "the connection broke".to_owned() },
        Fault::Refused(words) => refused(Refused(words)),
        Fault::TenantBlocked(problem) => blocked(problem),
    }
}

fn refused(Refused(words): Refused) -> Error {
    Error::Refused { words: words.to_owned(), advice: "mend what the words say, then approve the job".to_owned() }
}

fn not_found(what: &str) -> Error {
    Error::NotFound { words: format!("there is no such {what}") }
}

impl AccountingSystem for Books {
    async fn agreements(&self, tenant: &TenantId, page: u32) -> Answer<AgreementPage> {
        self.call(Call::Agreements, tenant, |company| Ok(company.page(page))).await
    }

    async fn agreement(&self, tenant: &TenantId, number: &AgreementNumber) -> Answer<AgreementRow> {
        let read = |company: &mut Company| company.row(number).ok_or_else(|| not_found("agreement"));
        self.call(Call::Agreement, tenant, read).await
    }

    async fn create_invoice(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
        invoice_date: Option<NaiveDate>,
    ) -> Answer<CreateAnswer> {
        let date = invoice_date.unwrap_or_else(|| self.today());
        let create = |company: &mut Company| {
            let invoice = company.create(number, date, By::App).map_err(refused)?;
            let answer = company.found_invoice(&invoice).filter(|_| company.answers_with_invoice);
            Ok(answer.map_or(CreateAnswer::Done, CreateAnswer::Invoice))
        };
        self.call(Call::CreateInvoice, tenant, create).await
    }

    async fn invoices_of(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
        from: NaiveDate,
        known: &[InvoiceNumber],
    ) -> Answer<Vec<FoundInvoice>> {
        let find = |company: &mut Company| {
            let mut found = company.invoices_of(agreement, customer, from);
            found.retain(|invoice| !known.contains(&invoice.number));
            Ok(found)
        };
        self.call(Call::InvoicesOf, tenant, find).await
    }

    async fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber) -> Answer<Invoice> {
        let read = |company: &mut Company| company.invoice(number).ok_or_else(|| not_found("invoice"));
        self.call(Call::Invoice, tenant, read).await
    }

    async fn book(&self, tenant: &TenantId, number: &InvoiceNumber) -> Answer<()> {
        self.call(Call::Book, tenant, |company| company.book(number, By::App).map_err(refused)).await
    }

    async fn mark_sent(&self, tenant: &TenantId, number: &InvoiceNumber) -> Answer<()> {
        self.call(Call::MarkSent, tenant, |company| company.mark_sent(number, By::App).map_err(refused)).await
    }

    async fn pdf(&self, tenant: &TenantId, number: &InvoiceNumber) -> Answer<Vec<u8>> {
        let read =
            |company: &mut Company| company.invoice(number).map(|_| PDF.to_vec()).ok_or_else(|| not_found("invoice"));
        self.call(Call::Pdf, tenant, read).await
    }

    async fn customer(&self, tenant: &TenantId, number: &CustomerNumber) -> Answer<Customer> {
        let read = |company: &mut Company| company.customer(number).ok_or_else(|| not_found("customer"));
        self.call(Call::Customer, tenant, read).await
    }

    async fn company(&self, tenant: &TenantId) -> Answer<Details> {
        self.call(Call::Company, tenant, |_| Ok(company::details())).await
    }
}
