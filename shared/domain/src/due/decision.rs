//! What the planner says of one agreement on one day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::reading::{Reading, ReadingReason};
use crate::{
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber},
    money::Money,
    period::Period,
};

/// A period to invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuePeriod {
    /// The dates the invoice covers.
    pub period: Period,
    /// The day it became due.
    pub due_on: NaiveDate,
    /// The date to print; `None` leaves it to the accounting system.
    pub invoice_date: Option<NaiveDate>,
    /// What it's expected to amount to.
    pub total: Money,
    /// Further periods of the agreement that are due too, to be invoiced after this one.
    pub more_due: u32,
}

/// Why an agreement isn't invoiced, with nothing for anybody to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SkipReason {
    /// The accounting system shows it as not active.
    Inactive,
    /// It has ended.
    Finished,
    /// Its last invoice has been made.
    NoneRemaining,
    /// Its settings say that we don't invoice it.
    SwitchedOff,
    /// The registered period was invoiced already.
    AlreadyInvoiced,
}

impl SkipReason {
    /// In words.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Inactive => "the agreement is inactive",
            Self::Finished => "the agreement has ended",
            Self::NoneRemaining => "no invoices remain on the agreement",
            Self::SwitchedOff => "automatic invoicing is switched off for it",
            Self::AlreadyInvoiced => "its registered period has been invoiced",
        }
    }
}

/// The decision itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Invoice this period now.
    Due(DuePeriod),
    /// Its next period isn't due yet.
    NotYet {
        /// The next period.
        next: Period,
        /// The day it will be due.
        due_on: NaiveDate,
    },
    /// Nothing to do, and why.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
    /// Due, or perhaps due, but a person must look first.
    Held {
        /// The period in question, where it's known.
        due: Option<DuePeriod>,
        /// Why.
        reason: HoldReason,
    },
}

/// What was decided of one agreement on one day, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which agreement.
    pub agreement: AgreementNumber,
    /// Its customer; `None` where the agreement couldn't be read.
    pub customer: Option<CustomerNumber>,
    /// How its period fields were read; `None` where that didn't matter.
    pub reading: Option<Reading>,
    /// Why they were read so.
    pub reading_reason: Option<ReadingReason>,
    /// The decision.
    #[serde(flatten)]
    pub verdict: Verdict,
}
