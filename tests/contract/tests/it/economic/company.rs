//! The sample company: a cleaning firm with drafts of every kind.

use accounting::{Company, Customer, DefaultDelivery, ForService, Invoice};
use contract::{Drafts, Sample};
use domain::{
    draft::{Contact, Draft, Fingerprint, Texts},
    ids::DraftNumber,
    letters::Language,
    money::{Currency, Money},
    settings::Channel,
};
use economic_sim::CompanyFile;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// When the company opens.
pub(crate) const OPENS_AT: &str = "2026-03-10T08:00:00Z";

/// Drafts that are booked before anything else happens.
pub(crate) const BOOKED: [u32; 2] = [1, 2];

/// Number of the first draft beyond the sample's own.
pub(crate) const FIRST_OF_MORE: u32 = 1_001;

/// The company with this many plain drafts more.
pub(crate) fn file(more_drafts: u32) -> CompanyFile {
    let mut file: CompanyFile = serde_json::from_str(include_str!("baekkelund.json")).unwrap();
    let bare = find(&file, 12);
    file.drafts.extend((0..more_drafts).map(|n| numbered(bare.clone(), FIRST_OF_MORE + n)));
    file
}

/// A draft like the full one.
pub(crate) fn full_draft(number: u32) -> Map<String, Value> {
    numbered(find(&file(0), 11), number)
}

fn find(file: &CompanyFile, number: u32) -> Map<String, Value> {
    file.drafts.iter().find(|draft| draft["draftInvoiceNumber"] == json!(number)).unwrap().clone()
}

fn numbered(mut draft: Map<String, Value>, number: u32) -> Map<String, Value> {
    draft.insert("draftInvoiceNumber".to_owned(), json!(number));
    draft
}

/// What the suite is told of its drafts.
pub(crate) fn drafts() -> Drafts {
    let number = |number: u32| DraftNumber::try_from(number).unwrap();
    let day = |day: &str, is_open| (day.parse().unwrap(), is_open);
    Drafts {
        draft: draft(),
        bare: number(12),
        other: number(13),
        other_customer: "999999999".parse().unwrap(),
        subscription: number(14),
        refused: vec![
            (number(15), Channel::SesEmail, "The invoice has no lines."),
            (number(16), Channel::SesEmail, "The date is not in an open period."),
            (number(17), Channel::SesEmail, "The customer is barred."),
            (number(18), Channel::SesEmail, "The product is barred."),
            (number(19), Channel::EconomicEinvoice, "The invoice names no contact of the customer."),
            (number(12), Channel::EconomicEmail, "The customer has no e-mail address."),
        ],
        sent_by_booking: vec![(number(20), Channel::EconomicEinvoice), (number(21), Channel::EconomicEmail)],
        count: file(0).drafts.len() - BOOKED.len(),
        nowhere: number(987_654),
        days: vec![
            day("2026-03-10", true),
            day("2026-12-31", true),
            day("2026-01-31", false),
            day("2025-12-01", true),
            day("2025-11-30", false),
            day("2024-06-01", false),
            day("2023-12-31", false),
            day("2027-01-01", false),
        ],
    }
}

fn draft() -> Draft {
    let text = |text: &str| Some(text.to_owned());
    Draft {
        number: 11.try_into().unwrap(),
        print: Fingerprint {
            customer: "1".parse().unwrap(),
            date: "2026-03-10".parse().unwrap(),
            net: kroner(183_700),
            gross: kroner(229_625),
            handle: None,
            content: None,
        },
        priced_lines: Some(2),
        layout: Some(21),
        texts: Texts {
            reference: text("Ordre Ø-17"),
            heading: text("Forårsrengøring"),
            first: text("Tak for sidst på værftet."),
            second: text("Nøglen lå i æsken."),
        },
        has_ean: false,
        attention: Some(1),
        your_reference: Some(2),
        touched_at: Some("2026-03-09T10:15:00Z".parse().unwrap()),
    }
}

fn kroner(oere: i64) -> Money {
    Money::new(Decimal::new(oere, 2), Currency::DKK)
}

/// What the suite is told of the rest.
pub(crate) fn sample() -> Sample {
    Sample {
        invoices: vec![full_invoice(), bare_invoice()],
        customers: customers(),
        company: Company {
            name: "Bækkelund Rengøring ApS".to_owned(),
            bankgiro: None,
            plusgiro: None,
            iban: None,
            user_email: Some("merete@baekkelund.example".to_owned()),
            language: Some(Language::Da),
            sends_einvoices: Some(true),
        },
        nowhere: "987654",
    }
}

fn customers() -> Vec<Customer> {
    let text = |text: &str| Some(text.to_owned());
    let contact = |number, name: &str, email: Option<String>, gets_invoices| Contact {
        number,
        name: name.to_owned(),
        email,
        gets_invoices,
    };
    let customer = |number: &str, name: &str, invoice_email, contacts| Customer {
        number: number.parse().unwrap(),
        name: name.to_owned(),
        invoice_email,
        contacts: Some(contacts),
        barred: false,
        has_ean: false,
        default_delivery: DefaultDelivery::Unsaid,
    };
    let lund = contact(1, "Åse Lund", text("aase@aeroebaad.example"), true);
    let oe = contact(2, "Jørgen Øe", None, false);
    let friis = contact(1, "Kæmner Friis", text("friis@hvidsoe.example"), false);
    let both = text("bogholderi@aeroebaad.example ejer@aeroebaad.example");
    vec![
        customer("1", "Ærø Bådværft ApS", both, vec![lund, oe]),
        customer("2", "Sølvpil Frisør", None, vec![]),
        Customer { has_ean: true, ..customer("3", "Hvidsø Skole", text("kontor@hvidsoe.example"), vec![friis]) },
        Customer { barred: true, ..customer("4", "Spærret Lås A/S", text("faktura@spaerret.example"), vec![]) },
        customer("999999999", "Gåsetårn & Søn", None, vec![]),
    ]
}

fn full_invoice() -> Invoice {
    Invoice {
        number: "5001".parse().unwrap(),
        customer: "1".parse().unwrap(),
        customer_name: "Ærø Bådværft ApS".to_owned(),
        invoice_date: "2026-02-10".parse().unwrap(),
        due_date: Some("2026-02-18".parse().unwrap()),
        period: None,
        total: kroner(118_750),
        ocr: None,
        our_reference: None,
        your_reference: None,
        email_to: None,
        email_bcc: None,
        booked: true,
        cancelled: false,
        sent: false,
        credit: false,
        attention: Some(1),
        your_contact: Some(2),
        for_service: ForService::default(),
    }
}

fn bare_invoice() -> Invoice {
    Invoice {
        number: "5002".parse().unwrap(),
        customer: "2".parse().unwrap(),
        customer_name: "Sølvpil Frisør".to_owned(),
        invoice_date: "2026-02-11".parse().unwrap(),
        due_date: Some("2026-02-19".parse().unwrap()),
        attention: None,
        your_contact: None,
        ..full_invoice()
    }
}
