//! The suite's faults in the simulator's terms.

use contract::{Call, Fault};
use economic_sim::{FaultAnswer, FaultKind, FaultMatch, Method};
use serde_json::{Value, json};

/// The next such call meets this fault.
pub(crate) fn on_next(call: Call, fault: Fault) -> economic_sim::Fault {
    let kind = match fault {
        Fault::AnswerCut => FaultKind::DropAfterEffect,
        Fault::AnswerNever => FaultKind::TimeoutAfterEffect,
        Fault::AnswerFailure => FaultKind::StatusAfterEffect(gateway(503)),
        Fault::AnswerGarbled => {
            FaultKind::StatusAfterEffect(FaultAnswer { body: "{\"collection\":[{\"booke".to_owned(), ..gateway(201) })
        }
        Fault::NotReached => FaultKind::DropBeforeEffect,
        Fault::Refused(words) => FaultKind::StatusBeforeEffect(json(400, &refusal(words))),
        Fault::RateLimited => FaultKind::RateLimited,
        Fault::TokenDead => FaultKind::Unauthorized,
    };
    let (method, path) = match call {
        Call::Invoices => (Method::Get, "/invoices/booked"),
        Call::Invoice => (Method::Get, "/invoices/booked/"),
        Call::Pdf => (Method::Get, "/pdf"),
        Call::Customer => (Method::Get, "/customers/"),
        Call::Company => (Method::Get, "/self"),
        Call::Drafts => (Method::Get, "/invoices/drafts"),
        Call::Draft => (Method::Get, "/invoices/drafts/"),
        Call::BookDraft => (Method::Post, "/invoices/booked"),
        Call::Agreements
        | Call::Agreement
        | Call::CreateInvoice
        | Call::Book
        | Call::MarkSent
        | Call::Address
        | Call::Deliver
        | Call::HandOver
        | Call::AtService
        | Call::Token => {
            unreachable!("e-conomic has no such call")
        }
    };
    let matching = FaultMatch { method: Some(method), path_contains: Some(path.to_owned()), tenant: None };
    economic_sim::Fault { matching, ..economic_sim::Fault::next_on(path, kind) }
}

/// What a gateway says in an outage.
pub(crate) fn gateway(status: u16) -> FaultAnswer {
    let body = "upstream connect error or disconnect/reset before headers".to_owned();
    FaultAnswer { status, body, content_type: "text/plain".to_owned() }
}

pub(crate) fn json(status: u16, body: &Value) -> FaultAnswer {
    FaultAnswer { status, body: body.to_string(), content_type: "application/json; charset=utf-8".to_owned() }
}

/// A refusal with a code that no table holds.
fn refusal(words: &str) -> Value {
    json!({"message": words, "errorCode": "E99999", "httpStatusCode": 400, "logId": "8d79f54f226ebe44-CPH"})
}
