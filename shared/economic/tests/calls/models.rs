//! Documents in the shapes that are known, with invented data.

use chrono::{DateTime, NaiveDate};
use economic::{DocumentId, NemHandelType};
use rust_decimal::Decimal;

use crate::fake::{Reply, booked, contact, customer, draft, session};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

pub(crate) const DRAFT: &str = r#"{"draftInvoiceNumber":148,"soap":{"currentInvoiceHandle":{"id":6}},
    "templates":{"self":"https://restapi.e-conomic.com/invoices/drafts/148/templates"},
    "date":"2026-08-01","currency":"DKK","exchangeRate":100.000000,"netAmount":1200.50,"grossAmount":1500.625000,
    "vatAmount":"300.125","roundingAmount":0.00,"dueDate":"2026-08-09",
    "paymentTerms":{"paymentTermsNumber":3,"daysOfCredit":8,"name":"Netto 8 dage","paymentTermsType":"net"},
    "customer":{"customerNumber":7,"self":"https://restapi.e-conomic.com/customers/7"},
    "recipient":{"name":"Søndergårds Børnehave","address":"Ågade 1\rBaghuset","zip":"8000","city":"Aarhus C",
        "vatZone":{"vatZoneNumber":1,"enabledForCustomer":true},"ean":"5790000000012","nemHandelType":"ean",
        "attention":{"customerContactNumber":21},"publicEntryNumber":"REKV-9","cvr":"12345674"},
    "notes":{"heading":"Pasning i august","textLine1":"Kære Åse","textLine2":"Tak"},
    "references":{"other":"Ordre 7, del (1)","customerContact":{"customerContactNumber":22},
        "salesPerson":{"employeeNumber":2}},
    "layout":{"layoutNumber":20},"pdf":{"download":"https://restapi.e-conomic.com/invoices/drafts/148/pdf"},
    "lines":[{"lineNumber":1,"sortKey":1,"description":"Pasning","product":{"productNumber":"B-1"},"quantity":2.50,
            "unitNetPrice":533.56,"discountPercentage":10.00,"totalNetAmount":1200.51},
        {"lineNumber":2,"sortKey":2,"description":"Med venlig hilsen"}],
    "lastUpdated":"2026-08-01T07:49:00Z","self":"https://restapi.e-conomic.com/invoices/drafts/148"}"#;

#[tokio::test]
async fn a_draft_is_read_with_its_lines() {
    let (session, economic) = session(Reply::ok(DRAFT));
    let found = session.draft(draft(148)).await.unwrap().unwrap();
    let head = &found.head;
    assert_eq!((head.number, head.customer, head.currency.as_str()), (draft(148), customer(7), "DKK"));
    assert_eq!((head.date, head.due_date), (day("2026-08-01"), Some(day("2026-08-09"))));
    assert_eq!(head.net_amount, decimal("1200.50"));
    assert_eq!((head.gross_amount, head.vat_amount), (decimal("1500.625"), decimal("300.125")));
    assert_eq!(head.recipient.name.as_ref().unwrap().get(), "Søndergårds Børnehave");
    assert_eq!(head.recipient.ean.as_deref(), Some("5790000000012"));
    assert_eq!(head.recipient.nem_handel_type, Some(NemHandelType::Ean));
    assert_eq!(head.recipient.attention, Some(contact(21)));
    assert_eq!(head.recipient.public_entry_number.as_ref().unwrap().get(), "REKV-9");
    assert_eq!(head.recipient.cvr.as_ref().unwrap().get(), "12345674");
    assert_eq!((head.payment_terms.number, head.payment_terms.kind.as_deref()), (Some(3), Some("net")));
    assert_eq!(head.notes.text_line1.as_ref().unwrap().get(), "Kære Åse");
    assert_eq!(head.references.other.as_ref().unwrap().get(), "Ordre 7, del (1)");
    assert_eq!((head.references.customer_contact, head.references.sales_person), (Some(contact(22)), Some(2)));
    assert_eq!((head.layout, head.soap_handle), (Some(20), Some(6)));
    assert_eq!(head.last_updated, DateTime::from_timestamp(1_785_570_540, 0));
    let [line, text] = &found.lines[..] else { panic!("two lines") };
    assert_eq!((line.product.as_deref(), line.quantity), (Some("B-1"), decimal("2.50")));
    assert_eq!((line.unit_net_price, line.total_net_amount), (decimal("533.56"), decimal("1200.51")));
    assert_eq!((text.product.as_deref(), text.quantity), (None, None), "a text line");
    assert_eq!(economic.seen()[0].path, "restapi.e-conomic.com/invoices/drafts/148");
}

