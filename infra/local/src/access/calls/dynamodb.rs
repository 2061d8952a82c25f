//! What IAM is asked about calls of DynamoDB, and what KMS is asked for a table that has a key of its own.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>

use serde_json::Value as Json;

use super::{Account, Call};
use crate::template::Table;

/// The partition keys that a request touches.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";
const VIA: &str = "kms:ViaService";

/// A transaction needs the rights of its parts; a batch has actions of its own.
pub(super) fn calls(account: &Account, operation: &str, body: &Json) -> Vec<Call> {
    let asked = match operation {
        "GetItem" => vec![item(account, "dynamodb:GetItem", body, "Key")],
        "PutItem" => vec![item(account, "dynamodb:PutItem", body, "Item")],
        "UpdateItem" => vec![item(account, "dynamodb:UpdateItem", body, "Key")],
        "DeleteItem" => vec![item(account, "dynamodb:DeleteItem", body, "Key")],
        "Query" => vec![query(account, body)],
        "Scan" => vec![Asked { call: Call::new("dynamodb:Scan", arn(account, body)), table: name(body) }],
        "TransactWriteItems" | "TransactGetItems" => transaction(account, body),
        "BatchGetItem" => batch(account, "dynamodb:BatchGetItem", body),
        "BatchWriteItem" => batch(account, "dynamodb:BatchWriteItem", body),
        _ => vec![Asked { call: Call::new("dynamodb:(unknown)", arn(account, body)), table: name(body) }],
    };
    let mut calls = Vec::with_capacity(asked.len());
    for Asked { call, table } in asked {
        calls.push(call);
        calls.extend(account.tables.get(table).and_then(|table| table.key.as_ref()).map(|key| decrypt(account, key)));
    }
    calls
}

struct Asked<'a> {
    call: Call,
    table: &'a str,
}

/// DynamoDB asks for the caller's right to a table's key.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html>
fn decrypt(account: &Account, key: &str) -> Call {
    let mut call =
        Call::new("kms:Decrypt", account.place.arn("kms", &format!("key/{}", key.rsplit('/').next().unwrap_or(key))));
    call.context.insert(VIA, vec![format!("dynamodb.{}.amazonaws.com", account.place.region)]);
    call
}

fn name(body: &Json) -> &str {
    body["TableName"].as_str().unwrap_or_default()
}

/// The table's, or its index's.
fn arn(account: &Account, body: &Json) -> String {
    let table = account.place.arn("dynamodb", &format!("table/{}", name(body)));
    match body["IndexName"].as_str() {
        Some(index) => format!("{table}/index/{index}"),
        None => table,
    }
}

fn item<'a>(account: &Account, action: &'static str, body: &'a Json, part: &str) -> Asked<'a> {
    let mut call = Call::new(action, arn(account, body));
    let table = name(body);
    call.context.insert(LEADING_KEYS, vec![leading(account.tables.get(table), &body[part])]);
    Asked { call, table }
}

fn transaction<'a>(account: &Account, body: &'a Json) -> Vec<Asked<'a>> {
    let parts = body["TransactItems"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |part: &'a Json| {
        let (kind, part) = part.as_object()?.iter().find(|(_, part)| part.is_object())?;
        Some(match kind.as_str() {
            "Put" => item(account, "dynamodb:PutItem", part, "Item"),
            "Update" => item(account, "dynamodb:UpdateItem", part, "Key"),
            "Delete" => item(account, "dynamodb:DeleteItem", part, "Key"),
            "ConditionCheck" => item(account, "dynamodb:ConditionCheckItem", part, "Key"),
            "Get" => item(account, "dynamodb:GetItem", part, "Key"),
            _ => item(account, "dynamodb:(unknown)", part, "Key"),
        })
    };
    parts.iter().filter_map(of).collect()
}

/// One call a table, with all keys.
fn batch<'a>(account: &Account, action: &'static str, body: &'a Json) -> Vec<Asked<'a>> {
    let of = |(table, wanted): (&'a String, &'a Json)| {
        let definition = account.tables.get(table);
        let read = wanted["Keys"].as_array().into_iter().flatten();
        let written = wanted.as_array().into_iter().flatten().flat_map(|write| {
            [write.pointer("/PutRequest/Item"), write.pointer("/DeleteRequest/Key")].into_iter().flatten()
        });
        let keys = read.chain(written).map(|key| leading(definition, key)).collect();
        let mut call = Call::new(action, account.place.arn("dynamodb", &format!("table/{table}")));
        call.context.insert(LEADING_KEYS, keys);
        Asked { call, table }
    };
    body["RequestItems"].as_object().into_iter().flatten().map(of).collect()
}

