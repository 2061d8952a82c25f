//! What happened to a company's invoices, by whom.

use domain::{
    ids::{AgreementNumber, InvoiceNumber},
    period::Period,
};

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The pipeline.
    App,
    /// A person in the accounting system's own screens.
    Person,
}

/// What was done to an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It was made.
    Created {
        /// From this agreement.
        agreement: AgreementNumber,
        /// For these dates.
        period: Period,
    },
    /// It was booked.
    Booked,
    /// It was marked as sent. Marking it again is one more line.
    MarkedSent,
    /// It was taken back.
    Cancelled,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub by: By,
    /// Which invoice.
    pub invoice: InvoiceNumber,
    /// What.
    pub effect: Effect,
}
