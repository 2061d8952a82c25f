//! How one written field is read: limits, leniency, and what an empty text means.

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::number;
use super::super::refusal::{Refusal, code};
use super::{Field, Kind, Record, Stored, UnknownFields};

/// The word that clears a field in a PUT (source: a client library's constant).
const CLEARS: &str = "API_BLANK";

/// What a write means for one field.
pub(super) enum Change {
    Keep,
    Clear,
    Set(Stored),
}

/// Reads one field of a write. `old` is what the field holds now.
pub(super) fn read(
    field: &Field,
    old: Option<&Stored>,
    value: &Value,
    unknown: UnknownFields,
) -> Result<Change, Refusal> {
    if let Kind::Group(fields) = field.kind {
        return read_group(field, fields, old, value, unknown);
    }
    match value {
        // Recorded: an empty text in a PUT leaves the old value. That null does the same is an assumption.
        Value::Null => return Ok(Change::Keep),
        Value::String(text) if text.is_empty() => return Ok(Change::Keep),
        Value::String(text) if text == CLEARS => return Ok(Change::Clear),
        _ => {}
    }
    let stored = match field.kind {
        Kind::Text(max) => Stored::Text(read_text(field.name, max, value)?),
        Kind::Number | Kind::NumberText => {
            Stored::Number(number::round2(number::from_json(value).ok_or_else(|| not_numeric(field.name))?))
        }
        Kind::Int(low, high) => Stored::Number(read_int(field.name, low, high, value)?),
        Kind::Flag => Stored::Flag(read_flag(field.name, value)?),
        Kind::Date => Stored::Date(
            value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| Refusal::parameter(field.name))?,
        ),
        Kind::OneOf(words) => Stored::Text(
            value
                .as_str()
                .filter(|word| words.contains(word))
                .ok_or_else(|| Refusal::parameter(field.name))?
                .to_owned(),
        ),
        Kind::Group(_) => return Ok(Change::Keep),
    };
    Ok(Change::Set(stored))
}

fn read_group(
    field: &Field,
    fields: &'static [Field],
    old: Option<&Stored>,
    value: &Value,
    unknown: UnknownFields,
) -> Result<Change, Refusal> {
    let Value::Object(input) = value else {
        return if value.is_null() { Ok(Change::Keep) } else { Err(Refusal::parameter(field.name)) };
    };
    let mut group = match old {
        Some(Stored::Group(group)) => group.clone(),
        _ => Record::new(fields),
    };
    group.apply(input, unknown)?;
    Ok(Change::Set(Stored::Group(group)))
}

fn read_text(name: &str, max: usize, value: &Value) -> Result<String, Refusal> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Refusal::parameter(name)),
    };
    if text.chars().count() > max {
        return Err(Refusal::invalid(code::TOO_LONG, format!("Värdet i fältet {name} är för långt.")));
    }
    if text.chars().any(is_illegal) {
        return Err(Refusal::invalid(code::ILLEGAL_CHARACTERS, format!("Fältet {name} innehåller ogiltiga tecken.")));
    }
    Ok(text)
}

/// Control characters and emoji; where Fortnox's white list really ends is not documented.
fn is_illegal(c: char) -> bool {
    const FIRST_SYMBOL: char = '\u{2600}';
    const LAST_SYMBOL: char = '\u{27BF}';
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    control || (FIRST_SYMBOL..=LAST_SYMBOL).contains(&c) || c > '\u{FFFF}'
}

fn read_int(name: &str, low: i64, high: i64, value: &Value) -> Result<Decimal, Refusal> {
    number::from_json(value)
        .filter(|n| n.is_integer() && *n >= Decimal::from(low) && *n <= Decimal::from(high))
        .ok_or_else(|| not_numeric(name))
}

fn read_flag(name: &str, value: &Value) -> Result<bool, Refusal> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err(Refusal::invalid(code::NOT_BOOLEAN, format!("Fältet {name} måste vara sant eller falskt."))),
    }
}

fn not_numeric(name: &str) -> Refusal {
    Refusal::invalid(code::NOT_NUMERIC, format!("Fältet {name} måste vara numeriskt."))
}
