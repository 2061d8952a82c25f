//! Companies in e-conomic.

use economic_sim::CompanyFile;
use serde_json::{Map, Value, json};

use super::{differing, entry, root};
use crate::StageError;

/// Where answers to the invoices go.
pub const REPLY_TO: &str = "kontor@sonderaa.example";

/// A company with drafts 1 to `drafts`, dated 1 January 2026 and each for the customer of the same number, whose contact
/// gets the invoices.
pub fn company(number: u64, drafts: u64) -> Result<CompanyFile, StageError> {
    let mut file = CompanyFile::read(&root().join("tests/economic-sim/companies/sonderaa.json"))?;
    file.agreement_number = number;
    file.access.agreement_grant_token = format!("not-a-secret-grant-{number}");
    file.subscribers = Vec::new();
    file.customers = (1..=drafts).map(customer).collect();
    file.drafts = (1..=drafts).map(|draft| entry(self::draft(draft, draft))).collect();
    Ok(file)
}

/// A draft of one line to `customer`.
fn draft(number: u64, customer: u64) -> Value {
    json!({
        "draftInvoiceNumber": number, "date": "2026-01-01", "currency": "DKK", "layout": {"layoutNumber": 20},
        "paymentTerms": {"paymentTermsNumber": 1}, "customer": {"customerNumber": customer},
        "recipient": {"name": format!("Bøgevangens Boligforening nr. {customer}"), "vatZone": {"vatZoneNumber": 1}},
        "lastUpdated": "2025-12-30T10:10:00Z",
        "lines": [{
            "description": "Trappevask", "product": {"productNumber": "4"}, "quantity": 1,
            "unitNetPrice": 1000 + number,
        }],
    })
}

/// A profile that has every finished draft booked and mailed at once; what is said in `differences` differs.
pub fn profile(differences: &Value) -> Value {
    let everything = json!({
        "mode": "full", "time_zone": "Europe/Copenhagen", "country": "DK", "channel": "ses_email", "auto_book": true,
        "automatic_sending": true, "sweep": "immediately", "sender_name": "Sønderå Rengøring ApS", "reply_to": REPLY_TO,
    });
    differing(everything, differences)
}

/// The contact who gets the customer's invoices.
pub fn contact(customer: u64) -> String {
    format!("Åse Bjørn den {customer}.")
}

/// The contact's address.
pub fn address(customer: u64) -> String {
    format!("aase{customer}@boegevangen.example")
}

fn customer(number: u64) -> Map<String, Value> {
    entry(json!({
        "customerNumber": number, "name": format!("Bøgevangens Boligforening nr. {number}"), "currency": "DKK",
        "customerGroup": {"customerGroupNumber": 1}, "paymentTerms": {"paymentTermsNumber": 1},
        "vatZone": {"vatZoneNumber": 1}, "email": format!("kontor{number}@boegevangen.example"),
        "contacts": [{
            "customerContactNumber": 1, "name": contact(number), "email": address(number),
            "emailNotifications": ["invoices"],
        }],
    }))
}
