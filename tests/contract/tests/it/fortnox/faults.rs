//! The suite's faults in the simulator's terms.

use contract::{Call, Fault};
use fortnox_sim::{FaultAnswer, FaultKind, FaultMatch, Method};
use serde_json::{Value, json};

/// A refusal's code that no table holds.
const UNKNOWN_CODE: u32 = 9_999_999;

/// The next such call meets this fault.
pub(crate) fn on_next(call: Call, fault: Fault) -> fortnox_sim::Fault {
    let kind = match fault {
        Fault::AnswerCut => FaultKind::DropAfterEffect,
        Fault::AnswerNever => FaultKind::TimeoutAfterEffect,
        Fault::AnswerFailure => FaultKind::StatusAfterEffect(html(502, "<html>Bad Gateway</html>")),
        Fault::AnswerGarbled => FaultKind::StatusAfterEffect(html(200, "{\"Invoice\":{\"DocumentNum")),
        Fault::NotReached => FaultKind::DropBeforeEffect,
        Fault::Refused(words) => FaultKind::StatusBeforeEffect(answer_of(400, &refusal(words))),
        Fault::RateLimited => FaultKind::RateLimited,
        Fault::TokenDead => FaultKind::Unauthorized,
    };
    once(call, kind)
}

/// The next such call takes effect and is answered with this.
pub(crate) fn answer(call: Call, status: u16, body: &Value) -> fortnox_sim::Fault {
    once(call, FaultKind::StatusAfterEffect(answer_of(status, body)))
}

/// What a company whose consent is revoked gets: no token, and none of the old ones is good.
pub(crate) fn revoked() -> [fortnox_sim::Fault; 2] {
    let body = json!({"error": "invalid_grant", "error_description": "No consent for the tenant"});
    [("/oauth-v1/token", FaultKind::StatusBeforeEffect(answer_of(400, &body))), ("/3/", FaultKind::Unauthorized)]
        .map(|(path, kind)| fortnox_sim::Fault { times: u32::MAX, ..fortnox_sim::Fault::next_on(path, kind) })
}

fn once(call: Call, kind: FaultKind) -> fortnox_sim::Fault {
    let (method, path) = match call {
        Call::Agreements => (Method::Get, "/3/contracts"),
        Call::Agreement => (Method::Get, "/3/contracts/"),
        Call::CreateInvoice => (Method::Put, "/createinvoice"),
        Call::Invoices => (Method::Get, "/3/invoices"),
        Call::Invoice => (Method::Get, "/3/invoices/"),
        Call::Book => (Method::Put, "/bookkeep"),
        Call::MarkSent => (Method::Put, "/externalprint"),
        Call::Address => (Method::Put, "/3/invoices/"),
        // `/email`, `/einvoice` and `/eprint`, of which no other call's path has a part.
        Call::Deliver => (Method::Get, "/e"),
        Call::HandOver => (Method::Post, "/noxfinansinvoices"),
        Call::AtService => (Method::Get, "/noxfinansinvoices/"),
        Call::Pdf => (Method::Get, "/preview"),
        Call::Customer => (Method::Get, "/3/customers/"),
        Call::Company => (Method::Get, "/3/settings/company"),
        Call::Token => (Method::Post, "/oauth-v1/token"),
        Call::Drafts | Call::Draft | Call::BookDraft => unreachable!("Fortnox has no drafts to book"),
    };
    let matching = FaultMatch { method: Some(method), path_contains: Some(path.to_owned()), tenant: None };
    fortnox_sim::Fault { matching, ..fortnox_sim::Fault::next_on(path, kind) }
}

fn refusal(words: &str) -> Value {
    json!({"ErrorInformation": {"error": 1, "message": words, "code": UNKNOWN_CODE}})
}

fn html(status: u16, body: &str) -> FaultAnswer {
    FaultAnswer { status, body: body.to_owned(), content_type: "text/html".to_owned() }
}

fn answer_of(status: u16, body: &Value) -> FaultAnswer {
    FaultAnswer { status, body: body.to_string(), content_type: "application/json".to_owned() }
}
