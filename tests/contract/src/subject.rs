//! What a system's test provides.

use std::future::Future;

use accounting::{AccountingSystem, Capabilities, Company, Customer, Invoice};
use chrono::NaiveDate;
use domain::ids::{AgreementNumber, CustomerNumber, DraftNumber, InvoiceNumber, TenantId};

use crate::Ledger;

/// An accounting system with one company that only this check uses.
///
/// What all systems have in common. One with agreements is an [`AgreementSubject`] too, and one whose drafts are booked a
/// [`DraftSubject`](crate::DraftSubject).
pub trait Subject: Sized {
    /// The adapter under test, exactly as the functions use it, its pacing included.
    type System: AccountingSystem;

    /// What the system is said to be able to do. Each claim is tried.
    const CAPABILITIES: Capabilities;

    /// A PDF may come later than its invoice: then "not found" isn't believed of one.
    const PDF_MAY_COME_LATER: bool;

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

    /// How often the adapter asked for tokens and didn't get those that it had asked for before.
    fn tokens_fetched(&self) -> usize;
}

/// A system that makes invoices from agreements.
pub trait AgreementSubject: Subject {
    /// In what such systems differ.
    const HABITS: Habits;

    /// The company's agreements.
    fn agreements(&self) -> &Agreements;
}

/// Where systems with agreements differ. A check demands the one behaviour or the other.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Repeating a creation has no second effect.
    pub idempotent_creation: bool,
    /// Whether the creation answers with the invoice.
    pub answers_with_invoice: AnswersWithInvoice,
    /// The part of the system that a company must switch on for its agreements, by the name that a person knows.
    pub feature: &'static str,
    /// Agreements in a full page.
    pub a_page: usize,
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
    /// Active agreements beyond the sample's own, where there are agreements.
    pub more_agreements: usize,
    /// Drafts beyond the sample's own, where drafts are booked.
    pub more_drafts: u32,
    /// What the creation answers with, if the system can do either.
    pub creation_answer: CreationAnswer,
}

impl Default for Scene {
    fn default() -> Self {
        Self { more_agreements: 0, more_drafts: 0, creation_answer: CreationAnswer::Invoice }
    }
}

/// What is in the company.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Invoices as the adapter should read them. The first has every field, the last as few as can be. Where invoices are booked
    /// by a call of their own, none is yet.
    pub invoices: Vec<Invoice>,
    /// Customers as the adapter should read them: with letters beyond ASCII, with and without an address, with an
    /// awkward number.
    pub customers: Vec<Customer>,
    /// The company as the adapter should read it.
    pub company: Company,
    /// A number that no document has.
    pub nowhere: &'static str,
}

/// The company's agreements.
#[derive(Debug, Clone)]
pub struct Agreements {
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
    pub active: usize,
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
    /// Writing whom the system is to mail an invoice to.
    Address,
    /// Having the system deliver an invoice, by whichever channel.
    Deliver,
    /// Handing an invoice over to the system's invoice service.
    HandOver,
    /// How an invoice stands at the invoice service.
    AtService,
    /// An invoice's PDF.
    Pdf,
    /// One customer.
    Customer,
    /// The company itself.
    Company,
    /// An access token.
    Token,
    /// A page of drafts.
    Drafts,
    /// One draft.
    Draft,
    /// The booking of a draft.
    BookDraft,
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
    /// Cancels an invoice that came of an agreement.
    Cancel(InvoiceNumber),
    /// Books an invoice that came of an agreement.
    Book(InvoiceNumber),
    /// Takes the consent back: no token is accepted or issued any more.
    RevokeConsent,
    /// Switches the [agreements feature](Habits::feature) off.
    SwitchAgreementsOff,
    /// Books a draft.
    BookDraft(DraftNumber),
    /// Deletes a draft.
    DeleteDraft(DraftNumber),
    /// Opens a draft and saves it with this difference.
    EditDraft(DraftNumber, Edit),
}

/// What a person changes on a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Nothing: it's saved as it is.
    Nothing,
    /// The recipient's name.
    Name,
    /// The recipient's street.
    Address,
    /// The free reference.
    Reference,
    /// The heading.
    Heading,
    /// The text above the lines.
    TextAbove,
    /// The text below the lines.
    TextBelow,
    /// The layout.
    Layout,
    /// The terms of payment.
    PaymentTerms,
    /// Whom it's for the attention of.
    Attention,
    /// A line's text.
    LineText,
    /// A line's product.
    Product,
    /// A line's quantity and price, so that the sum stays.
    Price,
    /// The order of its lines.
    LineOrder,
    /// The place of delivery.
    Delivery,
}

impl Edit {
    /// All that show on the invoice.
    pub const VISIBLE: [Self; 14] = [
        Self::Name,
        Self::Address,
        Self::Reference,
        Self::Heading,
        Self::TextAbove,
        Self::TextBelow,
        Self::Layout,
        Self::PaymentTerms,
        Self::Attention,
        Self::LineText,
        Self::Product,
        Self::Price,
        Self::LineOrder,
        Self::Delivery,
    ];
}
