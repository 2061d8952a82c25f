//! The sample company: the simulator's small one, with what the suite asks for added.

use std::path::Path;

use accounting::{Company, Customer, DefaultDelivery, ForService, Invoice};
use contract::{Agreements, Sample};
use domain::{
    money::{Currency, Money},
    period::Period,
    settings::Channel,
};
use fortnox_sim::CompanyFile;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// When the company opens: New Year's Day in Sweden, too.
pub(crate) const OPENS_AT: &str = "2026-01-01T08:00:00Z";

/// Number of the first agreement beyond the sample's own.
const FIRST_OF_MORE: usize = 100;

/// The small company with the sample's documents and this many plain agreements more.
pub(crate) fn file(more_agreements: usize) -> CompanyFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fortnox-sim/companies/liten.json");
    let mut file = CompanyFile::read(&path).unwrap();
    file.currency_rates.insert("EUR".to_owned(), json!(11.05));
    file.customers.extend([
        entry(json!({"CustomerNumber": "10", "Name": "Ångström & Öberg KB", "Email": "post@angstrom.example",
            "TermsOfPayment": "30", "DefaultDeliveryTypes": {"Invoice": "ELECTRONICINVOICE"}})),
        entry(json!({"CustomerNumber": "Å/7 b", "Name": "Änglagård", "Email": null, "EmailInvoice": "",
            "TermsOfPayment": "30", "DefaultDeliveryTypes": {"Invoice": "PIGEON"}})),
    ]);
    file.company.registered_for_print_service = true;
    file.company.has_invoice_service = true;
    file.access.scopes.push("noxfinansinvoice".to_owned());
    file.contracts.extend(contracts());
    file.contracts
        .extend((0..more_agreements).map(|n| contract(json!({"DocumentNumber": (FIRST_OF_MORE + n).to_string()}))));
    file.invoices.extend(invoices());
    file
}

/// Agreements 1 to 3 are the small company's own.
fn contracts() -> Vec<Map<String, Value>> {
    [
        json!({"DocumentNumber": "4", "PeriodStart": "2026-01-31", "PeriodEnd": "2026-01-01"}),
        json!({"DocumentNumber": "5", "CustomerNumber": "10", "InvoiceInterval": 3, "PeriodEnd": "2026-03-31"}),
        json!({"DocumentNumber": "6", "sim": {"finished": true}}),
        json!({"DocumentNumber": "7", "Active": false}),
        json!({"DocumentNumber": "8", "CustomerNumber": "Å/7 b", "Currency": "EUR", "Continuous": false,
            "ContractLength": 24, "InvoiceInterval": 12, "PeriodEnd": "2026-12-31", "InvoicesRemaining": "2",
            "Freight": 99.50, "InvoiceDiscount": 10, "VATIncluded": true}),
    ]
    .map(contract)
    .into()
}

/// A monthly agreement that runs on, except for what is said of it.
fn contract(differences: Value) -> Map<String, Value> {
    let mut contract = entry(json!({
        "CustomerNumber": "2", "Continuous": true, "ContractLength": 12, "InvoiceInterval": 1,
        "PeriodStart": "2026-01-01", "PeriodEnd": "2026-01-31",
        "InvoiceRows": [{"ArticleNumber": "1", "DeliveredQuantity": "1", "Price": 1000}],
    }));
    contract.extend(entry(differences));
    contract
}

fn invoices() -> [Map<String, Value>; 2] {
    let rows = json!([{"ArticleNumber": "1", "DeliveredQuantity": "1", "Price": 1000.5}]);
    [
        json!({"DocumentNumber": "41", "CustomerNumber": "1", "InvoiceType": "AGREEMENTINVOICE",
            "ContractReference": 3, "InvoiceDate": "2025-12-01", "InvoicePeriodStart": "2025-10-31",
            "InvoicePeriodEnd": "2026-01-30", "OCR": "4127", "OurReference": "Åsa Öst", "YourReference": "Örjan Ek",
            "EmailInformation": {"EmailAddressTo": "ekonomi@amalsglas.example",
                "EmailAddressBCC": "arkiv@amalsglas.example"}, "InvoiceRows": rows}),
        json!({"DocumentNumber": "42", "CustomerNumber": "2", "InvoiceDate": "2025-12-02", "OCR": "4226",
            "InvoiceRows": rows}),
    ]
    .map(entry)
}

