//! What really happened, as the accounting system itself wrote it down.

use chrono::NaiveDate;
use domain::ids::{AgreementNumber, DraftNumber, InvoiceNumber};

use crate::Call;

/// Who made a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The adapter under test.
    Program,
    /// A person in the accounting system's own screens, played by a check.
    Person,
}

/// What a request did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectKind {
    /// An invoice came to be.
    InvoiceCreated,
    /// An invoice went into the books.
    InvoiceBooked,
    /// An invoice was marked as sent.
    MarkedSent,
    /// The accounting system delivered an invoice by some channel of its own.
    Delivered,
    /// An access token was issued.
    TokenIssued,
    /// Anything else that changed.
    Changed,
}

/// One effect and what it struck, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What happened.
    pub kind: EffectKind,
    /// The invoice.
    pub invoice: Option<InvoiceNumber>,
    /// The agreement.
    pub agreement: Option<AgreementNumber>,
    /// The draft.
    pub draft: Option<DraftNumber>,
    /// The invoice's date.
    pub invoice_date: Option<NaiveDate>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who asked.
    pub actor: Actor,
    /// Which call it was; `None` for one that no method of the trait makes.
    pub call: Option<Call>,
    /// It was answered with "too many calls".
    pub over_rate: bool,
    /// What it did, whether or not its answer arrived.
    pub effects: Vec<Effect>,
}

/// Every request so far, in order.
#[derive(Debug, Clone)]
pub struct Ledger(pub Vec<Entry>);

impl Ledger {
    /// How many requests of this kind the program made.
    pub fn requests(&self, call: Call) -> usize {
        self.by_program().filter(|entry| entry.call == Some(call)).count()
    }

    /// The program's effects of this kind.
    pub fn effects(&self, kind: EffectKind) -> Vec<&Effect> {
        self.by_program().flat_map(|entry| &entry.effects).filter(|effect| effect.kind == kind).collect()
    }

    /// Everything that the program changed. Access tokens are none of the books.
    pub fn changes(&self) -> Vec<&Effect> {
        self.by_program()
            .flat_map(|entry| &entry.effects)
            .filter(|effect| effect.kind != EffectKind::TokenIssued)
            .collect()
    }

    /// The program's requests that were answered with "too many calls".
    pub fn over_rate(&self) -> usize {
        self.by_program().filter(|entry| entry.over_rate).count()
    }

    fn by_program(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(|entry| entry.actor == Actor::Program)
    }
}
