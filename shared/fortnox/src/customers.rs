//! Customers (kunder).

use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};
use rust_decimal::Decimal;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;

/// A customer, as far as invoicing and delivering need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// The customer's number; may hold letters.
    pub customer_number: String,
    /// Name.
    pub name: Option<Private<String>>,
    /// Whether the customer is in use.
    pub active: Option<bool>,
    /// `PRIVATE` or `COMPANY`.
    pub customer_type: Option<String>,
    /// Organisation number; of a private person the personal identity number.
    pub organisation_number: Option<Private<String>>,
    /// General address for mail.
    pub email: Option<Private<String>>,
    /// Address for invoices.
    pub email_invoice: Option<Private<String>>,
    /// Copy of invoices.
    pub email_invoice_cc: Option<Private<String>>,
    /// Blind copy of invoices.
    pub email_invoice_bcc: Option<Private<String>>,
    /// How invoices are delivered by default: `PRINT`, `EMAIL`, `PRINTSERVICE`, `ELECTRONICINVOICE` or newer words. Only
    /// a default of Fortnox's screens: the API never delivers by itself.
    pub default_invoice_delivery: Option<String>,
    /// Global location number, 13 digits.
    pub gln: Option<String>,
    /// Two-letter code.
    pub country_code: Option<String>,
    /// Three-letter code.
    pub currency: Option<String>,
    /// Code of the price list.
    pub price_list: Option<String>,
    /// Code of the terms of payment.
    pub terms_of_payment: Option<String>,
    /// `SEVAT`, `SEREVERSEDVAT`, `EUREVERSEDVAT`, `EUVAT` or `EXPORT`.
    pub vat_type: Option<String>,
    /// Percent.
    pub invoice_discount: Option<Decimal>,
    /// The seller's person.
    pub our_reference: Option<Private<String>>,
    /// The customer's person, whom a letter greets.
    pub your_reference: Option<Private<String>>,
    /// Text for this customer's invoices.
    pub invoice_remark: Option<Private<String>>,
}

impl FromObject for Customer {
    fn from_object(customer: &Object<'_>) -> Result<Self, Malformed> {
        let delivery = customer.object("DefaultDeliveryTypes")?;
        Ok(Self {
            customer_number: customer.required("CustomerNumber", Object::text)?,
            name: customer.private("Name")?,
            active: customer.flag("Active")?,
            customer_type: customer.text("Type")?,
            organisation_number: customer.private("OrganisationNumber")?,
            email: customer.private("Email")?,
            email_invoice: customer.private("EmailInvoice")?,
            email_invoice_cc: customer.private("EmailInvoiceCC")?,
            email_invoice_bcc: customer.private("EmailInvoiceBCC")?,
            default_invoice_delivery: delivery.map(|types| types.text("Invoice")).transpose()?.flatten(),
            gln: customer.text("GLN")?,
            country_code: customer.text("CountryCode")?,
            currency: customer.text("Currency")?,
            price_list: customer.text("PriceList")?,
            terms_of_payment: customer.text("TermsOfPayment")?,
            vat_type: customer.text("VATType")?,
            invoice_discount: customer.decimal("InvoiceDiscount")?,
            our_reference: customer.private("OurReference")?,
            your_reference: customer.private("YourReference")?,
            invoice_remark: customer.private("InvoiceRemark")?,
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One customer.
    pub async fn customer(&self, customer_number: &str) -> Result<Customer, Error> {
        let call = Call::get("customers/{CustomerNumber}").argument(customer_number);
        self.document(call, "Customer").await
    }
}
