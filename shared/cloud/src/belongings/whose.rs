//! Whose an item is, and what of it is nobody's to see.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{ids::TenantId, job::Job};
use serde_json::{Map, Value};

use crate::items::{Item, get_text, read_document};

/// Attributes of connections and signal secrets that can be shown: anything else there may open something.
const OPEN: [&str; 9] = [
    "tenant",
    "secret_id",
    "auth",
    "connected_at",
    "access_token_until",
    "needs_consent",
    "needs_consent_at",
    "refreshing",
    "refreshing_since",
];

/// Whether an item of the table that `holds` such things is the tenant's.
pub(super) fn belongs(holds: &str, item: &Item, tenant: &TenantId) -> bool {
    match holds {
        "invitations" => inside(item, "invitation_document", "expected").is_some_and(|it| is(it, tenant)),
        "journal" => get_text(item, "pk").is_some_and(|pk| in_journal(pk, item, tenant)),
        _ => get_text(item, "tenant").is_some_and(|it| it == tenant.to_string()),
    }
}

fn in_journal(pk: &str, item: &Item, tenant: &TenantId) -> bool {
    let Some((kind, rest)) = pk.split_once('#') else { return false };
    match kind {
        "job" => rest.strip_prefix(&tenant.to_string()).is_some_and(|rest| rest.starts_with(':')),
        "mail" => inside(item, "mail", "tenant").is_some_and(|it| is(it, tenant)),
        // What a person did with a dead letter quotes it, and it may be about anybody.
        "letter" => inside(item, "deed", "body").and_then(|it| it.as_s().ok()).is_some_and(|body| names(body, tenant)),
        _ => rest == tenant.to_string(),
    }
}

fn is(value: &AttributeValue, tenant: &TenantId) -> bool {
    value.as_s().is_ok_and(|it| *it == tenant.to_string())
}

fn inside<'a>(item: &'a Item, document: &str, field: &str) -> Option<&'a AttributeValue> {
    let fields: &HashMap<_, _> = item.get(document)?.as_m().ok()?;
    fields.get(field)
}

/// Whether the text names just this tenant: `fortnox-1` isn't named by `fortnox-12`.
fn names(text: &str, tenant: &TenantId) -> bool {
    let tenant = tenant.to_string();
    let ends =
        |(at, _): (usize, &str)| !text[at + tenant.len()..].starts_with(|next: char| next.is_ascii_alphanumeric());
    text.match_indices(&tenant).any(ends)
}

/// Whether it's a job whose step is announced and not settled.
pub(super) fn is_in_flight(item: &Item) -> bool {
    get_text(item, "sk") == Some("job")
        && read_document::<Job>(item, "job", "reading a job").is_ok_and(|job| job.is_working() && job.has_open_intent())
}

/// The item without what is secret in it. That something is there stays to be seen.
pub(super) fn hide_secrets(holds: &str, item: Map<String, Value>) -> Map<String, Value> {
    if !matches!(holds, "connections" | "signal secrets") {
        return item;
    }
    let hide = |(name, value): (String, Value)| {
        let open = OPEN.contains(&name.as_str());
        (name, if open { value } else { Value::String("(secret, not given out)".to_owned()) })
    };
    item.into_iter().map(hide).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn item(value: Value) -> Item {
        serde_dynamo::to_item(value).unwrap()
    }

    #[test]
    fn an_item_is_its_tenants_and_nobody_elses() {
        let tenant: TenantId = "fortnox-1".parse().unwrap();
        let (yes, no) = (true, false);
        for (holds, value, whose) in [
            ("settings", json!({"tenant": "fortnox-1", "scope": "profile"}), yes),
            ("settings", json!({"tenant": "fortnox-12", "scope": "profile"}), no),
            ("connections", json!({"tenant": "fortnox-1"}), yes),
            ("invitations", json!({"invitation": "x", "invitation_document": {"expected": "fortnox-1"}}), yes),
            ("invitations", json!({"invitation": "x", "invitation_document": {"expected": null}}), no),
            ("journal", json!({"pk": "job#fortnox-1:4:2026-01-01", "sk": "event#1#1"}), yes),
            ("journal", json!({"pk": "job#fortnox-12:4:2026-01-01", "sk": "job"}), no),
            ("journal", json!({"pk": "history#fortnox-1", "sk": "4"}), yes),
            ("journal", json!({"pk": "prices#fortnox-12", "sk": "round"}), no),
            ("journal", json!({"pk": "something-new#fortnox-1", "sk": "x"}), yes),
            ("journal", json!({"pk": "mail#fp_0", "sk": "mail", "mail": {"tenant": "fortnox-1"}}), yes),
            ("journal", json!({"pk": "mail#fp_0", "sk": "mail", "mail": {"tenant": "fortnox-12"}}), no),
            ("journal", json!({"pk": "letter#scan", "sk": "x", "deed": {"body": "{\"tenant\":\"fortnox-1\"}"}}), yes),
            ("journal", json!({"pk": "letter#booking", "sk": "x", "deed": {"body": "fortnox-1:4:2026-01-01"}}), yes),
            ("journal", json!({"pk": "letter#scan", "sk": "x", "deed": {"body": "{\"tenant\":\"fortnox-12\"}"}}), no),
        ] {
            assert_eq!(belongs(holds, &item(value.clone()), &tenant), whose, "{value}");
        }
    }

    #[test]
    fn what_opens_something_is_not_given_out() {
        let connection =
            json!({"tenant": "fortnox-1", "auth": "user", "refresh_token": "geheim", "anything": "geheim"});
        let shown = Value::Object(hide_secrets("connections", connection.as_object().cloned().unwrap()));
        assert!(!shown.to_string().contains("geheim"), "{shown}");
        assert_eq!((&shown["auth"], &shown["tenant"]), (&json!("user"), &json!("fortnox-1")));
    }
}
