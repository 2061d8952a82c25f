//! What an agreement's period fields mean.
//!
//! Fortnox documents neither reading (fact sheet 5.7, open question 0), so both are here, and `auto` tells them apart by
//! the agreement itself. Where it can't, and the two would act differently, a person decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    agreement::{Agreement, LastInvoice},
    period::Period,
};

/// One way to read the period fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// M1: they are the next period to invoice, and move on with each invoice.
    NextPeriod,
    /// M2: they are the whole term; what is invoiced follows from start, interval and the invoices made.
    WholeTerm,
}

/// The setting: one reading, or find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingChoice {
    /// Tell by the agreement.
    Auto,
    /// Always [`Reading::NextPeriod`].
    NextPeriod,
    /// Always [`Reading::WholeTerm`].
    WholeTerm,
}

/// Why a reading was taken; shown in preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingReason {
    /// The settings say so.
    Chosen,
    /// The fields moved when we made the last invoice.
    FieldsMoved,
    /// The fields stood still when we made the last invoice.
    FieldsStood,
    /// The fields span just one interval.
    SpanIsInterval,
    /// The fields span the agreement's length, which is longer than its interval.
    SpanIsLength,
    /// The fields span two whole intervals or more.
    SpanIsManyIntervals,
    /// Interval and length are the same, so the fields fit both readings.
    FitsBoth,
    /// The fields span neither the interval nor the length.
    FitsNeither,
}

impl ReadingReason {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Chosen => "the settings say so",
            Self::FieldsMoved => "its period moved on when the last invoice was made",
            Self::FieldsStood => "its period stood still when the last invoice was made",
            Self::SpanIsInterval => "its period is one interval long",
            Self::SpanIsLength => "its period is as long as the agreement",
            Self::SpanIsManyIntervals => "its period is two intervals long or more",
            Self::FitsBoth => "its period fits both readings",
            Self::FitsNeither => "its period is neither one interval nor the agreement's length",
        }
    }
}

/// The readings that `agreement` allows, and why.
pub(super) fn readings(
    choice: ReadingChoice,
    agreement: &Agreement,
    last: Option<&LastInvoice>,
) -> (&'static [Reading], ReadingReason) {
    match choice {
        ReadingChoice::NextPeriod => (&[Reading::NextPeriod], ReadingReason::Chosen),
        ReadingChoice::WholeTerm => (&[Reading::WholeTerm], ReadingReason::Chosen),
        ReadingChoice::Auto => detect(agreement, last),
    }
}

fn detect(agreement: &Agreement, last: Option<&LastInvoice>) -> (&'static [Reading], ReadingReason) {
    const NEXT: &[Reading] = &[Reading::NextPeriod];
    const TERM: &[Reading] = &[Reading::WholeTerm];
    const BOTH: &[Reading] = &[Reading::NextPeriod, Reading::WholeTerm];

    // What the accounting system did before our eyes outweighs every guess.
    if let Some(last) = last {
        if one_interval_on(agreement, last.fields_before) {
            return (NEXT, ReadingReason::FieldsMoved);
        }
        let invoice_counted = agreement.last_invoice_date.is_some_and(|date| date >= last.invoice_date);
        if agreement.period == last.fields_before && invoice_counted {
            return (TERM, ReadingReason::FieldsStood);
        }
    }
    let interval = agreement.interval.months();
    let length = agreement.length_months.filter(|length| *length > 0);
    let one_interval = agreement.period.is_months(interval);
    match length {
        Some(length) if one_interval && length == interval => (BOTH, ReadingReason::FitsBoth),
        _ if one_interval => (NEXT, ReadingReason::SpanIsInterval),
        Some(length) if length > interval && agreement.period.is_months(length) => (TERM, ReadingReason::SpanIsLength),
        _ if spans_many(agreement) => (TERM, ReadingReason::SpanIsManyIntervals),
        _ => (BOTH, ReadingReason::FitsNeither),
    }
}

/// Whether the fields now stand one interval after `before`. A month end may have been clamped on the way.
fn one_interval_on(agreement: &Agreement, before: Period) -> bool {
    agreement.period.start() > before.start()
        && Period::nth(before.start(), agreement.interval, 1)
            .is_some_and(|next| agreement.period.start() == next.start() || next.overlaps(&agreement.period))
}

/// Whether the fields hold at least two whole intervals: too long for one invoice's period.
fn spans_many(agreement: &Agreement) -> bool {
    Period::nth(agreement.period.start(), agreement.interval, 1)
        .is_some_and(|second| agreement.period.end() >= second.end())
}
