//! Companies made to measure: so many agreements or drafts that are due, each with a customer who can be reached.

pub mod danish;
pub mod swedish;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An object's fields.
fn entry(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// `value`, with what is said in `differences` instead.
fn differing(mut value: Value, differences: &Value) -> Value {
    for (name, other) in differences.as_object().into_iter().flatten() {
        value[name.as_str()] = other.clone();
    }
    value
}