fn query<'a>(account: &Account, body: &'a Json) -> Asked<'a> {
    let table = name(body);
    let mut call = Call::new("dynamodb:Query", arn(account, body));
    let definition = account.tables.get(table);
    let hash_key = definition.and_then(|definition| match body["IndexName"].as_str() {
        Some(index) => definition.indexes.iter().find(|one| one.name == index).map(|index| &index.hash_key),
        None => Some(&definition.hash_key),
    });
    let asked = hash_key.and_then(|hash_key| equal_to(body, hash_key)).unwrap_or_default();
    call.context.insert(LEADING_KEYS, vec![asked]);
    Asked { call, table }
}

/// What the key condition wants `attribute` to be: every query of ours says `attribute = :value`, alone or before an AND.
fn equal_to(body: &Json, attribute: &str) -> Option<String> {
    let expression = body["KeyConditionExpression"].as_str()?;
    expression.split(" AND ").find_map(|part| {
        let (left, right) = part.trim().split_once('=')?;
        let left = left.trim();
        let left = body["ExpressionAttributeNames"][left].as_str().unwrap_or(left);
        (left == attribute).then(|| text(&body["ExpressionAttributeValues"][right.trim()]))
    })
}

/// The partition key of an item or a key. A table that isn't there has none, which is like no pattern but `*`.
fn leading(table: Option<&Table>, item: &Json) -> String {
    table.map(|table| text(&item[&table.hash_key])).unwrap_or_default()
}

/// `{"S": "x"}` is x.
fn text(value: &Json) -> String {
    let value = value.as_object().and_then(|value| value.values().next());
    value.and_then(Json::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::{Index, Place};

    fn account() -> Account {
        let table = |hash_key: &str, key: Option<&str>| Table {
            hash_key: hash_key.into(),
            range_key: None,
            attributes: [].into(),
            indexes: vec![Index {
                name: "wake".into(),
                hash_key: "kind".into(),
                range_key: None,
                projection: "ALL".into(),
            }],
            ttl_attribute: None,
            key: key.map(ToOwned::to_owned),
        };
        let place = Place { region: "r".into(), account: "1".into(), sqs_url: String::new() };
        let tables = [("Plain".to_owned(), table("pk", None)), ("Locked".to_owned(), table("tenant", Some("Key")))];
        Account { place, tables: tables.into(), secrets: [].into(), identity: String::new() }
    }

    /// Each as `action resource [what stands in its context]`.
    fn asked(operation: &str, body: &Json) -> Vec<String> {
        let calls = calls(&account(), operation, body);
        let shown = |call: &Call| {
            let context: Vec<&str> = call.context.values().flatten().map(String::as_str).collect();
            let resource = call.resource.trim_start_matches("arn:aws:");
            format!("{} {resource} {context:?}", call.action.trim_start_matches("dynamodb:"))
        };
        calls.iter().map(shown).collect()
    }

    #[test]
    fn a_transaction_is_its_parts() {
        let part = |key: &str| json!({"TableName": "Plain", key: {"pk": {"S": "a"}}});
        let body = json!({"TransactItems": [
            {"Put": part("Item")}, {"Update": part("Key")}, {"Delete": part("Key")}, {"ConditionCheck": part("Key")},
        ]});
        let wanted = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
            .map(|action| format!("{action} dynamodb:r:1:table/Plain [\"a\"]"));
        assert_eq!(asked("TransactWriteItems", &body), wanted);
    }

    #[test]
    fn a_query_has_the_key_that_its_condition_names() {
        let mut body = json!({
            "TableName": "Plain", "KeyConditionExpression": "#pk = :pk AND begins_with(sk, :beginning)",
            "ExpressionAttributeNames": {"#pk": "pk"}, "ExpressionAttributeValues": {":pk": {"S": "job#1"}},
        });
        assert_eq!(asked("Query", &body), ["Query dynamodb:r:1:table/Plain [\"job#1\"]"]);
        body["IndexName"] = "wake".into();
        body["KeyConditionExpression"] = "kind = :pk AND at <= :now".into();
        assert_eq!(asked("Query", &body), ["Query dynamodb:r:1:table/Plain/index/wake [\"job#1\"]"]);
    }

    #[test]
    fn a_table_with_a_key_needs_the_key_through_dynamodb() {
        let body = json!({"TableName": "Locked", "Key": {"tenant": {"S": "fortnox-1"}}});
        let wanted = [
            "GetItem dynamodb:r:1:table/Locked [\"fortnox-1\"]",
            "kms:Decrypt kms:r:1:key/Key [\"dynamodb.r.amazonaws.com\"]",
        ];
        assert_eq!(asked("GetItem", &body), wanted);
    }

    #[test]
    fn a_batch_is_one_call_a_table() {
        let body = json!({"RequestItems": {"Plain": {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}]}}});
        assert_eq!(asked("BatchGetItem", &body), ["BatchGetItem dynamodb:r:1:table/Plain [\"a\", \"b\"]"]);
    }
}
