#![doc = include_str!("../README.md")]

mod capabilities;
mod economic;
mod error;
mod fortnox;
mod model;
mod pricing;
mod systems;

use std::future::{Future, ready};

use chrono::NaiveDate;
use domain::{
    draft::FoundBooked,
    ids::{AgreementNumber, CustomerNumber, DraftNumber, InvoiceNumber, TenantId},
    job::observe::FoundInvoice,
    preflight::{CompanyFacts, Fact, Recurring},
    settings::{Channel, ServiceSendMethod, Wants},
};

pub use crate::{
    capabilities::{Capabilities, Rate},
    economic::{EconomicSystem, Grant, Grants},
    error::{Error, Happened},
    fortnox::{AccessTokens, FortnoxSystem, TokenError},
    model::{
        Addressing, AgreementPage, AgreementRow, BookAnswer, BrokenAgreement, BrokenDraft, Company, CreateAnswer,
        Customer, DefaultDelivery, Delivery, DraftPage, DraftRow, ForService, Invoice, ServiceStanding, ServiceState,
    },
    pricing::{PricedDocument, Pricing, RowPrice, Touched},
    systems::Systems,
};

/// What the pipeline needs of an accounting system.
///
/// Methods marked **effect** change something there. They make their call once and never again by themselves, and an error
/// says by [`Error::happened`] whether the effect is proven not to have happened.
///
/// A system that has no agreements, or no drafts, leaves those methods out: whoever calls them all the same is refused.
/// [`Capabilities`] tells beforehand.
pub trait AccountingSystem: Send + Sync {
    /// One page of the active agreements, from 1, ordered by number. Rows of a page that can't be read may stand at its
    /// end. Pages past the last are empty.
    fn agreements(&self, _tenant: &TenantId, _page: u32) -> impl Future<Output = Result<AgreementPage, Error>> + Send {
        ready(Err(Error::unknown_here("agreements")))
    }

    /// One agreement as it is now.
    fn agreement(
        &self,
        _tenant: &TenantId,
        _number: &AgreementNumber,
    ) -> impl Future<Output = Result<AgreementRow, Error>> + Send {
        ready(Err(Error::unknown_here("agreements")))
    }

    /// Whom the accounting system invoices by itself, beside the agreements. A no is a fact: the connection may not ask, or there
    /// is no such thing. An error means that nobody knows.
    fn recurring(&self, _tenant: &TenantId) -> impl Future<Output = Result<Fact<Recurring>, Error>> + Send {
        ready(Ok(Fact::NotAsked { why: "it makes no invoices by itself".to_owned() }))
    }

    /// **Effect**: creates the agreement's next invoice. `invoice_date` `None` leaves the date to the accounting system.
    fn create_invoice(
        &self,
        _tenant: &TenantId,
        _number: &AgreementNumber,
        _invoice_date: Option<NaiveDate>,
    ) -> impl Future<Output = Result<CreateAnswer, Error>> + Send {
        ready(Err(Error::unknown_here("agreements")))
    }

    /// The invoices that came of an agreement, dated on or after `from`, except those in `known`.
    fn invoices_of(
        &self,
        _tenant: &TenantId,
        _agreement: &AgreementNumber,
        _customer: &CustomerNumber,
        _from: NaiveDate,
        _known: &[InvoiceNumber],
    ) -> impl Future<Output = Result<Vec<FoundInvoice>, Error>> + Send {
        ready(Err(Error::unknown_here("agreements")))
    }

    /// One invoice as it is now.
    fn invoice(&self, tenant: &TenantId, number: &InvoiceNumber)
    -> impl Future<Output = Result<Invoice, Error>> + Send;

    /// **Effect**: books an invoice that came of an agreement.
    fn book(&self, _tenant: &TenantId, _number: &InvoiceNumber) -> impl Future<Output = Result<(), Error>> + Send {
        ready(Err(Error::unknown_here("invoices that aren't booked")))
    }

    /// **Effect**, but the same however often it's done: marks an invoice as sent.
    fn mark_sent(&self, _tenant: &TenantId, _number: &InvoiceNumber) -> impl Future<Output = Result<(), Error>> + Send {
        ready(Err(Error::unknown_here("marks on sent invoices")))
    }

