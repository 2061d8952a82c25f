//! The rules in process. Every expectation is a fact about e-conomic or a switch that stands for an open one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use economic_sim::{
    Actor, BrokenPdf, Delivery, EffectKind, EmailWithoutAddress, Fault, FaultAnswer, FaultKind, Method, MissingDraft,
    SimRequest, World,
};
use serde_json::json;
use support::{Bench, TENANT};

#[test]
fn tokens_are_looked_at() {
    let mut bench = Bench::new();
    let bare = SimRequest::new(Method::Get, "/self");
    let answer = bench.world.handle(bench.now, &bare);
    assert_eq!((answer.status, answer.json_body()["errorCode"].as_str()), (401, Some("E02250")));
    for name in ["X-CallCost", "X-RateLimiting", "X-RequestId"] {
        assert!(answer.header(name).is_some(), "{name}");
    }
    let demo = |method, path| {
        let request = SimRequest::new(method, path).with_header("X-AppSecretToken", "demo");
        request.with_header("X-AgreementGrantToken", "demo")
    };
    assert_eq!(bench.world.handle(bench.now, &demo(Method::Get, "/self")).status, 200);
    let write = bench.world.handle(bench.now, &demo(Method::Post, "/invoices/drafts"));
    assert_eq!((write.status, write.json_body()["errorCode"].as_str()), (403, Some("E02002")));
    bench.world.set_consent(TENANT, false);
    assert_eq!(bench.get("/self").status, 401);
    bench.world.set_consent(TENANT, true);
    let me = bench.get("/self");
    assert_eq!((me.status, me.json_body()["agreementNumber"].as_u64()), (200, Some(TENANT)));
    assert_eq!(me.header("content-type"), Some("application/json; charset=utf-8"));
}

#[test]
fn the_bucket_empties_and_refills() {
    let mut bench = Bench::new();
    bench.switches().token_limit = 6;
    bench.switches().retry_after_seconds = Some(7);
    assert_eq!(bench.get("/self").header("x-ratelimiting"), Some("token-limit-6-per-60-seconds: 3/6"));
    assert_eq!(bench.get("/self").status, 200);
    let empty = bench.get("/self");
    assert_eq!((empty.status, empty.header("retry-after")), (429, Some("7")));
    bench.later(30);
    assert_eq!(bench.get("/self").status, 200);
    assert_eq!(bench.get("/self").status, 429);
}

#[test]
fn reading_calls_answer() {
    let mut bench = Bench::new();
    for path in [
        "/customers",
        "/customers/101",
        "/customers/114/contacts",
        "/customers/114/contacts/1",
        "/accounting-years",
        "/accounting-years/2026/periods",
        "/layouts",
        "/layouts/21",
        "/payment-terms",
        "/products/1",
        "/invoices/drafts/1",
        "/invoices/booked",
        "/invoices/sent",
        "/invoices/drafts/1/templates/booking-instructions",
        "/customersapi/v3.1.0/Contacts",
        "/subscriptionsapi/v6.0.3/subscribers",
        "/q2capi/v5.3.0/invoices/drafts/1",
        "/q2capi/v5.3.0/invoices/drafts?filter=draftInvoiceNumber$eq:3",
        "/q2capi/v5.3.0/invoices/drafts/count",
    ] {
        assert_eq!(bench.get(path).status, 200, "{path}");
    }
    for path in ["/invoices/drafts/999", "/invoices/booked/1", "/customers/1", "/nonsense"] {
        assert_eq!(bench.get(path).status, 404, "{path}");
    }
    let problem = bench.get("/q2capi/v5.3.0/invoices/drafts?filter=lastUpdated$gt:2026-01-01");
    assert_eq!(problem.status, 400);
    assert_eq!(problem.header("content-type"), Some("application/problem+json; charset=utf-8"));
    bench.switches().accounting_years_forbidden = true;
    assert_eq!(bench.get("/accounting-years").status, 403);
}

