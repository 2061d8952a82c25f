//! How large DynamoDB takes an item for.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>

use serde_json::Value;

/// Of a list or a map, and of each thing in one.
const NEST: usize = 3;
const IN_NEST: usize = 1;

/// The size in bytes: of all names and all values.
pub(super) fn of(item: &Value) -> usize {
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() + value_of(value)).sum()
}

fn value_of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        // Two digits a byte, and one more.
        Value::Number(number) => number.to_string().len().div_ceil(2) + 1,
        Value::String(text) => text.len(),
        Value::Array(values) => NEST + values.iter().map(|value| IN_NEST + value_of(value)).sum::<usize>(),
        Value::Object(fields) => {
            NEST + fields.iter().map(|(name, value)| IN_NEST + name.len() + value_of(value)).sum::<usize>()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_count_and_so_do_nests() {
        assert_eq!(of(&json!({"pk": "job#1", "n": 1234})), 2 + 5 + 1 + 3);
        assert_eq!(of(&json!({"l": ["ab", true]})), 1 + 3 + (1 + 2) + (1 + 1));
        assert_eq!(of(&json!({"m": {"a": "b"}})), 1 + 3 + (1 + 1 + 1));
    }
}