    /// **Effect**, but the same however often it's done: writes on an invoice whom the accounting system is to mail it to.
    fn address(
        &self,
        _tenant: &TenantId,
        _number: &InvoiceNumber,
        _to: &Addressing,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        ready(Err(Error::unknown_here("recipients on invoices")))
    }

    /// **Effect**: has the accounting system deliver an invoice by `channel`, which must be one of
    /// [`Capabilities::delivers_by`]. Each call delivers it once more.
    fn deliver(
        &self,
        _tenant: &TenantId,
        _number: &InvoiceNumber,
        channel: Channel,
    ) -> impl Future<Output = Result<Delivery, Error>> + Send {
        ready(Err(Error::unknown_here(channel.name())))
    }

    /// **Effect**: hands an invoice over to the accounting system's invoice service ([`Capabilities::has_invoice_service`]), which
    /// sends it so and charges for it. Each call may hand it over once more.
    fn hand_over(
        &self,
        _tenant: &TenantId,
        _number: &InvoiceNumber,
        _send_by: ServiceSendMethod,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        ready(Err(Error::unknown_here("invoice service")))
    }

    /// How an invoice stands with the invoice service. `None`: the service doesn't show that it has it.
    fn at_service(
        &self,
        _tenant: &TenantId,
        _number: &InvoiceNumber,
    ) -> impl Future<Output = Result<Option<ServiceState>, Error>> + Send {
        ready(Err(Error::unknown_here("invoice service")))
    }

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

    /// Drafts with a number over `after`, ordered by number, without their lines. Read by number and not by page, so that
    /// none is passed over when others disappear in between.
    fn drafts(
        &self,
        _tenant: &TenantId,
        _after: Option<DraftNumber>,
    ) -> impl Future<Output = Result<DraftPage, Error>> + Send {
        ready(Err(Error::unknown_here("drafts")))
    }

    /// One draft as it is now, or `None` if there is proof that there is none.
    fn draft(
        &self,
        _tenant: &TenantId,
        _number: DraftNumber,
    ) -> impl Future<Output = Result<Option<DraftRow>, Error>> + Send {
        ready(Err(Error::unknown_here("drafts")))
    }

    /// Those of the drafts that the subscription run made.
    fn subscription_drafts(
        &self,
        _tenant: &TenantId,
        _among: &[DraftNumber],
    ) -> impl Future<Output = Result<Vec<DraftNumber>, Error>> + Send {
        ready(Err(Error::unknown_here("drafts")))
    }

    /// The request that books a draft and has it sent by `send_by`, byte for byte. No call.
    fn booking_request(&self, _tenant: &TenantId, _number: DraftNumber, _send_by: Channel) -> Result<String, Error> {
        Err(Error::unknown_here("drafts"))
    }

    /// **Effect**: books a draft. The same `request` with the same `key` is booked once, for as long as
    /// [`Capabilities::booking_key_lives`].
    fn book_draft(
        &self,
        _tenant: &TenantId,
        _request: &str,
        _key: &str,
    ) -> impl Future<Output = Result<BookAnswer, Error>> + Send {
        ready(Err(Error::unknown_here("drafts")))
    }

    /// The customer's booked invoices dated on or after `from`.
    fn booked_since(
        &self,
        _tenant: &TenantId,
        _customer: &CustomerNumber,
        _from: NaiveDate,
    ) -> impl Future<Output = Result<Vec<FoundBooked>, Error>> + Send {
        ready(Err(Error::unknown_here("drafts")))
    }

    /// Whether `date` may be booked on, as far as can be told beforehand.
    fn is_open_period(
        &self,
        _tenant: &TenantId,
        _date: NaiveDate,
    ) -> impl Future<Output = Result<Option<bool>, Error>> + Send {
        ready(Ok(None))
    }

    /// What can be told of the company beforehand, for its pre-flight: what the connection covers, what booking and delivering
    /// depend on. Reads only. What the accounting system refuses is a fact and no error; an error means that nobody knows.
    fn company_facts(
        &self,
        tenant: &TenantId,
        wants: &Wants,
        today: NaiveDate,
    ) -> impl Future<Output = Result<CompanyFacts, Error>> + Send;
}
