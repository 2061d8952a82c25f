//! What a part of the schema allows, in words.

use serde_json::Value;

/// What is allowed, as the end of "must be".
pub(in super::super) fn allowed(schema: &Value) -> String {
    if let Some(title) = schema.get("title").and_then(Value::as_str) {
        return title.to_owned();
    }
    if let Some(values) = values(schema) {
        return or(&values);
    }
    if let Some(some) = schema.get("anyOf").and_then(Value::as_array) {
        let some: Vec<String> = some.iter().filter(|one| kind(one) != Some("null")).map(allowed).collect();
        return some.join(", or ");
    }
    match kind(schema) {
        Some("boolean") => "true or false".to_owned(),
        Some("integer") => whole_number(schema),
        Some("array") => list(schema),
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("date") => "a date, such as 2026-01-31".to_owned(),
            _ => "a text".to_owned(),
        },
        _ => "a value".to_owned(),
    }
}

/// The type that isn't null.
fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(one) => Some(one),
        Value::Array(some) => some.iter().filter_map(Value::as_str).find(|one| *one != "null"),
        _ => None,
    }
}

/// The values of an enumeration, written out with or without words for each.
fn values(schema: &Value) -> Option<Vec<String>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Some(values.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    let some = schema.get("oneOf").and_then(Value::as_array)?;
    let mut all = Vec::new();
    for one in some {
        match one.get("const").and_then(Value::as_str) {
            Some(value) => all.push(value.to_owned()),
            None => all.extend(values(one)?),
        }
    }
    Some(all)
}

fn or(values: &[String]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [some @ .., last] => format!("{} or {last}", some.join(", ")),
    }
}

fn whole_number(schema: &Value) -> String {
    let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        (Some(least), None) => format!("a whole number of {least} or more"),
        _ => "a whole number".to_owned(),
    }
}

fn list(schema: &Value) -> String {
    let of = schema.get("items").map(allowed).unwrap_or_default();
    let most = schema.get("maxItems").and_then(Value::as_u64).map(|most| format!("up to {most}, "));
    format!("a list ({}each {of})", most.unwrap_or_default())
}
