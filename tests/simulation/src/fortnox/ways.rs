//! What is special about Fortnox's requests.

use fortnox_sim::{FaultAnswer, Method, SimRequest};
use serde_json::json;

use crate::{far::Ways, faults::Call};

/// The code by which Fortnox says that a licence is missing: the tenant as a whole can't be used.
const LICENCE_MISSING: u32 = 2_001_103;
/// A refusal that is about this call's data and nothing else.
const BAD_DATA: u32 = 2_000_106;

/// What a change of an invoice's prices names, and one of its recipients doesn't.
const ROWS: &[u8] = b"\"InvoiceRows\"";

pub(super) const WAYS: Ways =
    Ways { call, refused: |words| refusal(words, BAD_DATA), blocked: |words| refusal(words, LICENCE_MISSING) };

fn refusal(words: &str, code: u32) -> FaultAnswer {
    let body = json!({"ErrorInformation": {"error": 1, "message": words, "code": code}}).to_string();
    FaultAnswer { status: 400, body, content_type: "application/json".to_owned() }
}

/// Which call of the trait a request belongs to. Looking for an invoice takes more than one: its list is
/// [`Call::InvoicesOf`], and each that's read is a [`Call::Invoice`].
fn call(request: &SimRequest) -> Call {
    let path: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
    match path[..] {
        ["contracts"] if request.query.contains("lastmodified=") => Call::AgreementsTouched,
        ["contracts"] => Call::Agreements,
        ["contracts", _] if request.method == Method::Put => Call::SetPrices,
        ["contracts", _] => Call::Agreement,
        ["contracts", ..] => Call::CreateInvoice,
        ["invoices"] => Call::InvoicesOf,
        ["invoices", _, "bookkeep"] => Call::Book,
        ["invoices", _, "externalprint"] => Call::MarkSent,
        ["invoices", _, "preview"] => Call::Pdf,
        ["invoices", _, "email" | "einvoice" | "eprint"] => Call::Deliver,
        ["invoices", _] if request.method == Method::Put && has_rows(request) => Call::SetPrices,
        ["invoices", _] if request.method == Method::Put => Call::Address,
        ["invoices", ..] => Call::Invoice,
        ["noxfinansinvoices"] => Call::HandOver,
        ["noxfinansinvoices", ..] => Call::AtService,
        ["customers", ..] => Call::Customer,
        ["articles", ..] => Call::ArticlesTouched,
        ["prices", ..] => Call::ListPrices,
        ["pricelists", ..] => Call::PreselectedList,
        ["recurring-billing", ..] => Call::Recurring,
        _ => Call::Company,
    }
}

fn has_rows(request: &SimRequest) -> bool {
    request.body.windows(ROWS.len()).any(|part| part == ROWS)
}
