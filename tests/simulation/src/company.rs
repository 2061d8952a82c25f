//! Companies to simulate, as files that the simulator reads.

use domain::ids::TenantId;
use fortnox_sim::CompanyFile;
use serde_json::json;

/// An empty company that consented to everything. It sells one article, with 25 % VAT.
pub fn company(tenant: &TenantId) -> CompanyFile {
    let number = tenant.number();
    let file = json!({
        "company": {
            "DatabaseNumber": number,
            "CompanyName": "Exempelbolaget AB",
            "OrganizationNumber": "559999-0041",
            "Address": "Exempelgatan 1",
            "ZipCode": "111 11",
            "City": "Örebro",
            "Email": "info@exempelbolaget.example",
            "BG": "123-4567",
            "RegisteredForPrintService": true,
            "HasInvoiceService": true,
        },
        "access": {
            "client_id": format!("sim-client-{number}"),
            "client_secret": format!("not-a-secret-{number}"),
            "scopes": ["invoice", "customer", "article", "price", "companyinformation", "settings", "noxfinansinvoice"],
        },
        "next_invoice": FIRST_INVOICE,
        "terms_of_payment": [{"Code": "30", "Description": "30 dagar"}],
        "price_lists": [
            {"Code": "A", "Description": "Standard", "PreSelected": true},
            {"Code": "B", "Description": "Specialpriser"},
        ],
        "articles": [{"ArticleNumber": "1", "Description": "Tjänst", "Unit": "st", "VAT": 25, "SalesAccount": 3041}],
        "currency_rates": {"EUR": "11.05"},
    });
    #[expect(clippy::expect_used, reason = "the text stands above")]
    serde_json::from_value(file).expect("the object above is a company file")
}

/// The number of a company's first invoice.
const FIRST_INVOICE: u64 = 1001;