#[tokio::test]
async fn a_bare_draft_has_no_lines_and_nothing_else_either() {
    let bare = r#"{"draftInvoiceNumber":1,"date":"2026-08-01","currency":"EUR","customer":{"customerNumber":7},
        "recipient":null,"notes":{},"references":{"other":""},"new":{"unknown":[1]}}"#;
    let found = session(Reply::ok(bare)).0.draft(draft(1)).await.unwrap().unwrap();
    assert!(found.lines.is_empty());
    assert_eq!((found.head.gross_amount, found.head.last_updated, found.head.layout), (None, None, None));
    assert_eq!(found.head.references.other, None);
}

pub(crate) const BOOKED: &str = r#"{"bookedInvoiceNumber":31,"orderNumber":148,"date":"2026-08-01","currency":"DKK",
    "exchangeRate":100.0,"netAmount":10.00,"grossAmount":12.5,"vatAmount":2.50,"roundingAmount":0.00,"remainder":12.50,
    "dueDate":"2026-08-09","paymentTerms":{"paymentTermsNumber":1},"customer":{"customerNumber":7},
    "recipient":{"name":"Bøje & Søn","vatZone":{"vatZoneNumber":1}},"references":{"other":"REF-1"},
    "pdf":{"download":"https://restapi.e-conomic.com/invoices/booked/31/pdf"},"lines":[{"lineNumber":1,"vatRate":25.00000000}],
    "sent":"https://restapi.e-conomic.com/invoices/booked/31/sent"}"#;

#[tokio::test]
async fn a_booked_invoice_is_read_and_an_old_one_has_no_order_number() {
    let (session_new, economic) = session(Reply::ok(BOOKED));
    let invoice = session_new.booked(booked(31)).await.unwrap().unwrap();
    assert_eq!((invoice.number, invoice.order_number, invoice.customer), (booked(31), Some(draft(148)), customer(7)));
    assert_eq!((invoice.gross_amount, invoice.remainder), (decimal("12.5"), decimal("12.50")));
    assert_eq!(invoice.references.other.unwrap().get(), "REF-1");
    assert_eq!(economic.seen()[0].path, "restapi.e-conomic.com/invoices/booked/31");

    let old = BOOKED.replace("\"orderNumber\":148,", "");
    let old = session(Reply::ok(old)).0.booked(booked(31)).await.unwrap().unwrap();
    assert_eq!(old.order_number, None);
}

#[tokio::test]
async fn a_customer_is_read_and_what_is_absent_is_false() {
    let body = r#"{"customerNumber":7,"currency":"DKK","name":"Bøje & Søn","email":"a@x.test  b@x.test","ean":"5790000000012",
        "publicEntryNumber":"P1","corporateIdentificationNumber":"12345674","attention":{"customerContactNumber":21},
        "eInvoicingDisabledByDefault":true,"barred":true,"balance":0.00}"#;
    let found = session(Reply::ok(body)).0.customer(customer(7)).await.unwrap().unwrap();
    assert_eq!(found.email.as_ref().unwrap().get(), "a@x.test  b@x.test", "as it was typed");
    assert!(found.barred && found.e_invoicing_disabled_by_default);
    assert_eq!((found.attention, found.customer_contact), (Some(contact(21)), None));
    let bare = session(Reply::ok(r#"{"customerNumber":7}"#)).0.customer(customer(7)).await.unwrap().unwrap();
    assert!(!bare.barred && !bare.e_invoicing_disabled_by_default);
}

#[tokio::test]
async fn contacts_say_who_gets_copies() {
    let body = r#"{"collection":[
        {"customerContactNumber":21,"name":"Åse Ø","email":"aase@x.test","emailNotifications":["invoices","orders"],"sortKey":1},
        {"customerContactNumber":22,"name":"Bo","deleted":true,"notes":"AUTO"}],"pagination":{"results":2}}"#;
    let (session, economic) = session(Reply::ok(body));
    let contacts = session.contacts(customer(7)).await.unwrap();
    let said: Vec<_> =
        contacts.items.iter().map(|found| (found.number, found.wants_invoices(), found.deleted)).collect();
    assert_eq!(said, [(contact(21), true, false), (contact(22), false, true)]);
    assert!(!contacts.full);
    assert_eq!(economic.seen()[0].path, "restapi.e-conomic.com/customers/7/contacts");
}

