//! The newer surface, read only: drafts by number, contacts, subscribers.

use serde_json::{Value, json};
use sim_kit::Method;

use super::agreement::{Agreement, Reply, parse};
use super::call::Call;
use super::draft::Draft;
use super::list;
use super::refusal::Refusal;
use super::register::contacts;

const CONTACT_FIELDS: &[&str] = &["number", "customerNumber", "name", "email", "lastUpdated"];
const DRAFT_FIELDS: &[&str] = &["number", "draftInvoiceNumber", "customerNumber"];
const SUBSCRIBER_FIELDS: &[&str] = &["number", "customerNumber", "subscriptionNumber"];

/// Whether a path belongs to it: errors look different there.
pub(crate) fn is_here(path: &str) -> bool {
    ["/q2capi/", "/customersapi/", "/subscriptionsapi/"].iter().any(|start| path.starts_with(start))
}

pub(crate) fn route(agreement: &Agreement, call: &Call<'_>) -> Result<Reply, Refusal> {
    if call.method != Method::Get {
        return Err(Refusal::new(405, None, "Method not allowed."));
    }
    match call.path().as_slice() {
        ["q2capi", "v5.3.0", "invoices", "drafts", rest @ ..] => drafts(agreement, call, rest),
        ["customersapi", "v3.1.0", "Contacts", rest @ ..] => {
            let all = agreement.customers.iter();
            let all = all.flat_map(|(number, customer)| contacts(*number, customer, ""));
            listed(call, rest, all.map(|one| contact(&one)).collect(), CONTACT_FIELDS)
        }
        ["subscriptionsapi", "v6.0.3", resource, rest @ ..] if resource.eq_ignore_ascii_case("subscribers") => {
            let all = agreement.subscribers.iter().cloned().map(Value::Object).collect();
            listed(call, rest, all, SUBSCRIBER_FIELDS)
        }
        _ => Err(Refusal::not_found()),
    }
}

fn drafts(agreement: &Agreement, call: &Call<'_>, rest: &[&str]) -> Result<Reply, Refusal> {
    let by_id = |id: &str| {
        let id = parse(id)?;
        agreement.drafts.values().find(|one| one.handle == id).ok_or_else(Refusal::not_found)
    };
    match rest {
        [] | ["paged" | "count"] => listed(call, rest, agreement.drafts.values().map(draft).collect(), DRAFT_FIELDS),
        [id] => Ok(Reply::ok(draft(by_id(id)?))),
        [id, "lines"] => Ok(Reply::ok(json!({"items": by_id(id)?.lines()}))),
        _ => Err(Refusal::not_found()),
    }
}

fn listed(call: &Call<'_>, rest: &[&str], all: Vec<Value>, fields: &[&str]) -> Result<Reply, Refusal> {
    match rest {
        [] => list::cursor(call, None, all, fields).map(Reply::ok),
        [kind @ ("paged" | "count")] => list::cursor(call, Some(kind), all, fields).map(Reply::ok),
        _ => Err(Refusal::not_found()),
    }
}

/// `number` is the internal id, not the number that users see.
fn draft(draft: &Draft) -> Value {
    json!({
        "number": draft.handle, "draftInvoiceNumber": draft.number, "customerNumber": draft.customer(),
        "customerName": draft.part("recipient")["name"], "date": format!("{}T00:00:00", draft.text("date")),
        "currencyCode": draft.text("currency"), "layoutNumber": draft.whole("layout", "layoutNumber"),
        "otherReference": draft.part("references")["other"], "heading": draft.part("notes")["heading"],
        "lastUpdated": draft.last_updated, "objectVersion": draft.last_updated.timestamp().to_string(),
    })
}

fn contact(contact: &Value) -> Value {
    let receives = |what: &str| contact["emailNotifications"].as_array().is_some_and(|all| all.contains(&json!(what)));
    json!({
        "number": contact["customerContactNumber"], "customerNumber": contact["customer"]["customerNumber"],
        "name": contact["name"], "email": contact["email"], "notes": contact["notes"],
        "receiveInvoices": receives("invoices"), "receiveOrders": receives("orders"),
        "receiveEInvoices": contact["eInvoiceId"].is_string(), "isDeleted": contact["deleted"] == json!(true),
    })
}
