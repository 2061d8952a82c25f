//! A person in e-conomic's own screens.

use contract::{Deed, Edit};
use domain::ids::InvoiceNumber;
use economic_sim::{Method, SimRequest, SimResponse, Simulator};
use serde_json::{Value, json};

/// Does it, and answers the number of the invoice that came of it.
pub(crate) fn act(simulator: &Simulator, tenant: u64, deed: &Deed) -> Option<InvoiceNumber> {
    let call = |method, path: &str, body: &Value| ask(simulator, tenant, method, path, body).json_body();
    match deed {
        Deed::BookDraft(draft) => {
            let body = json!({"draftInvoice": {"draftInvoiceNumber": draft.get()}});
            let invoice = call(Method::Post, "/invoices/booked", &body);
            return Some(invoice["bookedInvoiceNumber"].to_string().parse().unwrap());
        }
        Deed::DeleteDraft(draft) => drop(call(Method::Delete, &format!("/invoices/drafts/{draft}"), &json!({}))),
        Deed::EditDraft(draft, edit) => {
            let path = format!("/invoices/drafts/{draft}");
            let mut fields = call(Method::Get, &path, &Value::Null);
            change(&mut fields, *edit);
            call(Method::Put, &path, &fields);
        }
        Deed::RevokeConsent => simulator.with_world(|world| world.set_consent(tenant, false)),
        Deed::CreateInvoice(_) | Deed::Cancel(_) | Deed::Book(_) | Deed::SwitchAgreementsOff => {
            unreachable!("e-conomic has no agreements")
        }
    }
    None
}

fn change(draft: &mut Value, edit: Edit) {
    let (place, value) = match edit {
        Edit::Nothing => return,
        Edit::LineOrder => {
            draft["lines"].as_array_mut().unwrap().swap(0, 1);
            return;
        }
        Edit::Price => {
            draft["lines"][0]["quantity"] = json!(2);
            ("/lines/0/unitNetPrice", json!(500))
        }
        Edit::Name => ("/recipient/name", json!("Ærø Bådværft A/S")),
        Edit::Address => ("/recipient/address", json!("Søgade 2")),
        Edit::Reference => ("/references/other", json!("Ordre Ø-18")),
        Edit::Heading => ("/notes/heading", json!("Påskerengøring")),
        Edit::TextAbove => ("/notes/textLine1", json!("Tak for denne gang.")),
        Edit::TextBelow => ("/notes/textLine2", json!("Nøglen er hos naboen.")),
        Edit::Layout => ("/layout/layoutNumber", json!(22)),
        Edit::PaymentTerms => ("/paymentTerms/paymentTermsNumber", json!(2)),
        Edit::Attention => ("/recipient/attention/customerContactNumber", json!(2)),
        Edit::LineText => ("/lines/0/description", json!("Kontorrengøring, april")),
        Edit::Product => ("/lines/0/product/productNumber", json!("2")),
        Edit::Delivery => ("/delivery/address", json!("Kajen 5")),
    };
    *draft.pointer_mut(place).unwrap() = value;
}

fn ask(simulator: &Simulator, tenant: u64, method: Method, path: &str, body: &Value) -> SimResponse {
    let request = SimRequest::new(method, path)
        .with_json(body)
        .with_header("X-Sim-Actor", "person")
        .with_header("X-Sim-Tenant", &tenant.to_string());
    let now = simulator.now();
    let answer = simulator.with_world(|world| world.handle(now, &request));
    assert!(answer.status < 300, "a person cannot do {path}: {}", answer.json_body());
    answer
}
