//! The sample companies load, and hold what they promise to readers.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::super::{Method, SimRequest, World};
use super::{at, company_file, liten};

fn world() -> World {
    let bjorkangen = company_file(include_str!("../../../companies/bjorkangen.json"));
    World::new(vec![bjorkangen, liten()], at("2026-01-01T08:00:00Z")).unwrap()
}

fn by_hand(world: &mut World, method: Method, path: &str) -> Value {
    let request =
        SimRequest::new(method, path).with_header("X-Sim-Actor", "person").with_header("X-Sim-Tenant", "1234567");
    let answer = world.handle(at("2026-01-01T08:00:00Z"), &request);
    assert_eq!(answer.status, 200, "{path}: {}", answer.json_body());
    answer.json_body()
}

fn values<'a>(contracts: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    contracts.iter().filter_map(|contract| contract[field].as_str()).collect()
}

#[test]
fn bjorkangen_covers_what_a_planner_must_meet() {
    let state = world().state();
    let company = &state["companies"][0];
    let contracts = company["contracts"].as_array().unwrap();
    assert!(contracts.len() >= 60);
    assert!(company["customers"].as_array().unwrap().len() >= 30);
    let intervals: BTreeSet<u64> =
        contracts.iter().filter_map(|contract| contract["InvoiceInterval"].as_u64()).collect();
    assert!(intervals.is_superset(&BTreeSet::from([1, 2, 3, 6, 12])));
    assert!(values(contracts, "InvoicesRemaining").is_superset(&BTreeSet::from(["0", "1", "2"])));
    assert!(values(contracts, "Currency").is_superset(&BTreeSet::from(["SEK", "EUR", "NOK"])));
    assert!(values(contracts, "Language").contains("EN"));
    let rates: BTreeSet<String> = contracts
        .iter()
        .flat_map(|contract| contract["InvoiceRows"].as_array().unwrap())
        .map(|row| row["VAT"].to_string())
        .collect();
    assert!(["25", "12", "6", "0"].iter().all(|rate| rates.contains(*rate)));
    for (pointer, wanted) in [
        ("/sim/reading", json!("whole_term")),
        ("/sim/status", json!("FINISHED")),
        ("/sim/status", json!("INACTIVE")),
        ("/sim/next_invoice_covers/start", json!("2025-09-01")),
        ("/sim/next_invoice_covers/start", json!("2026-01-31")),
        ("/sim/next_invoice_covers/start", json!("2026-07-01")),
    ] {
        let found = contracts.iter().any(|contract| contract.pointer(pointer) == Some(&wanted));
        assert!(found, "{pointer} {wanted}");
    }
}

#[test]
fn every_contract_of_bjorkangen_can_be_invoiced_twice_and_printed() {
    let mut world = world();
    let contracts = world.state()["companies"][0]["contracts"].clone();
    for contract in contracts.as_array().unwrap() {
        let number = contract["DocumentNumber"].as_str().unwrap();
        let path = format!("/3/contracts/{number}/createinvoice");
        let first = by_hand(&mut world, Method::Put, &path)["Invoice"].clone();
        let second = by_hand(&mut world, Method::Put, &path)["Invoice"].clone();
        let day = |invoice: &Value, field: &str| -> NaiveDate { invoice[field].as_str().unwrap().parse().unwrap() };
        assert!(day(&second, "InvoicePeriodStart") > day(&first, "InvoicePeriodStart"));
        assert!(day(&first, "InvoicePeriodEnd") >= day(&first, "InvoicePeriodStart"));
        assert_eq!(first["Total"], second["Total"]);
    }
}

#[test]
fn whole_terms_of_bjorkangen_follow_their_last_invoice() {
    let state = world().state();
    let contracts = state["companies"][0]["contracts"].as_array().unwrap();
    for (customer, start) in [("29", "2026-02-28"), ("21", "2026-01-31"), ("3", "2025-09-01")] {
        let found = contracts.iter().any(|contract| {
            contract["CustomerNumber"] == customer
                && contract["sim"]["reading"] == "whole_term"
                && contract["sim"]["next_invoice_covers"]["start"] == start
        });
        assert!(found, "customer {customer}");
    }
}

#[test]
fn swedish_kronor_are_rounded_and_euros_are_not() {
    let mut world = world();
    let state = world.state();
    let contracts = state["companies"][0]["contracts"].as_array().unwrap();
    for contract in contracts {
        let number = contract["DocumentNumber"].as_str().unwrap();
        let path = format!("/3/contracts/{number}/createinvoice");
        let invoice = by_hand(&mut world, Method::Put, &path)["Invoice"].clone();
        if invoice["Currency"] == "SEK" {
            assert!(invoice["Total"].is_i64() || invoice["Total"].is_u64(), "{number}");
        } else {
            assert_eq!(invoice["RoundOff"], 0);
        }
    }
}

#[test]
fn prices_with_vat_are_taken_apart() {
    let mut world = world();
    let state = world.state();
    let contracts = state["companies"][0]["contracts"].as_array().unwrap();
    let private = contracts.iter().find(|contract| contract["CustomerNumber"] == "11").unwrap();
    let number = private["DocumentNumber"].as_str().unwrap();
    let path = format!("/3/contracts/{number}/createinvoice");
    let invoice = by_hand(&mut world, Method::Put, &path)["Invoice"].clone();
    assert_eq!(invoice["Total"], 999);
    assert_eq!(invoice["Net"], json!(799.2));
    assert_eq!(invoice["TotalVAT"], json!(199.8));
}

#[test]
fn a_file_that_fortnox_would_refuse_is_refused() {
    let mut file = liten();
    file.contracts[0].insert("OurReference".to_owned(), json!("x".repeat(26)));
    let Err(error) = World::new(vec![file], at("2026-01-01T08:00:00Z")) else {
        panic!("loaded");
    };
    let text = error.to_string();
    assert!(text.contains("Contract 1") && text.contains("2000107"), "{text}");
}
