//! What a system's test provides.

use std::future::Future;

use accounting::{AccountingSystem, Company, Customer, Invoice};
use chrono::NaiveDate;
use domain::ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId};

use crate::Ledger;

/// An accounting system with one company that only this check uses.
pub trait Subject: Sized {
    /// The adapter under test, exactly as the functions use it, its pacing included.
    type System: AccountingSystem;

    /// What this system can do.
    const CAPABILITIES: Capabilities;

    /// Starts it with the sample company.
    fn open(scene: Scene) -> impl Future<Output = Self>;

    /// The adapter under test.
    fn system(&self) -> &Self::System;

    /// The company.
    fn tenant(&self) -> TenantId;

    /// What is in the company.
    fn sample(&self) -> &Sample;

    /// Makes the next such call of the program go wrong.
    fn fail_next(&self, call: Call, fault: Fault);

    /// Acts as a person would. Answers the number of the invoice that came to be, if one did.
    fn by_hand(&self, deed: Deed) -> Option<InvoiceNumber>;

    /// What really happened so far.
    fn ledger(&self) -> Ledger;
}

/// Where accounting systems differ. A check demands the one behaviour or the other.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// Its agreements can be listed and invoiced. Else there are none, and creating is refused without a call.
    pub creates_from_agreements: bool,
    /// Repeating a creation has no second effect.
    pub idempotent_creation: bool,
    /// Whether the creation answers with the invoice.
    pub answers_with_invoice: AnswersWithInvoice,
    /// Invoices can be marked as sent. Else marking is refused and changes nothing.
    pub marks_sent: bool,
    /// The part of the system that a company must switch on for its agreements, by the name that a person knows.
    pub agreements_feature: Option<&'static str>,
    /// Agreements in a full page.
    pub agreements_a_page: usize,
}

/// Whether the creation answers with the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswersWithInvoice {
    /// Each time.
    Always,
    /// Both are possible, and the adapter must cope.
    Sometimes,
    /// It must always be looked for.
    Never,
}

impl AnswersWithInvoice {
    /// The answers that checks are run with.
    pub fn possible(self) -> &'static [CreationAnswer] {
        match self {
            Self::Always => &[CreationAnswer::Invoice],
            Self::Sometimes => &[CreationAnswer::Invoice, CreationAnswer::NoInvoice],
            Self::Never => &[CreationAnswer::NoInvoice],
        }
    }
}

/// What the creation answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreationAnswer {
    /// The new invoice.
    Invoice,
    /// Something else.
    NoInvoice,
}

/// How the company is to be.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Active agreements beyond the sample's own.
    pub more_agreements: usize,
    /// What the creation answers with, if the system can do either.
    pub creation_answer: CreationAnswer,
}

impl Default for Scene {
    fn default() -> Self {
        Self { more_agreements: 0, creation_answer: CreationAnswer::Invoice }
    }
}

/// What is in the company.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The company's date when it opens.
    pub today: NaiveDate,
    /// An active agreement without any invoice yet. Its customer's number is a part of [`lookalike`](Self::lookalike)'s.
    pub agreement: AgreementNumber,
    /// Its customer.
    pub customer: CustomerNumber,
    /// Another active agreement of the same customer.
    pub sibling: AgreementNumber,
    /// An active agreement of a customer whose number contains the other's.
    pub lookalike: AgreementNumber,
    /// Active agreements that differ in all that the planner looks at.
    pub varied: Vec<AgreementNumber>,
    /// An active agreement with nonsense in it.
    pub broken: AgreementNumber,
    /// Agreements that are ended or switched off.
    pub inactive: Vec<AgreementNumber>,
    /// All active agreements, the broken one included.
    pub active_agreements: usize,
    /// Invoices as the adapter should read them, neither booked nor sent. The first has every field, the last as few as
    /// can be.
    pub invoices: Vec<Invoice>,
    /// Customers as the adapter should read them: with letters beyond ASCII, with and without an address, with an
    /// awkward number.
    pub customers: Vec<Customer>,
    /// The company as the adapter should read it.
    pub company: Company,
    /// A number that no document has.
    pub nowhere: &'static str,
}

/// One kind of request that the adapter makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A page of agreements.
    Agreements,
    /// One agreement.
    Agreement,
    /// The creation of an invoice.
    CreateInvoice,
    /// A page of invoices.
    Invoices,
    /// One invoice.
    Invoice,
    /// Booking.
    Book,
    /// Marking as sent.
    MarkSent,
    /// An invoice's PDF.
    Pdf,
    /// One customer.
    Customer,
    /// The company itself.
    Company,
    /// An access token.
    Token,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It's carried out, and the connection breaks before the answer.
    AnswerCut,
    /// It's carried out, and no answer comes until the client gives up.
    AnswerNever,
    /// It's carried out, and the answer is a failure of the server's.
    AnswerFailure,
    /// It's carried out, and the answer says so by its status and is nonsense otherwise.
    AnswerGarbled,
    /// The connection breaks before anything is done.
    NotReached,
    /// Refused for good, with these words.
    Refused(&'static str),
    /// Refused for being one too many.
    RateLimited,
    /// Its access token isn't accepted.
    TokenDead,
}

impl Fault {
    /// All ways in which an effect happens and its answer is lost.
    pub const LOST_ANSWERS: [Self; 4] = [Self::AnswerCut, Self::AnswerNever, Self::AnswerFailure, Self::AnswerGarbled];
}

/// What a person does by hand.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Invoices an agreement.
    CreateInvoice(AgreementNumber),
    /// Cancels an invoice.
    Cancel(InvoiceNumber),
    /// Books an invoice.
    Book(InvoiceNumber),
    /// Takes the consent back: no token is accepted or issued any more.
    RevokeConsent,
    /// Switches the [agreements feature](Capabilities::agreements_feature) off.
    SwitchAgreementsOff,
}