#[test]
fn lists_have_pages_filters_and_sorting() {
    let mut bench = Bench::new();
    let first = bench.get("/invoices/drafts?pagesize=20").json_body();
    assert_eq!(first["collection"].as_array().unwrap().len(), 20);
    assert!(first["pagination"]["nextPage"].as_str().unwrap().ends_with("skippages=1&pagesize=20"));
    assert!(first["pagination"]["previousPage"].is_null());
    assert!(first["collection"][0]["lines"].is_null());
    let past = bench.get("/invoices/drafts?skippages=90").json_body();
    assert_eq!(past["collection"], json!([]));
    for (query, results) in [
        ("filter=draftInvoiceNumber$lte:3", 3),
        ("filter=draftInvoiceNumber$in:[1,5]", 2),
        ("filter=(draftInvoiceNumber$eq:1$or:draftInvoiceNumber$eq:2)$and:currency$eq:dkk", 2),
        ("filter=references.other$like:%23send", 1),
        ("filter=currency$ne:DKK", 2),
        ("filter=recipient.ean$ne:$null:", 2),
        ("filter=lastUpdated$gte:2026-03-01T00:00:00Z$and:draftInvoiceNumber$eq:1", 0),
    ] {
        let body = bench.get(&format!("/invoices/drafts?{query}")).json_body();
        assert_eq!(body["pagination"]["results"], json!(results), "{query}");
    }
    let sorted = bench.get("/invoices/drafts?sort=-draftInvoiceNumber&pagesize=1").json_body();
    assert!(sorted["collection"][0]["draftInvoiceNumber"].as_u64().unwrap() > 40);
    for query in ["pagesize=1001", "pagesize=0", "filter=nonsense$eq:1", "sort=lastUpdated", "filter=date"] {
        assert_eq!(bench.get(&format!("/invoices/drafts?{query}")).status, 400, "{query}");
    }
    let refused = bench.get("/invoices/booked?filter=orderNumber$eq:1").json_body();
    assert!(refused["allowedFilteringFields"].is_array());
}

#[test]
fn drafts_are_written_and_deleted() {
    let mut bench = Bench::new();
    let body = bench.sample(1);
    let made = bench.send(Method::Post, "/invoices/drafts", &body);
    assert_eq!(made.status, 201, "{}", made.json_body());
    assert!(made.header("location").is_some());
    let number = made.json_body()["draftInvoiceNumber"].as_u64().unwrap();
    let text = String::from_utf8(made.body).unwrap();
    assert!(text.contains("\"grossAmount\":5250.000000"), "{text}");
    let path = format!("/invoices/drafts/{number}");
    assert_eq!(bench.send(Method::Put, &path, &body).status, 200);
    assert_eq!(bench.send(Method::Put, "/invoices/drafts/900", &body).status, 201);
    let mut empty = body.clone();
    empty.as_object_mut().unwrap().remove("lines");
    assert_eq!(bench.send(Method::Put, &path, &empty).status, 200);
    let shown = bench.get(&path).json_body();
    assert!(shown["lines"].is_null());
    assert!(shown["lastUpdated"].as_str().unwrap().ends_with(":00Z"));
    for (pointer, value) in [
        ("/date", json!(null)),
        ("/currency", json!(null)),
        ("/customer/customerNumber", json!(4)),
        ("/paymentTerms/paymentTermsNumber", json!(4711)),
        ("/lines/0/unitNetPrice", json!(1.005)),
    ] {
        let mut wrong = body.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert_eq!(bench.send(Method::Post, "/invoices/drafts", &wrong).status, 400, "{pointer}");
    }
    let gone = bench.send(Method::Delete, &path, &json!({}));
    assert_eq!((gone.status, gone.json_body()["deletedCount"].as_u64()), (200, Some(1)));
    assert_eq!(bench.send(Method::Delete, &path, &json!({})).status, 404);
    bench.switches().reuse_draft_numbers = true;
    let again = bench.send(Method::Post, "/invoices/drafts", &body).json_body();
    assert_eq!(again["draftInvoiceNumber"], json!(number));
    assert_ne!(again["soap"], shown["soap"]);
    assert_eq!(bench.send(Method::Delete, "/invoices/drafts", &json!({})).status, 500);
    assert_eq!(bench.effects().last(), Some(&EffectKind::AllDraftsDeleted));
}

