//! The settings in an item, as the JSON that `domain` reads.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value};

use crate::items::Item;

/// The item's key, which is no setting.
const KEY: [&str; 2] = ["tenant", "scope"];

/// What stands for a value that no setting can have: an object with this one field. Whatever the setting's type, it's
/// refused there, by the setting's own name; as null it would pass for not set.
const NO_SETTING: &str = "a DynamoDB set or binary";

/// Everything but the key.
pub(super) fn fields(item: Item) -> Map<String, Value> {
    let settings = item.into_iter().filter(|(name, _)| !KEY.contains(&name.as_str()));
    settings.map(|(name, value)| (name, plain(value))).collect()
}

fn plain(attribute: AttributeValue) -> Value {
    match attribute {
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::N(number) => plain_number(number),
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(items) => items.into_iter().map(plain).collect(),
        AttributeValue::M(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        _ => Value::Object(Map::from_iter([(NO_SETTING.to_owned(), Value::Null)])),
    }
}

/// A whole number is a JSON number. Any other stays the text that it's stored as, which is how decimals are written: a JSON
/// number would be a binary float, with other digits than a person typed.
fn plain_number(number: String) -> Value {
    match (number.parse::<i64>(), number.parse::<u64>()) {
        (Ok(whole), _) => whole.into(),
        (_, Ok(whole)) => whole.into(),
        _ => Value::String(number),
    }
}
