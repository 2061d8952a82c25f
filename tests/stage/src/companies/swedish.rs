//! Companies in Fortnox.

use fortnox_sim::CompanyFile;
use serde_json::{Map, Value, json};

use super::{differing, entry, root};
use crate::StageError;

/// Where the invoices' blind copies go.
pub const CONTROL_COPY: &str = "kopia@byran.example";
/// Where answers to the invoices go.
pub const REPLY_TO: &str = "ekonomi@byran.example";

/// A company with monthly agreements 1 to `agreements`, each with the customer of the same number, next due on 1 January
/// 2026.
pub fn company(number: u64, agreements: usize) -> Result<CompanyFile, StageError> {
    let mut file = CompanyFile::read(&root().join("tests/fortnox-sim/companies/liten.json"))?;
    file.company.database_number = number;
    file.access.client_id = format!("sim-client-{number}");
    file.access.client_secret = format!("not-a-secret-{number}");
    file.access.refresh_token = Some(format!("sim-first-refresh-token-of-{number}"));
    file.customers = (1..=agreements).map(customer).collect();
    file.contracts = (1..=agreements).map(contract).collect();
    Ok(file)
}

/// A profile that has everything done; what is said in `differences` differs.
pub fn profile(differences: &Value) -> Value {
    let everything = json!({
        "mode": "full", "auto_book": true, "channel": "ses_email", "sender_name": "Liten Konsult i Åmål AB",
        "reply_to": REPLY_TO, "control_copy": CONTROL_COPY,
    });
    differing(everything, differences)
}

/// The address that the customer's invoices go to.
pub fn address(customer: usize) -> String {
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