#[test]
fn booking_takes_the_draft_away() {
    let mut bench = Bench::new();
    let booked = bench.book(1, None, None);
    assert_eq!(booked.status, 201, "{}", booked.json_body());
    let body = booked.json_body();
    assert_eq!(body["bookedInvoiceNumber"], 10_001);
    assert_eq!(body["orderNumber"], 1);
    assert_eq!(body["remainder"], body["grossAmount"]);
    assert_eq!(bench.get("/invoices/drafts/1").status, 404);
    assert_eq!(bench.effects(), [EffectKind::InvoiceBooked]);
    let pdf = bench.get("/invoices/booked/10001/pdf");
    assert!(pdf.body.starts_with(b"%PDF-1."));
    bench.switches().order_number_shown = false;
    assert!(bench.get("/invoices/booked/10001").json_body()["orderNumber"].is_null());
}

#[test]
fn booking_refuses_without_effect() {
    // Number of the sample company's draft, and what is wrong with it or the call.
    for (draft, send_by) in [
        (20, None),
        (21, None),
        (22, None),
        (23, None),
        (1, Some("email")),
        (17, Some("Email")),
        (19, Some("EAN")),
        (1, Some("EAN")),
    ] {
        let mut bench = Bench::new();
        let refused = bench.book(draft, send_by, None);
        assert_eq!(refused.status, 400, "{draft} {send_by:?} {}", refused.json_body());
        assert!(refused.json_body()["errors"].is_object());
        assert_eq!(bench.effects(), []);
    }
    let mut bench = Bench::new();
    assert_eq!(bench.book(999, None, None).status, 404);
    bench.switches().missing_draft = MissingDraft::BadRequest;
    let refused = bench.book(999, None, None);
    assert_eq!((refused.status, refused.json_body()["errorCode"].as_str()), (400, Some("E06000")));
}

#[test]
fn booking_sends_when_asked() {
    for (draft, way, kind, to) in [
        (18, "EAN", EffectKind::EinvoiceSent, "5790001234561"),
        (18, "ean", EffectKind::EinvoiceSent, "5790001234561"),
        (13, "Email", EffectKind::EmailSent, "bogholderi@maarslet.example ejer@maarslet.example"),
    ] {
        let mut bench = Bench::new();
        assert_eq!(bench.book(draft, Some(way), None).status, 201);
        assert_eq!(bench.effects(), [EffectKind::InvoiceBooked, kind]);
        let entry = bench.world.ledger().last().unwrap();
        assert_eq!(entry.effects[1].to.as_deref(), Some(to));
        let sent = bench.get("/invoices/booked/10001/sent").status;
        assert_eq!(sent, if kind == EffectKind::EinvoiceSent { 200 } else { 404 });
    }
    let mut bench = Bench::new();
    bench.switches().email_without_address = EmailWithoutAddress::BookUnsent;
    assert_eq!(bench.book(17, Some("Email"), None).status, 201);
    assert_eq!(bench.effects(), [EffectKind::InvoiceBooked]);
}

#[test]
fn a_key_books_once_within_the_hour() {
    let mut bench = Bench::new();
    let first = bench.book(1, None, Some("k"));
    bench.later(3599);
    let replay = bench.book(1, None, Some("k"));
    assert_eq!((replay.status, &replay.body), (201, &first.body));
    assert_eq!(replay.header("x-resultfromcache"), Some("true"));
    assert_eq!(bench.effects(), [EffectKind::InvoiceBooked]);
    let changed = bench.book(2, None, Some("k"));
    assert_eq!(changed.status, 400);
    assert!(changed.json_body()["message"].as_str().unwrap().contains("PayloadChanged"));
    let body = bench.sample(1);
    let elsewhere = bench.keyed(Method::Post, "/invoices/drafts", &body, Some("k"));
    assert!(elsewhere.json_body()["message"].as_str().unwrap().contains("URLChanged"));
    bench.later(1);
    assert_eq!(bench.book(2, None, Some("k")).status, 201);
}

