//! What an accounting system tells us, in the domain's terms.

use std::fmt;

use chrono::NaiveDate;
use domain::{
    agreement::Agreement,
    draft::{Contact, Draft, FoundBooked},
    ids::{AgreementNumber, CustomerNumber, DraftNumber, InvoiceNumber},
    job::observe::FoundInvoice,
    letters::{Language, address::MailAddress},
    money::Money,
    period::Period,
    settings::Channel,
};

/// An agreement that couldn't be made sense of. It's held with this text; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenAgreement {
    /// Its number.
    pub number: AgreementNumber,
    /// Whom it's for, if that can be read.
    pub customer: Option<CustomerNumber>,
    /// Which field, and what is wrong with it.
    pub problem: String,
}

/// An agreement, or why it can't be read.
pub type AgreementRow = Result<Agreement, BrokenAgreement>;

/// One page of agreements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementPage {
    /// The rows.
    pub rows: Vec<AgreementRow>,
    /// Whether more pages follow.
    pub more: bool,
    /// How many active agreements there are on all pages. Fewer than when the page before was read means that the pages moved.
    pub total: u64,
}

/// A draft that couldn't be made sense of. It's held with this text; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenDraft {
    /// Its number, if that can be read.
    pub number: Option<DraftNumber>,
    /// Which field, and what is wrong with it.
    pub problem: String,
}

/// A draft, or why it can't be read.
pub type DraftRow = Result<Draft, BrokenDraft>;

/// Some drafts, ordered by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPage {
    /// The rows.
    pub rows: Vec<DraftRow>,
    /// The number after which to go on, if more may follow.
    pub next: Option<DraftNumber>,
}

/// What a booking call answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookAnswer {
    /// The draft became this invoice: by this call, or by an earlier one with the same key.
    Booked(FoundBooked),
    /// There is no such draft: it was deleted, or booked by somebody else.
    NoSuchDraft {
        /// The accounting system's own words.
        words: String,
    },
}

/// What the creation call answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateAnswer {
    /// The invoice itself.
    Invoice(FoundInvoice),
    /// It worked, but the invoice must be looked for.
    Done,
}

/// An invoice as it stands.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks of the accounting system's own")]
pub struct Invoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Whom it's for.
    pub customer: CustomerNumber,
    /// The customer's name as printed.
    pub customer_name: String,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// When it's to be paid.
    pub due_date: Option<NaiveDate>,
    /// The period it covers, where it says one.
    pub period: Option<Period>,
    /// To pay, VAT included.
    pub total: Money,
    /// The payment reference.
    pub ocr: Option<String>,
    /// The seller's contact person.
    pub our_reference: Option<String>,
    /// The customer's contact person.
    pub your_reference: Option<String>,
    /// An address set on the invoice itself, which then wins over the customer's.
    pub email_to: Option<String>,
    /// The blind copy that is set on the invoice itself.
    pub email_bcc: Option<String>,
    /// It's in the books.
    pub booked: bool,
    /// Taken back.
    pub cancelled: bool,
    /// Marked as sent. Where the accounting system keeps no such mark ([`crate::Capabilities::keeps_sent_mark`]): false.
    pub sent: bool,
    /// It gives money back.
    pub credit: bool,
    /// The customer's contact that it's for the attention of, by number.
    pub attention: Option<u32>,
    /// The customer's contact that it names as "your reference", by number.
    pub your_contact: Option<u32>,
    /// What the invoice service asks of it.
    pub for_service: ForService,
}

/// What an invoice service asks of an invoice. Where there is no such service: nothing of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent conditions of the service's own")]
pub struct ForService {
    /// The service has it already.
    pub has_it: bool,
    /// Something is left to pay.
    pub is_unpaid: bool,
    /// It has at least one row.
    pub has_rows: bool,
    /// The customer's name, address, postcode and town stand on it.
    pub is_addressed: bool,
    /// It asks for interest.
    pub is_interest: bool,
}

/// How an invoice stands with the invoice service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceState {
    /// What the service says.
    pub standing: ServiceStanding,
    /// Which service it is, in the accounting system's own word.
    pub name: Option<String>,
    /// The payment reference that the service gave it.
    pub ocr: Option<String>,
}

/// What an invoice service says of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceStanding {
    /// It hasn't made up its mind.
    Unconfirmed,
    /// Somebody at the company has to approve it.
    NotAuthorized,
    /// It has the invoice in hand, or had and is done with it.
    TakenOn,
    /// A word that isn't known.
    Other(String),
}

impl Invoice {
    /// Whether it's with the customer, or somebody has seen to that it gets there.
    pub fn is_out(&self) -> bool {
        self.sent || self.for_service.has_it
    }
}

impl fmt::Debug for Invoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names, addresses and amounts stay out of logs.
        f.debug_struct("Invoice")
            .field("number", &self.number)
            .field("booked", &self.booked)
            .field("cancelled", &self.cancelled)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

/// Whom the accounting system itself is to mail an invoice to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressing {
    /// The recipients; never none.
    pub to: Vec<MailAddress>,
    /// The control copy. `None` leaves what the invoice says.
    pub bcc: Option<MailAddress>,
}

impl Invoice {
    /// Whether the invoice says so already.
    pub fn is_addressed(&self, wanted: &Addressing) -> bool {
        let says = |text: Option<&String>, wanted: &[MailAddress]| {
            let said = text.and_then(|text| MailAddress::parse_list(text).ok()).unwrap_or_default();
            let same = |one: &MailAddress| wanted.iter().any(|other| one.same_mailbox(other));
            said.len() == wanted.len() && said.iter().all(same)
        };
        says(self.email_to.as_ref(), &wanted.to)
            && wanted.bcc.as_ref().is_none_or(|bcc| says(self.email_bcc.as_ref(), std::slice::from_ref(bcc)))
    }
}

/// That the accounting system delivered an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// It has marked the invoice as sent by that.
    pub marked_sent: bool,
}

/// A customer, as far as a letter needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its number.
    pub number: CustomerNumber,
    /// Its name.
    pub name: String,
    /// Where its invoices go, as registered: possibly several addresses in one field.
    pub invoice_email: Option<String>,
    /// Its people, where the accounting system keeps them as such.
    pub contacts: Option<Vec<Contact>>,
    /// It must not be invoiced.
    pub barred: bool,
    /// It has an EAN: a public customer, who must get e-invoices.
    pub has_ean: bool,
    /// How its invoices are delivered unless somebody says otherwise, where the accounting system keeps that.
    pub default_delivery: DefaultDelivery,
}

/// How a customer's card says that its invoices are delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DefaultDelivery {
    /// It says nothing.
    #[default]
    Unsaid,
    /// By a channel.
    By(Channel),
    /// Somebody prints and posts them.
    ByHand,
    /// By a word that isn't known.
    Unknown(String),
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer").field("number", &self.number).finish_non_exhaustive()
    }
}

/// The company that invoices.
#[derive(Clone, PartialEq, Eq)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Bankgiro number.
    pub bankgiro: Option<String>,
    /// Plusgiro number.
    pub plusgiro: Option<String>,
    /// IBAN.
    pub iban: Option<String>,
    /// The address of the user who gave consent, where the accounting system says: that's whom a control copy goes to.
    pub user_email: Option<String>,
    /// The language of that user.
    pub language: Option<Language>,
    /// It may send e-invoices. `None`: the accounting system doesn't say.
    pub sends_einvoices: Option<bool>,
}

impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Many a company bears its owner's name, and accounts stay out of logs.
        f.debug_struct("Company").finish_non_exhaustive()
    }
}
