//! No call changes or deletes anything; one books.

use chrono::NaiveDate;
use economic::{Dated, DocumentId, DraftFilter, IdempotencyKey, SendBy};

use crate::fake::{APP, GRANT, Reply, booked, customer, draft, session};

#[tokio::test]
async fn every_call_is_a_get_except_for_the_booking() {
    let (session, economic) = session(Reply::ok("{}"));
    let day = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
    let _ = session.self_info().await;
    let _ = session.drafts_after(None, &DraftFilter::default()).await;
    let _ = session.draft(draft(1)).await;
    let _ = session.booked_after(customer(1), Dated::On(day), None).await;
    let _ = session.booked_of(customer(1), Dated::From(day)).await;
    let _ = session.booked(booked(1)).await;
    let _ = session.booked_pdf(booked(1)).await;
    let _ = session.customer(customer(1)).await;
    let _ = session.contacts(customer(1)).await;
    let _ = session.accounting_years().await;
    let _ = session.periods("2026").await;
    let _ = session.subscribers(None).await;
    let _ = session.q2c_draft(DocumentId::new(1).unwrap()).await;
    let _ = session.q2c_draft_by_number(draft(1)).await;
    let reads = economic.seen();
    assert_eq!(reads.len(), 14, "one request each");
    for seen in &reads {
        assert_eq!((seen.method.as_str(), &seen.body), ("GET", &None), "{}", seen.path);
        assert!(!seen.headers.contains_key("Idempotency-Key"), "{}", seen.path);
    }

    let body = session.booking_body(draft(1), SendBy::None);
    let _ = session.book(&body, &IdempotencyKey::new("k").unwrap()).await;
    let all = economic.seen();
    let written: Vec<_> =
        all.iter().filter(|seen| seen.method != "GET").map(|seen| (&*seen.method, &*seen.path)).collect();
    assert_eq!(written, [("POST", "restapi.e-conomic.com/invoices/booked")]);
    for seen in &all {
        assert_eq!(
            (&seen.headers["X-AppSecretToken"], &seen.headers["X-AgreementGrantToken"]),
            (&APP.parse().unwrap(), &GRANT.parse().unwrap())
        );
        assert!(
            seen.headers["X-AppSecretToken"].is_sensitive() && seen.headers["X-AgreementGrantToken"].is_sensitive()
        );
        assert!(seen.headers["User-Agent"].to_str().unwrap().starts_with("economic-rs/"));
    }
}

/// The code that makes requests knows two methods.
#[test]
fn the_source_knows_no_way_to_delete_or_replace() {
    for source in [include_str!("../../src/call.rs"), include_str!("../../src/client.rs")] {
        for method in ["Method::DELETE", "Method::PUT", "Method::PATCH"] {
            assert!(!source.contains(method), "{method}");
        }
    }
}
