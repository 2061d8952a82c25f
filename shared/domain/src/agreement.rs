//! An agreement as the accounting system shows it on one day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgreementNumber, CustomerNumber},
    money::Money,
    period::{Interval, Period},
};

/// Whether the accounting system lets the agreement be invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementStatus {
    /// It runs.
    Active,
    /// Kept, but not to be invoiced.
    Inactive,
    /// Ended.
    Finished,
}

/// What we need to know of an agreement to decide on it. A list row holds all of it, so deciding costs no call of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its number.
    pub number: AgreementNumber,
    /// Whom it's invoiced to.
    pub customer: CustomerNumber,
    /// Whether it runs.
    pub status: AgreementStatus,
    /// Months between two invoices.
    pub interval: Interval,
    /// The term in months, where one is registered. Running agreements may carry a left-over figure.
    pub length_months: Option<u32>,
    /// Runs until somebody ends it.
    pub continuous: bool,
    /// Invoices left; `None` where the accounting system doesn't say.
    pub remaining: Option<u32>,
    /// Date of its newest invoice, whoever made it.
    pub last_invoice_date: Option<NaiveDate>,
    /// The registered period fields. What they mean is disputed: see [`crate::due::Reading`].
    pub period: Period,
    /// What the next invoice will amount to, VAT included.
    pub total: Money,
}

/// The newest invoice of an agreement that we made or adopted, from the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastInvoice {
    /// The period it covered.
    pub period: Period,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// What it amounted to, VAT included.
    pub total: Money,
    /// The agreement's period fields just before it was made: shows afterwards whether they move.
    pub fields_before: Period,
}
