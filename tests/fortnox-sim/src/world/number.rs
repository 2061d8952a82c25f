//! Decimals in and out of JSON, and Fortnox's rounding.
//!
//! `serde_json` keeps a fractional number as a double, but reads and writes its shortest text form, which is exact
//! up to 15 digits. Every calculation happens on [`Decimal`], and money at Fortnox has two decimals: amounts up to
//! ten thousand billion come through unchanged.

use std::str::FromStr as _;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value};

/// Fortnox stores prices and quantities with two decimals.
const STORED_DECIMALS: u32 = 2;

/// Two decimals, half up: 1.125 becomes 1.13 (recorded). For negative amounts half goes away from zero, so that a credit
/// note cancels its invoice to the öre; that part is an assumption.
pub(crate) fn round2(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(STORED_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
}

/// Whole units of the currency, half up.
pub(crate) fn round_whole(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
}

/// A JSON number; without a decimal point when there are no decimals, as Fortnox writes it.
pub(crate) fn to_json(value: Decimal) -> Value {
    // A decimal's plain text is always a JSON number; null would only show a defect of ours.
    Number::from_str(&value.normalize().to_string()).map_or(Value::Null, Value::Number)
}

/// A number written as a number or as text.
pub(crate) fn from_json(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => from_text(&number.to_string()),
        Value::String(text) => from_text(text),
        _ => None,
    }
}

/// A number in text form.
pub(crate) fn from_text(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}
