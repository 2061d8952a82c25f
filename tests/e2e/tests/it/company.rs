//! Companies for the tests.

use std::path::{Path, PathBuf};

use fortnox_sim::CompanyFile;
use serde_json::{Map, Value, json};

/// Where the invoices' blind copies go, and answers to them.
pub(crate) const CONTROL_COPY: &str = "kopia@byran.example";
pub(crate) const REPLY_TO: &str = "ekonomi@byran.example";

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// One of the simulator's own companies.
pub(crate) fn sample(name: &str) -> CompanyFile {
    CompanyFile::read(&root().join("tests/fortnox-sim/companies").join(name)).unwrap()
}

/// A company with monthly agreements 1 to `agreements`, each with the customer of the same number, next due on 1 January
/// 2026.
pub(crate) fn company(number: u64, agreements: usize) -> CompanyFile {
    let mut file = sample("liten.json");
    file.company.database_number = number;
    file.access.client_id = format!("sim-client-{number}");
    file.access.client_secret = format!("not-a-secret-{number}");
    file.access.refresh_token = Some(format!("sim-first-refresh-token-of-{number}"));
    file.customers = (1..=agreements).map(customer).collect();
    file.contracts = (1..=agreements).map(contract).collect();
    file
}

/// A profile that has everything done; what is said in `differences` differs.
pub(crate) fn profile(differences: &Value) -> Value {
    let mut profile = json!({
        "mode": "full", "auto_book": true, "channel": "ses_email", "sender_name": "Liten Konsult i Åmål AB",
        "reply_to": REPLY_TO, "control_copy": CONTROL_COPY,
    });
    merge(&mut profile, differences);
    profile
}

/// The address that the customer's invoices go to.
pub(crate) fn address(customer: usize) -> String {
    format!("faktura{customer}@bageriet.example")
}

fn customer(number: usize) -> Map<String, Value> {
    entry(json!({
        "CustomerNumber": number.to_string(), "Name": format!("Ängsvägens Bageri nr {number} HB"),
        "Address1": format!("Ängsvägen {number}"), "ZipCode": "662 30", "City": "Åmål", "CountryCode": "SE",
        "Email": format!("info{number}@bageriet.example"), "EmailInvoice": address(number), "TermsOfPayment": "30",
    }))
}

fn contract(number: usize) -> Map<String, Value> {
    entry(json!({
        "DocumentNumber": number.to_string(), "CustomerNumber": number.to_string(), "Continuous": true,
        "ContractLength": 12, "InvoiceInterval": 1, "ContractDate": "2025-01-01", "PeriodStart": "2026-01-01",
        "PeriodEnd": "2026-01-31", "LastInvoiceDate": "2025-12-01",
        "InvoiceRows": [{"ArticleNumber": "1", "DeliveredQuantity": "1", "Price": 1000}],
    }))
}

fn entry(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

fn merge(into: &mut Value, differences: &Value) {
    for (name, value) in differences.as_object().into_iter().flatten() {
        into[name.as_str()] = value.clone();
    }
}