#[test]
fn whether_a_refusal_is_kept_is_a_switch() {
    for (kept, status) in [(true, 400), (false, 201)] {
        let mut bench = Bench::new();
        bench.switches().store_refusals = kept;
        assert_eq!(bench.book(23, None, Some("k")).status, 400);
        let body = bench.sample(1);
        assert_eq!(bench.by_hand(Method::Put, "/invoices/drafts/23", &body).status, 200);
        assert_eq!(bench.book(23, None, Some("k")).status, status);
    }
}

#[test]
fn a_pdf_may_be_late_or_broken() {
    let mut bench = Bench::new();
    bench.book(1, None, None);
    bench.switches().pdf_late_times = 2;
    let path = "/invoices/booked/10001/pdf";
    assert_eq!([bench.get(path).status, bench.get(path).status, bench.get(path).status], [404, 404, 200]);
    for (pdf, length) in [(BrokenPdf::Empty, 0), (BrokenPdf::NoPdf, 42)] {
        bench.switches().pdf = pdf;
        let answer = bench.get(path);
        assert!(!answer.body.starts_with(b"%PDF"));
        assert_eq!(answer.body.is_empty(), length == 0);
    }
    let request = SimRequest::new(Method::Get, path).with_header("Accept", "application/pdf");
    assert_eq!(bench.app(request).status, 406);
}

#[test]
fn faults_strike_before_or_after_the_effect() {
    let plain =
        FaultAnswer { status: 503, body: "upstream connect error".to_owned(), content_type: "text/plain".to_owned() };
    for (kind, booked, delivery) in [
        (FaultKind::DropBeforeEffect, false, Delivery::DropConnection),
        (FaultKind::DropAfterEffect, true, Delivery::DropConnection),
        (FaultKind::TimeoutAfterEffect, true, Delivery::HoldUntilClientGivesUp),
        (FaultKind::StatusBeforeEffect(plain.clone()), false, Delivery::Answer),
        (FaultKind::StatusAfterEffect(plain), true, Delivery::Answer),
        (FaultKind::RateLimited, false, Delivery::Answer),
        (FaultKind::Unauthorized, false, Delivery::Answer),
        (FaultKind::Delay { ms: 9 }, true, Delivery::DelayThenAnswer(9)),
    ] {
        let mut bench = Bench::new();
        bench.world.inject(Fault::next_on("/invoices/booked", kind.clone()));
        assert_eq!(bench.book(1, None, Some("k")).delivery, delivery, "{kind:?}");
        assert_eq!(!bench.effects().is_empty(), booked, "{kind:?}");
        assert_eq!(bench.book(1, None, Some("k")).status, 201, "{kind:?}");
        assert_eq!(bench.effects(), [EffectKind::InvoiceBooked], "{kind:?}");
    }
}

#[test]
fn a_person_acts_without_tokens_and_faults() {
    let mut bench = Bench::new();
    bench.world.inject(Fault::next_on("/invoices", FaultKind::DropBeforeEffect));
    let body = json!({"draftInvoice": {"draftInvoiceNumber": 1}});
    assert_eq!(bench.by_hand(Method::Post, "/invoices/booked", &body).status, 201);
    assert_eq!(bench.world.ledger().last().unwrap().actor, Actor::Person);
    assert_eq!(bench.world.faults().len(), 1);
}

#[test]
fn a_restored_world_goes_on() {
    let mut bench = Bench::new();
    let first = bench.book(1, None, Some("k"));
    bench.world = World::restore(bench.world.snapshot()).unwrap();
    assert_eq!(bench.book(1, None, Some("k")).body, first.body);
    assert_eq!(bench.book(2, None, None).json_body()["bookedInvoiceNumber"], 10_002);
}
