//! Deciding what is due: pure, on plain dates, with no clock inside.
//!
//! [`decide`] is the one function that both preview and run use, so that what preview shows is what run does.

mod decision;
mod guards;
mod plan;
mod policy;
mod reading;
mod recurring;

pub use decision::{Decision, DuePeriod, SkipReason, Verdict};
pub use guards::DayCap;
pub(crate) use guards::over_amount;
pub use plan::decide;
pub use policy::{DuePolicy, Guards, InvoiceDateRule, Timing};
pub use reading::{Reading, ReadingChoice, ReadingReason};
pub use recurring::{RECURRING_KNOWN_FOR, must_ask_again};

#[cfg(test)]
mod properties;
