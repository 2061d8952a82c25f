//! Customers (kunder) and their contacts.

use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object, Private};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::numbers::{ContactNumber, CustomerNumber, number, number_in};
use crate::pacer::Pacer;
use crate::page::{PAGE_SIZE, Page};

/// A customer. The legacy API does not tell the customer's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its number, which is given again to another customer once this one is deleted.
    pub number: CustomerNumber,
    /// Name.
    pub name: Option<Private<String>>,
    /// Mail addresses as they were typed; "several may be given, separated by a space" (e-conomic's schema).
    pub email: Option<Private<String>>,
    /// EAN number (GLN) of a public customer.
    pub ean: Option<String>,
    /// A public customer's number for purchases.
    pub public_entry_number: Option<Private<String>>,
    /// Company number (CVR), or where there is none possibly a person's.
    pub cvr: Option<Private<String>>,
    /// Whether the customer may not be invoiced.
    pub barred: bool,
    /// "Att." of new drafts.
    pub attention: Option<ContactNumber>,
    /// "Your ref." of new drafts.
    pub customer_contact: Option<ContactNumber>,
    /// Three-letter code.
    pub currency: Option<String>,
    /// Whether invoices are by default mailed although an e-invoice could be sent.
    pub e_invoicing_disabled_by_default: bool,
}

impl FromObject for Customer {
    fn from_object(customer: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            number: customer.required("customerNumber", number)?,
            name: customer.private("name")?,
            email: customer.private("email")?,
            ean: customer.text("ean")?,
            public_entry_number: customer.private("publicEntryNumber")?,
            cvr: customer.private("corporateIdentificationNumber")?,
            barred: customer.flag("barred")?.unwrap_or(false),
            attention: number_in(customer, "attention", "customerContactNumber")?,
            customer_contact: number_in(customer, "customerContact", "customerContactNumber")?,
            currency: customer.text("currency")?,
            e_invoicing_disabled_by_default: customer.flag("eInvoicingDisabledByDefault")?.unwrap_or(false),
        })
    }
}

/// A contact person of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its number.
    pub number: ContactNumber,
    /// Name.
    pub name: Option<Private<String>>,
    /// Mail address.
    pub email: Option<Private<String>>,
    /// Of what kinds of documents this contact gets copies: `invoices`, `orders`, `quotations`, `reminders`.
    pub email_notifications: Vec<String>,
    /// Whether the contact is deleted.
    pub deleted: bool,
    /// Internal notes, which are printed nowhere.
    pub notes: Option<Private<String>>,
}

impl Contact {
    /// Whether this contact gets copies of invoices.
    pub fn wants_invoices(&self) -> bool {
        self.email_notifications.iter().any(|kind| kind.eq_ignore_ascii_case("invoices"))
    }
}

impl FromObject for Contact {
    fn from_object(contact: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            number: contact.required("customerContactNumber", number)?,
            name: contact.private("name")?,
            email: contact.private("email")?,
            email_notifications: contact.texts("emailNotifications")?,
            deleted: contact.flag("deleted")?.unwrap_or(false),
            notes: contact.private("notes")?,
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// One customer; `None` only if e-conomic itself says that there is none.
    pub async fn customer(&self, customer: CustomerNumber) -> Result<Option<Customer>, Error> {
        self.document_if_any(Call::rest("customers/{customerNumber}").argument(&customer)).await
    }

    /// A customer's contacts, deleted ones included; the first thousand.
    pub async fn contacts(&self, customer: CustomerNumber) -> Result<Page<Contact>, Error> {
        let call = Call::rest("customers/{customerNumber}/contacts")
            .argument(&customer)
            .query("pagesize", PAGE_SIZE.to_string());
        self.json(call, |root| Page::read(root, "customerContactNumber")).await
    }
}
