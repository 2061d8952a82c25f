//! What is special about e-conomic's requests.

use economic_sim::{FaultAnswer, Method, SimRequest};
use serde_json::json;

use crate::{far::Ways, faults::Call};

pub(super) const WAYS: Ways =
    Ways { call, refused: |words| refusal(400, "E04300", words), blocked: |words| refusal(403, "E03040", words) };

fn refusal(status: u16, code: &str, words: &str) -> FaultAnswer {
    let body = json!({"message": words, "errorCode": code, "httpStatusCode": status}).to_string();
    FaultAnswer { status, body, content_type: "application/json; charset=utf-8".to_owned() }
}

/// Which call of the trait a request belongs to, by what it's for.
fn call(request: &SimRequest) -> Call {
    let path: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method, &path[..]) {
        (Method::Get, ["invoices", "drafts"]) => Call::Drafts,
        (Method::Get, ["invoices", "drafts", ..]) => Call::Draft,
        (Method::Get, ["invoices", "booked"]) => Call::BookedSince,
        (Method::Get, ["invoices", "booked", _, "pdf"]) => Call::Pdf,
        (Method::Get, ["invoices", ..]) => Call::Invoice,
        (_, ["invoices", ..]) => Call::BookDraft,
        (_, ["customers", ..]) => Call::Customer,
        (_, ["self"]) => Call::Company,
        (_, ["accounting-years", ..]) => Call::Period,
        _ => Call::Subscriptions,
    }
}
