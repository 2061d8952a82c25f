//! Amounts with their trailing zeros, which a JSON value cannot hold: they travel as marked text until the answer is
//! written.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

const MARK: char = '\u{1}';
const WRITTEN_MARK: &str = "\"\\u0001";

/// The number with exactly so many decimals.
pub(crate) fn figure(value: Decimal, decimals: u32) -> Value {
    let mut value = round(value, decimals);
    value.rescale(decimals);
    Value::String(format!("{MARK}{value}"))
}

/// Half away from zero.
pub(crate) fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// A number of a request or of ours.
pub(crate) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
        }
        Value::String(text) => text.strip_prefix(MARK)?.parse().ok(),
        _ => None,
    }
}

/// The JSON text with numbers where marked text stood.
pub(crate) fn write(value: &Value) -> String {
    let text = value.to_string();
    let mut parts = text.split(WRITTEN_MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('"').unwrap_or((part, ""));
        out.push_str(digits);
        out.push_str(rest);
    }
    out
}

/// The same value with plain text where marked text stood: for readers of the state, who want decimals exactly.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.trim_start_matches(MARK).to_owned()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}
