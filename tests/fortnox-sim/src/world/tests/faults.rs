//! Faults: what the client sees, and what happened all the same.

use serde_json::json;

use super::super::{Delivery, EffectKind, Fault, FaultAnswer, FaultKind, FaultMatch, Method};
use super::{Bench, LITEN};

fn wrong(status: u16) -> FaultAnswer {
    FaultAnswer { status, body: "<h1>oj</h1>".to_owned(), content_type: "text/html".to_owned() }
}

#[test]
fn a_fault_after_the_effect_hides_it_and_the_ledger_shows_it() {
    for (kind, delivery, status) in [
        (FaultKind::TimeoutAfterEffect, Delivery::HoldUntilClientGivesUp, None),
        (FaultKind::DropAfterEffect, Delivery::DropConnection, None),
        (FaultKind::StatusAfterEffect(wrong(500)), Delivery::Answer, Some(500)),
    ] {
        let mut bench = Bench::new();
        bench.world.inject(Fault::next_on("createinvoice", kind.clone()));
        let answer = bench.put("/3/contracts/1/createinvoice", &json!({}));
        assert_eq!(answer.delivery, delivery);
        let entry = bench.world.ledger().last().unwrap().clone();
        assert_eq!(entry.status, status);
        assert_eq!(entry.fault, Some(kind));
        assert_eq!(entry.effects[0].kind, EffectKind::InvoiceCreated);
        assert_eq!(bench.document("/3/contracts/1")["PeriodStart"], "2026-02-01");
    }
}

#[test]
fn a_fault_before_the_effect_prevents_it() {
    for kind in [
        FaultKind::TimeoutBeforeEffect,
        FaultKind::DropBeforeEffect,
        FaultKind::StatusBeforeEffect(wrong(503)),
        FaultKind::RateLimited,
        FaultKind::Unauthorized,
    ] {
        let mut bench = Bench::new();
        bench.world.inject(Fault::next_on("createinvoice", kind));
        bench.put("/3/contracts/1/createinvoice", &json!({}));
        assert!(bench.world.ledger().last().unwrap().effects.is_empty());
        assert_eq!(bench.document("/3/contracts/1")["PeriodStart"], "2026-01-01");
        bench.invoice_contract(1);
    }
}

#[test]
fn a_fault_skips_strikes_and_is_used_up() {
    let mut bench = Bench::new();
    bench.world.inject(Fault {
        matching: FaultMatch {
            method: Some(Method::Get),
            path_contains: Some("/3/invoices".to_owned()),
            tenant: Some(LITEN),
        },
        kind: FaultKind::StatusBeforeEffect(wrong(502)),
        times: 2,
        skip: 1,
    });
    let statuses: Vec<u16> = (0..5).map(|_| bench.get("/3/invoices").status).collect();
    assert_eq!(statuses, [200, 502, 502, 200, 200]);
    assert!(bench.world.faults().is_empty());
    assert_eq!(bench.get("/3/customers").status, 200);
}

#[test]
fn a_lost_refresh_leaves_the_token_spent() {
    let mut bench = Bench::new();
    bench.world.inject(Fault::next_on("oauth-v1/token", FaultKind::DropAfterEffect));
    let form = "grant_type=refresh_token&refresh_token=sim-first-refresh-token-of-liten-00000001";
    let lost = bench.grant(form, None, "not-a-secret-liten");
    assert_eq!(lost.delivery, Delivery::DropConnection);
    assert_eq!(bench.grant(form, None, "not-a-secret-liten").status, 400);
}

#[test]
fn faults_and_switches_come_in_as_json() {
    let mut bench = Bench::new();
    let control = |bench: &mut Bench, method, path: &str, body| {
        let request = super::SimRequest::new(method, path).with_json(&body);
        bench.world.handle(bench.now, &request)
    };
    let fault = json!({
        "match": {"method": "PUT", "path_contains": "bookkeep"},
        "kind": "status_after_effect", "status": 500, "times": 3,
    });
    let listed = control(&mut bench, Method::Post, "/_sim/faults", fault);
    assert_eq!(listed.json_body()[0]["times"], 3);
    assert_eq!(listed.json_body()[0]["kind"], "status_after_effect");
    let cleared = control(&mut bench, Method::Delete, "/_sim/faults", json!(null));
    assert_eq!(cleared.json_body(), json!([]));
    let delay = json!({"kind": "delay", "ms": 40});
    control(&mut bench, Method::Post, "/_sim/faults", delay);
    let answer = bench.get("/3/me");
    assert_eq!(answer.delivery, Delivery::DelayThenAnswer(40));

    let path = "/_sim/switches?tenant=7654321";
    let turned = control(&mut bench, Method::Put, path, json!({"period_reading": "whole_term"}));
    assert_eq!(turned.json_body()["7654321"]["period_reading"], "whole_term");
    let unknown = control(&mut bench, Method::Put, path, json!({"perod_reading": 1}));
    assert_eq!(unknown.status, 400);
    let ledger = control(&mut bench, Method::Get, "/_sim/ledger?since=1", json!(null));
    assert_eq!(ledger.json_body().as_array().unwrap().len(), 1);
}
