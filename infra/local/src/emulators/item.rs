//! DynamoDB's typed attributes (`{"S": "x"}`) as plain JSON, and back.

use serde_json::{Map, Value as Json, json};

/// The attributes of an item given as a plain object.
pub(super) fn typed_attributes(plain: &Json) -> Json {
    match plain {
        Json::Object(object) => Json::Object(typed_map(object)),
        // Not an item: DynamoDB says so itself.
        other => other.clone(),
    }
}

/// An item as a plain object.
pub(super) fn plain_attributes(typed: &Json) -> Json {
    match typed {
        Json::Object(object) => object.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

fn typed_map(object: &Map<String, Json>) -> Map<String, Json> {
    object.iter().map(|(name, value)| (name.clone(), typed(value))).collect()
}

fn typed(plain: &Json) -> Json {
    match plain {
        Json::Null => json!({"NULL": true}),
        Json::Bool(flag) => json!({"BOOL": flag}),
        Json::Number(number) => json!({"N": number.to_string()}),
        Json::String(text) => json!({"S": text}),
        Json::Array(items) => json!({"L": items.iter().map(typed).collect::<Vec<_>>()}),
        Json::Object(object) => json!({"M": typed_map(object)}),
    }
}

/// Whole numbers become JSON numbers. Others stay text: as JSON numbers they would be rounded to binary floats.
fn plain(typed: &Json) -> Json {
    let Some((kind, value)) = typed.as_object().and_then(|object| object.iter().next()) else {
        return typed.clone();
    };
    match (kind.as_str(), value) {
        ("NULL", _) => Json::Null,
        ("N", Json::String(number)) => number.parse::<i64>().map_or_else(|_| value.clone(), Json::from),
        ("L", Json::Array(items)) => items.iter().map(plain).collect(),
        ("M", object) => plain_attributes(object),
        (_, value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_comes_back_as_it_was_put() {
        let item = json!({"pk": "a", "count": 3, "open": true, "none": null, "rows": [{"price": "1.10"}, "x", 2]});
        assert_eq!(plain_attributes(&typed_attributes(&item)), item);
    }

    #[test]
    fn a_decimal_keeps_every_digit() {
        assert_eq!(
            plain_attributes(&json!({"total": {"N": "1234567890123456.78"}})),
            json!({"total": "1234567890123456.78"})
        );
    }
}
