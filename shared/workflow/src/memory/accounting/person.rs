//! What a person does by hand in the accounting system.

use accounting::Customer;
use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    money::Money,
    period::Period,
};

use super::{
    Books,
    company::{Company, Contract},
    ledger::By,
};

/// A person at the screen of one company. What isn't there or isn't allowed gives `None`, as the screen would show no button.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub(super) books: &'a Books,
    pub(super) tenant: &'a TenantId,
}

impl Person<'_> {
    /// Enters a customer, or enters it anew.
    pub fn enter_customer(&self, number: &CustomerNumber, name: &str, invoice_email: Option<&str>) {
        let customer =
            Customer { number: number.clone(), name: name.to_owned(), invoice_email: invoice_email.map(str::to_owned) };
        self.books.with(self.tenant, |company| company.customers.insert(number.clone(), customer));
    }

    /// Enters an agreement whose period fields the accounting system means as `reading`.
    pub fn enter_agreement(&self, agreement: Agreement, reading: Reading) {
        let number = agreement.number.clone();
        self.books.with(self.tenant, |company| company.agreements.insert(number, Contract::new(agreement, reading)));
    }

    /// Makes the agreement's next invoice, dated today.
    pub fn create(&self, number: &AgreementNumber) -> Option<InvoiceNumber> {
        let today = self.books.today();
        self.books.with(self.tenant, |company| company.create(number, today, By::Person).ok())?
    }

    /// Books an invoice.
    pub fn book(&self, number: &InvoiceNumber) -> Option<()> {
        self.books.with(self.tenant, |company| company.book(number, By::Person).ok())?
    }

    /// Sends an invoice in whatever way; it's then marked.
    pub fn send(&self, number: &InvoiceNumber) -> Option<()> {
        self.books.with(self.tenant, |company| company.mark_sent(number, By::Person).ok())?
    }

    /// Takes an invoice back.
    pub fn cancel(&self, number: &InvoiceNumber) -> Option<()> {
        self.books.with(self.tenant, |company| company.cancel(number, By::Person).ok())?
    }

    /// Changes what the agreement amounts to.
    pub fn set_total(&self, number: &AgreementNumber, total: Money) -> Option<()> {
        self.contract(number, |contract| contract.agreement.total = total)
    }

    /// Changes the agreement's period fields.
    pub fn set_period(&self, number: &AgreementNumber, period: Period) -> Option<()> {
        self.contract(number, |contract| contract.set_period(period))
    }

    /// Ends the agreement, stops it, or lets it run again.
    pub fn set_status(&self, number: &AgreementNumber, status: AgreementStatus) -> Option<()> {
        self.contract(number, |contract| contract.agreement.status = status)
    }

    /// Enters something that makes the agreement unreadable to us, or takes it out again with `None`.
    pub fn set_broken(&self, number: &AgreementNumber, problem: Option<&str>) -> Option<()> {
        self.contract(number, |contract| contract.broken = problem.map(str::to_owned))
    }

    /// The agreement on the screen.
    pub fn agreement(&self, number: &AgreementNumber) -> Option<Agreement> {
        self.contract(number, |contract| contract.agreement.clone())
    }

    fn contract<T>(&self, number: &AgreementNumber, act: impl FnOnce(&mut Contract) -> T) -> Option<T> {
        self.books.with(self.tenant, |company: &mut Company| company.agreements.get_mut(number).map(act))?
    }
}
