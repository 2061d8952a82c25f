#![doc = include_str!("../README.md")]

mod error;
mod fortnox;
mod model;

use std::future::Future;

use chrono::NaiveDate;
use domain::{
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    job::observe::FoundInvoice,
};

pub use crate::{
    error::{Error, Happened},
    fortnox::{AccessTokens, FortnoxSystem, TokenError},
    model::{AgreementPage, AgreementRow, BrokenAgreement, Company, CreateAnswer, Customer, Invoice},
};

/// What the pipeline needs of an accounting system.
///
/// Methods marked **effect** change something there. They make their call once and never again by themselves, and an error
/// says by [`Error::happened`] whether the effect is proven not to have happened.
pub trait AccountingSystem: Send + Sync {
    /// One page of the active agreements, from 1, ordered by number. Rows of a page that can't be read may stand at its
    /// end. Pages past the last are empty.
    fn agreements(&self, tenant: &TenantId, page: u32) -> impl Future<Output = Result<AgreementPage, Error>> + Send;

    /// One agreement as it is now.
    fn agreement(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
    ) -> impl Future<Output = Result<AgreementRow, Error>> + Send;

    /// **Effect**: creates the agreement's next invoice. `invoice_date` `None` leaves the date to the accounting system.
    fn create_invoice(
        &self,
        tenant: &TenantId,
        number: &AgreementNumber,
        invoice_date: Option<NaiveDate>,
    ) -> impl Future<Output = Result<CreateAnswer, Error>> + Send;

    /// The invoices that came of an agreement, dated on or after `from`, except those in `known`.
    fn invoices_of(
        &self,
        tenant: &TenantId,
        agreement: &AgreementNumber,
        customer: &CustomerNumber,
        from: NaiveDate,
        known: &[InvoiceNumber],
    ) -> impl Future<Output = Result<Vec<FoundInvoice>, Error>> + Send;

    /// One invoice as it is now.
    fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber)
    -> impl Future<Output = Result<Invoice, Error>> + Send;

    /// **Effect**: books an invoice.
    fn book(&self, tenant: &TenantId, number: &InvoiceNumber) -> impl Future<Output = Result<(), Error>> + Send;

    /// **Effect**, but the same however often it's done: marks an invoice as sent.
    fn mark_sent(&self, tenant: &TenantId, number: &InvoiceNumber) -> impl Future<Output = Result<(), Error>> + Send;

    /// The invoice as a PDF, without any effect.
    fn pdf(&self, tenant: &TenantId, number: &InvoiceNumber) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;

    /// The customer, for the letter.
    fn customer(
        &self,
        tenant: &TenantId,
        number: &CustomerNumber,
    ) -> impl Future<Output = Result<Customer, Error>> + Send;

    /// The company itself, for the letter.
    fn company(&self, tenant: &TenantId) -> impl Future<Output = Result<Company, Error>> + Send;
}