/// What the suite is told of its agreements.
pub(crate) fn agreements() -> Agreements {
    let id = |number: &str| number.parse().unwrap();
    Agreements {
        today: "2026-01-01".parse().unwrap(),
        agreement: id("1"),
        customer: "1".parse().unwrap(),
        sibling: id("3"),
        lookalike: id("5"),
        varied: ["1", "2", "3", "5", "8"].map(id).into(),
        broken: id("4"),
        inactive: ["6", "7"].map(id).into(),
        active: 6,
    }
}

/// What the suite is told of the rest.
pub(crate) fn sample() -> Sample {
    Sample {
        invoices: vec![full_invoice(), bare_invoice()],
        customers: vec![
            Customer {
                default_delivery: DefaultDelivery::By(Channel::FortnoxEmail),
                ..customer("1", "Åmåls Glas AB", Some("faktura@amalsglas.example"))
            },
            customer("2", "Ödeborgs Kaffe", None),
            Customer {
                default_delivery: DefaultDelivery::By(Channel::FortnoxEinvoice),
                ..customer("10", "Ångström & Öberg KB", Some("post@angstrom.example"))
            },
            Customer {
                default_delivery: DefaultDelivery::Unknown("PIGEON".to_owned()),
                ..customer("Å/7 b", "Änglagård", None)
            },
        ],
        company: Company {
            name: "Liten Konsult i Åmål AB".to_owned(),
            bankgiro: Some("765-4321".to_owned()),
            plusgiro: None,
            iban: None,
            user_email: None,
            language: None,
            sends_einvoices: None,
        },
        nowhere: "987654",
    }
}

fn customer(number: &str, name: &str, invoice_email: Option<&str>) -> Customer {
    Customer {
        number: number.parse().unwrap(),
        name: name.to_owned(),
        invoice_email: invoice_email.map(str::to_owned),
        contacts: None,
        barred: false,
        has_ean: false,
        default_delivery: DefaultDelivery::ByHand,
    }
}

fn full_invoice() -> Invoice {
    Invoice {
        number: "41".parse().unwrap(),
        customer: "1".parse().unwrap(),
        customer_name: "Åmåls Glas AB".to_owned(),
        invoice_date: "2025-12-01".parse().unwrap(),
        due_date: Some("2025-12-31".parse().unwrap()),
        period: Period::new("2025-10-31".parse().unwrap(), "2026-01-30".parse().unwrap()).ok(),
        // 1000.50 and a quarter of it, half up to two decimals.
        total: Money::new(Decimal::new(125_063, 2), Currency::SEK),
        ocr: Some("4127".to_owned()),
        our_reference: Some("Åsa Öst".to_owned()),
        your_reference: Some("Örjan Ek".to_owned()),
        email_to: Some("ekonomi@amalsglas.example".to_owned()),
        email_bcc: Some("arkiv@amalsglas.example".to_owned()),
        booked: false,
        cancelled: false,
        sent: false,
        credit: false,
        attention: None,
        your_contact: None,
        for_service: ForService {
            has_it: false,
            is_unpaid: true,
            has_rows: true,
            is_addressed: true,
            is_interest: false,
        },
    }
}

fn bare_invoice() -> Invoice {
    Invoice {
        number: "42".parse().unwrap(),
        customer: "2".parse().unwrap(),
        customer_name: "Ödeborgs Kaffe".to_owned(),
        invoice_date: "2025-12-02".parse().unwrap(),
        due_date: Some("2026-01-01".parse().unwrap()),
        period: None,
        ocr: Some("4226".to_owned()),
        our_reference: None,
        your_reference: None,
        email_to: None,
        email_bcc: None,
        ..full_invoice()
    }
}

fn entry(value: Value) -> Map<String, Value> {
    let Value::Object(entry) = value else { panic!("an entry is an object") };
    entry
}
