//! The company of a run, and what it wants.

use domain::{
    ids::{SystemKind, TenantId},
    settings::Scope,
};
use economic_sim::CompanyFile;
use serde_json::{Map, Value, json};

use super::plan::DraftsPlan;
use crate::memory::Memory;

/// The marker in the free reference.
pub(super) const MARKER: &str = "#send";
/// What holds a draft back.
pub(super) const HOLD_WORD: &str = "#vent";
/// Customers whose finished drafts may be sent at first.
pub(super) const FLAGGED: [u32; 5] = [1, 2, 4, 5, 6];
/// The customer that gets e-invoices.
pub(super) const PUBLIC: u32 = 2;

/// The company.
pub(super) fn tenant() -> TenantId {
    TenantId::new(SystemKind::Economic, 7)
}

/// Where a customer's mails go.
fn address(customer: u32) -> String {
    format!("faktura{customer}@kunde.example")
}

/// Opens it, and writes its settings.
pub(super) fn open(memory: &Memory, plan: &DraftsPlan) {
    #[expect(clippy::expect_used, reason = "what e-conomic refuses would be a defect of the file below")]
    memory.economic().open(file()).expect("the company is one that e-conomic takes");
    memory.economic().switch(&tenant(), |switches| {
        switches.order_number_shown = plan.shows_order_numbers;
        switches.reuse_draft_numbers = plan.reuses_numbers;
        switches.store_refusals = plan.keeps_refusals;
    });
    set_mode(memory, plan, "full");
    for customer in super::plan::CUSTOMERS {
        set_flag(memory, customer, FLAGGED.contains(&customer));
    }
}

/// Writes the profile with this mode.
pub(super) fn set_mode(memory: &Memory, plan: &DraftsPlan, mode: &str) {
    let profile = json!({
        "mode": mode, "time_zone": "Europe/Copenhagen", "sweep": plan.sweep, "book_after_minutes": plan.review,
        "sender_name": "Eksempelfirmaet ApS", "reply_to": "kontor@eksempel.example", "channel": "ses_email",
        "finished_by": ["ready_signal", "marker"], "marker_reference": MARKER, "hold_word": HOLD_WORD,
    });
    memory.settings().put(&tenant(), Scope::Profile, object(profile));
}

/// Writes a customer's item.
pub(super) fn set_flag(memory: &Memory, customer: u32, on: bool) {
    let mut item = json!({"automatic_sending": on});
    if customer == PUBLIC {
        item["channel"] = json!("economic_einvoice");
    }
    #[expect(clippy::expect_used, reason = "digits are a number")]
    let number = customer.to_string().parse().expect("digits are a customer's number");
    memory.settings().put(&tenant(), Scope::Customer(number), object(item));
}

/// A draft as the integration writes it.
pub(super) fn draft(customer: u32, date: chrono::NaiveDate, net: i64, marked: bool, has_lines: bool) -> Value {
    let mut draft = json!({
        "date": date, "currency": "DKK", "layout": {"layoutNumber": 20}, "paymentTerms": {"paymentTermsNumber": 1},
        "customer": {"customerNumber": customer},
        "recipient": {"name": format!("Kunde {customer} ApS"), "vatZone": {"vatZoneNumber": 1}},
        "references": {"other": if marked { format!("PO 7 {MARKER}") } else { "PO 7".to_owned() }},
    });
    if customer == PUBLIC {
        draft["recipient"]["ean"] = json!("5790001234561");
        draft["references"]["customerContact"] = json!({"customerContactNumber": 1});
    }
    if has_lines {
        draft["lines"] = lines(net);
    }
    draft
}

/// One line over this amount, which may be negative: then it's a credit note.
pub(super) fn lines(net: i64) -> Value {
    let quantity = if net < 0 { -1 } else { 1 };
    json!([{"description": "Rengøring", "product": {"productNumber": "1"}, "quantity": quantity, "unitNetPrice": net.abs()}])
}

fn file() -> CompanyFile {
    let customers: Vec<Value> = super::plan::CUSTOMERS.into_iter().map(customer).collect();
    let year = |year: i32| json!({"year": year.to_string(), "from_date": format!("{year}-01-01"), "to_date": format!("{year}-12-31")});
    let file = json!({
        "agreement_number": tenant().number(),
        "self": {
            "user": {"email": "bogholder@eksempel.example", "name": "Bo", "language": {"culture": "da-DK"}},
            "company": {"name": "Eksempelfirmaet ApS", "companyIdentificationNumber": "99999902"},
            "canSendElectronicInvoice": true,
        },
        "access": {"app_secret_token": "not-a-secret-app", "agreement_grant_token": "not-a-secret-grant-7"},
        "accounting_years": [year(2025), year(2026), year(2027)],
        "layouts": [{"layoutNumber": 20, "name": "Dansk std."}],
        "payment_terms": [
            {"paymentTermsNumber": 1, "daysOfCredit": 8, "name": "Netto 8 dage", "paymentTermsType": "net"},
        ],
        "products": [{"productNumber": "1", "name": "Rengøring", "salesPrice": 100}],
        "customers": customers,
        "next_invoice": 1001,
    });
    #[expect(clippy::expect_used, reason = "the object stands above")]
    serde_json::from_value(file).expect("the object above is a company file")
}

/// 1 is ordinary; 2 gets e-invoices; 3 isn't flagged; 4 has an EAN but is to be mailed; 5 is barred; 6 has no address.
fn customer(number: u32) -> Value {
    let mut customer = json!({
        "customerNumber": number, "name": format!("Kunde {number} ApS"), "currency": "DKK",
        "customerGroup": {"customerGroupNumber": 1}, "paymentTerms": {"paymentTermsNumber": 1},
        "vatZone": {"vatZoneNumber": 1}, "email": address(number),
    });
    match number {
        PUBLIC => {
            customer["ean"] = json!("5790001234561");
            customer["contacts"] = json!([{"customerContactNumber": 1, "name": "Åse Lund"}]);
        }
        4 => customer["ean"] = json!("5790007654321"),
        5 => customer["barred"] = json!(true),
        6 => customer["email"] = json!(""),
        _ => {}
    }
    customer
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
