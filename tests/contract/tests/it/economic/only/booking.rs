//! Booking: exact bytes, e-conomic's words, keys, and drafts that may be gone.

use accounting::{AccountingSystem, BookAnswer, Error, Happened};
use contract::{Deed, DraftSubject, EffectKind, Subject};
use domain::settings::Channel;
use economic_sim::{FaultKind, Method, MissingDraft};
use serde_json::{Value, json};

use super::{super::EconomicSubject, super::faults, open};

const PATH: &str = "/invoices/booked";

async fn book(subject: &EconomicSubject, request: &str, key: &str) -> Result<BookAnswer, Error> {
    subject.system().book_draft(&subject.tenant(), request, key).await
}

fn request(number: u32) -> String {
    format!(r#"{{"draftInvoice":{{"draftInvoiceNumber":{number}}}}}"#)
}

#[tokio::test]
async fn the_bytes_of_a_booking_are_the_channels() {
    let subject = open().await;
    for (channel, bytes) in [
        (Channel::SesEmail, r#"{"draftInvoice":{"draftInvoiceNumber":12}}"#),
        (Channel::None, r#"{"draftInvoice":{"draftInvoiceNumber":12}}"#),
        (Channel::EconomicEmail, r#"{"draftInvoice":{"draftInvoiceNumber":12},"sendBy":"Email"}"#),
        (Channel::EconomicEinvoice, r#"{"draftInvoice":{"draftInvoiceNumber":12},"sendBy":"EAN"}"#),
    ] {
        let made = subject.system().booking_request(&subject.tenant(), 12.try_into().unwrap(), channel).unwrap();
        assert_eq!(made, bytes, "{channel:?}");
    }
}

#[tokio::test]
async fn a_missing_draft_is_told_by_404_and_by_its_code() {
    for missing in [MissingDraft::NotFound, MissingDraft::BadRequest] {
        let subject = open().await;
        subject.switch(|switches| switches.missing_draft = missing);
        let answer = book(&subject, &request(987_654), "k").await.unwrap();
        let BookAnswer::NoSuchDraft { words } = answer else { panic!("{answer:?}") };
        assert!(words.contains("E06000") && words.contains("not found"), "{words}");
    }
}

#[tokio::test]
async fn a_gateways_404_tells_nothing_of_a_draft() {
    let subject = open().await;
    subject.fault(PATH, FaultKind::StatusAfterEffect(faults::gateway(404)));
    let error = book(&subject, &request(12), "k").await.unwrap_err();
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    let again = book(&subject, &request(12), "k").await.unwrap();
    assert!(matches!(again, BookAnswer::Booked(_)), "it was ours all the time");
}

#[tokio::test]
async fn a_gateways_503_before_the_effect_says_perhaps_too() {
    let subject = open().await;
    for kind in [FaultKind::StatusBeforeEffect(faults::gateway(503)), FaultKind::TimeoutBeforeEffect] {
        subject.fault(PATH, kind);
        let error = book(&subject, &request(12), "k").await.unwrap_err();
        assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    }
    assert!(subject.ledger().changes().is_empty());
}

#[tokio::test]
async fn every_nested_reason_of_a_refusal_is_told_and_no_value() {
    let subject = open().await;
    let body = json!({
        "message": "Validation failed. 2 errors found.", "errorCode": "E04300", "httpStatusCode": 400,
        "errors": {
            "paymentTerms": {"errors": [{"propertyName": "paymentTerms", "errorMessage": "PaymentTerms not found.",
                "errorCode": "E07080", "inputValue": "hemmelig"}]},
            "lines": [{"arrayIndex": 3, "unitNetPrice": {"errors": [{"propertyName": "unitNetPrice",
                "errorMessage": "Too many decimals.", "errorCode": "E04740", "inputValue": "hemmelig"}]}}],
        },
    });
    subject.answer_next(PATH, 400, &body);
    let error = book(&subject, &request(12), "k").await.unwrap_err();
    let Error::Refused { words, .. } = &error else { panic!("{error}") };
    for part in [
        "E04300",
        "Validation failed. 2 errors found.",
        "paymentTerms: PaymentTerms not found. (E07080)",
        "lines[3].unitNetPrice: Too many decimals. (E04740)",
    ] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
    assert!(!format!("{error} {error:?}").contains("hemmelig"));
    assert!(subject.ledger().changes().is_empty());
}

#[tokio::test]
async fn a_number_in_use_is_refused() {
    let subject = open().await;
    let request = r#"{"draftInvoice":{"draftInvoiceNumber":12},"bookWithNumber":5001}"#;
    let error = book(&subject, request, "k").await.unwrap_err();
    assert!(matches!(&error, Error::Refused { words, .. } if words.contains("E06010")), "{error}");
    assert!(subject.ledger().changes().is_empty());
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_says_perhaps() {
    let subject = open().await;
    book(&subject, &request(12), "k").await.unwrap();
    let error = book(&subject, &request(13), "k").await.unwrap_err();
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    assert!(error.to_string().contains("another body"), "{error}");
    subject.answer_next(PATH, 400, &json!({"message": "URLChanged: the idempotency key is in use."}));
    let error = book(&subject, &request(13), "k").await.unwrap_err();
    assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    assert_eq!(subject.ledger().effects(EffectKind::InvoiceBooked).len(), 1);
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_refused_without_a_call() {
    let subject = open().await;
    let before = subject.requests().len();
    for key in ["", "a b", "nøgle"] {
        let error = book(&subject, &request(12), key).await.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
    }
    assert_eq!(subject.requests().len(), before);
}

#[tokio::test]
async fn an_old_booked_invoice_does_not_say_what_it_came_of() {
    let subject = open().await;
    subject.switch(|switches| switches.order_number_shown = false);
    let print = &subject.drafts().draft.print;
    let number = subject.by_hand(Deed::BookDraft(subject.drafts().draft.number)).unwrap();
    let found = subject.system().booked_since(&subject.tenant(), &print.customer, print.date).await.unwrap();
    let found = found.iter().find(|one| one.number == number).unwrap();
    assert_eq!((found.came_of, found.gross), (None, print.gross));
}

#[tokio::test]
async fn an_invoice_that_cannot_be_read_is_not_overlooked() {
    let subject = open().await;
    let print = &subject.drafts().draft.print;
    let row = json!({"bookedInvoiceNumber": 5003, "orderNumber": 11, "date": "snart", "currency": "DKK",
        "customer": {"customerNumber": 1}});
    subject.answer_next(PATH, 200, &json!({"collection": [row], "pagination": {"results": 1}}));
    let error = subject.system().booked_since(&subject.tenant(), &print.customer, print.date).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
}

#[tokio::test]
async fn nothing_is_ever_sent_but_reads_and_bookings() {
    let subject = open().await;
    let (system, tenant) = (subject.system(), subject.tenant());
    for row in system.drafts(&tenant, None).await.unwrap().rows {
        let number = row.unwrap().number;
        system.draft(&tenant, number).await.unwrap();
        let _refused_or_booked = book(&subject, &request(number.get()), &format!("k-{number}")).await;
    }
    for entry in subject.requests().iter().filter(|entry| entry.actor == economic_sim::Actor::App) {
        let allowed = entry.method == Method::Get || (entry.method == Method::Post && entry.path == PATH);
        assert!(allowed, "{:?} {}", entry.method, entry.path);
    }
    assert!(subject.ledger().effects(EffectKind::Changed).is_empty());
}

#[tokio::test]
async fn a_booking_that_cannot_be_read_says_perhaps() {
    let subject = open().await;
    for body in [Value::Null, json!({"orderNumber": 12})] {
        subject.answer_next(PATH, 201, &body);
        let error = book(&subject, &request(12), "k").await.unwrap_err();
        assert_eq!(error.happened(), Happened::Perhaps, "{error}");
    }
}
