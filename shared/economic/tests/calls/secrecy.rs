//! Nothing secret or personal is printed.

use std::fmt::Debug;

use economic::{DraftFilter, Private};

use crate::fake::{APP, Economic, GRANT, Recorder, Reply, booked, client, customer, draft, grant, session};

/// Marks every value that must not be printed.
const HIDDEN: &str = "hemmelig";

#[track_caller]
fn assert_silent(value: &impl Debug) {
    let printed = format!("{value:?} {value:#?}");
    for secret in [HIDDEN, APP, GRANT, "@"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

const PEOPLE: &str = r#""customer":{"customerNumber":7},"date":"2026-08-01","currency":"DKK",
    "recipient":{"name":"hemmelig","address":"hemmelig","cvr":"hemmelig","publicEntryNumber":"hemmelig"},
    "notes":{"heading":"hemmelig","textLine1":"hemmelig","textLine2":"hemmelig"},"references":{"other":"hemmelig"},
    "lines":[{"lineNumber":1,"description":"hemmelig"}]"#;

#[tokio::test]
async fn documents_do_not_print_people() {
    let read = session(Reply::ok(format!(r#"{{"draftInvoiceNumber":1,{PEOPLE}}}"#))).0.draft(draft(1)).await.unwrap();
    assert_eq!(read.as_ref().unwrap().head.notes.heading, Some(Private::new(HIDDEN.to_owned())), "readable on purpose");
    assert_silent(&read);
    let read =
        session(Reply::ok(format!(r#"{{"bookedInvoiceNumber":1,{PEOPLE}}}"#))).0.booked(booked(1)).await.unwrap();
    assert_silent(&read);
    let bad = format!(r#"{{"collection":[{{"draftInvoiceNumber":"hemmelig",{PEOPLE}}}],"pagination":{{}}}}"#);
    assert_silent(&session(Reply::ok(bad)).0.drafts_after(None, &DraftFilter::default()).await.unwrap());

    let body = r#"{"customerNumber":7,"name":"hemmelig","email":"hemmelig@x.test","corporateIdentificationNumber":"hemmelig",
        "publicEntryNumber":"hemmelig"}"#;
    assert_silent(&session(Reply::ok(body)).0.customer(customer(7)).await.unwrap());
    let body = r#"{"collection":[{"customerContactNumber":1,"name":"hemmelig","email":"hemmelig@x.test","notes":"hemmelig"}],
        "pagination":{"results":1}}"#;
    assert_silent(&session(Reply::ok(body)).0.contacts(customer(7)).await.unwrap());
    let body = r#"{"agreementNumber":7,"user":{"name":"hemmelig","email":"hemmelig@x.test"},
        "company":{"name":"hemmelig","email":"hemmelig@x.test","companyIdentificationNumber":"hemmelig"}}"#;
    assert_silent(&session(Reply::ok(body)).0.self_info().await.unwrap());
}

#[tokio::test]
async fn clients_and_sessions_do_not_print_secrets() {
    let economic = Economic::that_says([Reply::ok("")]);
    let client = client(&economic, Recorder::default());
    assert_silent(&client);
    assert_silent(&session(Reply::ok("")).0);
    assert_silent(&grant());
}

#[tokio::test]
async fn errors_hold_economics_words_without_addresses_and_values() {
    let body = r#"{"message":"Adressen hemmelig@x.test er ugyldig","errorCode":"E04300","errors":{"email":{"errors":[
        {"errorMessage":"Ugyldig: hemmelig@x.test","inputValue":"hemmelig","value":{"x":{"message":"hemmelig"}}}]}}}"#;
    let error = session(Reply::new(400, body)).0.customer(customer(7)).await.unwrap_err();
    assert_silent(&error);
    assert_eq!(
        error.to_string(),
        "e-conomic refused the call: 400, E04300: Adressen [address] er ugyldig; email: Ugyldig: [address]"
    );
    for reply in
        [Reply::new(503, "hemmelig"), Reply::ok(r#"{"customerNumber":"hemmelig"}"#), Reply::new(401, "hemmelig")]
    {
        let error = session(reply).0.customer(customer(7)).await.unwrap_err();
        assert_silent(&error);
        assert!(!error.to_string().contains(HIDDEN), "{error}");
    }
}