#[tokio::test]
async fn years_and_periods_are_open_unless_they_say_otherwise() {
    let years = r#"{"collection":[{"year":"2025/2026","fromDate":"2025-07-01","toDate":"2026-06-30","closed":true},
        {"year":"2026","fromDate":"2026-07-01","toDate":"2026-12-31"}],"pagination":{"results":2}}"#;
    let years = session(Reply::ok(years)).0.accounting_years().await.unwrap();
    assert_eq!(years.items.iter().map(|year| year.closed).collect::<Vec<_>>(), [true, false]);
    let periods =
        r#"{"collection":[{"periodNumber":1,"fromDate":"2025-07-01","toDate":"2025-07-31"}],"pagination":{}}"#;
    let (session, economic) = session(Reply::ok(periods));
    let periods = session.periods(&years.items[0].year).await.unwrap();
    assert_eq!((periods.items[0].to, periods.items[0].closed), (day("2025-07-31"), false));
    assert_eq!(economic.seen()[0].path, "restapi.e-conomic.com/accounting-years/2025_6_2026/periods");
}

#[tokio::test]
async fn the_agreement_tells_about_itself() {
    let body = r#"{"agreementNumber":1234567,"userName":"ØST","user":{"loginId":"ØST","email":"bo@firma.test","name":"Bo Øst",
        "language":{"languageNumber":1,"culture":"da-DK"},"agreementNumber":1234567},
        "company":{"name":"Firma ApS","email":"post@firma.test","companyIdentificationNumber":"12345674"},
        "application":{"appNumber":99},"settings":{"baseCurrency":"DKK"},"canSendElectronicInvoice":true,
        "modules":[{"moduleNumber":74,"name":"Abonnement"}]}"#;
    let about = session(Reply::ok(body)).0.self_info().await.unwrap();
    assert_eq!((about.agreement.get(), about.app_number), (1_234_567, Some(99)));
    assert_eq!(about.user.email.unwrap().get(), "bo@firma.test");
    assert_eq!(about.user.culture.as_deref(), Some("da-DK"));
    assert_eq!((about.base_currency.as_deref(), about.modules), (Some("DKK"), vec![74]));
    assert!(about.can_send_electronic_invoice);
    let bare = session(Reply::ok(r#"{"agreementNumber":1}"#)).0.self_info().await.unwrap();
    assert!(bare.user.email.is_none() && !bare.can_send_electronic_invoice);
}

#[tokio::test]
async fn the_open_api_translates_between_ids_and_numbers() {
    let body = r#"{"items":[{"number":9001,"draftInvoiceNumber":148,"customerNumber":7,"externalId":"x","objectVersion":"v1"},
        {"number":9002,"draftInvoiceNumber":1480}]}"#;
    let (by_number, economic) = session(Reply::ok(body));
    let found = by_number.q2c_draft_by_number(draft(148)).await.unwrap().unwrap();
    assert_eq!((found.id, found.number), (DocumentId::new(9001).unwrap(), draft(148)));
    assert_eq!(economic.seen()[0].path, "apis.e-conomic.com/q2capi/v5.3.0/invoices/drafts");
    assert_eq!(economic.seen()[0].asked("filter"), Some("draftInvoiceNumber$eq:148"));
    assert_eq!(session(Reply::ok(r#"{"items":[]}"#)).0.q2c_draft_by_number(draft(148)).await.unwrap(), None);
    let twice = r#"{"items":[{"number":1,"draftInvoiceNumber":148},{"number":2,"draftInvoiceNumber":148}]}"#;
    assert!(session(Reply::ok(twice)).0.q2c_draft_by_number(draft(148)).await.is_err());
}
