//! A world written down and read again goes on as if nothing had been.

use serde_json::{Value, json};

use super::super::{Fault, FaultKind, Method, NumberOrText, SimRequest, World};
use super::{Bench, LITEN, at, company_file, liten, text};

const BJORKANGEN: u64 = 1_234_567;

/// The same bench in a world that has been written down and read.
fn copy_of(bench: &Bench) -> Bench {
    let world = World::restore(bench.world.snapshot()).unwrap();
    Bench { world, now: bench.now, token: bench.token.clone() }
}

/// Decimals are text: a double could lose some of one.
fn assert_no_doubles(value: &Value) {
    match value {
        Value::Number(number) => assert!(!number.is_f64(), "{number}"),
        Value::Array(values) => values.iter().for_each(assert_no_doubles),
        Value::Object(values) => values.values().for_each(assert_no_doubles),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[test]
fn the_next_calls_are_answered_alike() {
    let mut bench = Bench::new();
    bench.invoice_contract(1);
    bench.put("/3/invoices/1/bookkeep", &json!({}));
    bench.put("/3/invoices/1/credit", &json!({}));
    bench.put("/3/prices/A/2/10", &json!({"Price": {"Price": 849.5}}));
    bench.put("/3/articles/1", &json!({"Article": {"Description": "Rådgivning"}}));
    bench.switches().contract_reference = NumberOrText::Text;
    let mut copy = copy_of(&bench);
    assert_eq!(copy.world.state(), bench.world.state());
    assert_eq!(copy.world.snapshot(), bench.world.snapshot());
    for (method, path) in [
        (Method::Put, "/3/contracts/2/createinvoice"),
        (Method::Put, "/3/contracts/3/createinvoice"),
        (Method::Put, "/3/invoices/3/bookkeep"),
        (Method::Get, "/3/invoices/3"),
        (Method::Get, "/3/invoices/2"),
        (Method::Get, "/3/prices/sublist/A/2"),
        (Method::Get, "/3/contracts"),
        (Method::Get, "/3/customers/1"),
        (Method::Get, "/3/invoices/3/preview"),
    ] {
        let request = SimRequest::new(method, path).with_json(&json!({}));
        let expected = bench.send(request.clone());
        let answer = copy.send(request);
        assert_eq!(expected.status, 200, "{path}: {}", expected.json_body());
        assert_eq!(answer.status, 200, "{path}: {}", answer.json_body());
        assert_eq!(answer.body, expected.body, "{path}");
        assert_eq!(answer.headers, expected.headers, "{path}");
    }
    assert_eq!(copy.world.snapshot(), bench.world.snapshot());
}

#[test]
fn the_ledger_goes_on_where_it_was() {
    let mut bench = Bench::new();
    bench.invoice_contract(1);
    let mut copy = copy_of(&bench);
    copy.get("/3/invoices");
    let seqs: Vec<u64> = copy.world.ledger().iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(json!(copy.world.ledger()[..2]), json!(bench.world.ledger()));
}

#[test]
fn tokens_live_on_and_spent_ones_stay_spent() {
    let mut bench = Bench::new();
    let first = "grant_type=refresh_token&refresh_token=sim-first-refresh-token-of-liten-00000001";
    let answer = bench.grant(first, None, "not-a-secret-liten");
    let next = text(&answer.json_body(), "/refresh_token");
    let code = bench.world.issue_code(LITEN, bench.now).unwrap();
    let mut copy = copy_of(&bench);
    let mut ask = |form: &str| copy.grant(form, None, "not-a-secret-liten").status;
    assert_eq!(ask(first), 400);
    assert_eq!(ask(&format!("grant_type=refresh_token&refresh_token={next}")), 200);
    assert_eq!(ask(&format!("grant_type=authorization_code&code={code}")), 200);
}

#[test]
fn the_rate_window_is_not_opened_by_a_restart() {
    let mut bench = Bench::new();
    let request =
        SimRequest::new(Method::Get, "/3/me").with_header("Authorization", &format!("Bearer {}", bench.token));
    for _ in 0..25 {
        assert_eq!(bench.world.handle(bench.now, &request).status, 200);
    }
    let mut copy = copy_of(&bench);
    assert_eq!(copy.world.handle(copy.now, &request).status, 429);
}

#[test]
fn faults_still_waiting_are_left_behind_and_struck_ones_stay_in_the_ledger() {
    let mut bench = Bench::new();
    bench.world.inject(Fault::next_on("/3/me", FaultKind::DropBeforeEffect));
    bench.world.inject(Fault::next_on("/3/me", FaultKind::DropAfterEffect));
    bench.get("/3/me");
    let copy = copy_of(&bench);
    assert!(copy.world.faults().is_empty());
    assert_eq!(copy.world.ledger().last().unwrap().fault, Some(FaultKind::DropBeforeEffect));
}

#[test]
fn a_whole_company_with_all_its_invoices_survives() {
    let file = company_file(include_str!("../../../companies/bjorkangen.json"));
    let mut world = World::new(vec![file, liten()], at("2026-01-01T08:00:00Z")).unwrap();
    let numbers: Vec<String> = world.state()["companies"][0]["contracts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contract| text(contract, "/DocumentNumber"))
        .collect();
    for number in numbers {
        let path = format!("/3/contracts/{number}/createinvoice");
        let request = SimRequest::new(Method::Put, &path)
            .with_header("X-Sim-Actor", "person")
            .with_header("X-Sim-Tenant", &BJORKANGEN.to_string());
        world.handle(at("2026-01-01T08:00:00Z"), &request);
    }
    let snapshot = world.snapshot();
    assert_no_doubles(&snapshot);
    // As text and back, which is the way through a file.
    let read = serde_json::from_str(&snapshot.to_string()).unwrap();
    let copy = World::restore(read).unwrap();
    assert!(copy.state()["companies"][0]["invoices"].as_array().unwrap().len() > 30);
    assert_eq!(copy.state(), world.state());
    assert_eq!(copy.snapshot(), snapshot);
}

#[test]
fn what_is_no_snapshot_is_refused() {
    let bench = Bench::new();
    assert!(World::restore(json!({})).is_err());
    let company = format!("/companies/{LITEN}");
    for (pointer, name, wrong) in [
        ("", "weather", json!("fair")),
        (company.as_str(), "weather", json!("fair")),
        (&format!("{company}/contracts/1/head"), "Weather", json!("fair")),
        (&format!("{company}/contracts/1/head"), "PeriodStart", json!("2026-02-30")),
        (&format!("{company}/customers/entries/1/record"), "Active", json!("yes")),
        (&format!("{company}/invoices"), "one", json!({})),
    ] {
        let mut snapshot = bench.world.snapshot();
        snapshot.pointer_mut(pointer).unwrap()[name] = wrong;
        assert!(World::restore(snapshot).is_err(), "{pointer} {name}");
    }
}
