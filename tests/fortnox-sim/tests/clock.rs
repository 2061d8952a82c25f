//! A clock that belongs to whoever started the simulator.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use fortnox_sim::{Clock, Simulator, SimulatorOptions, StartError};
use serde_json::json;
use support::{PERSON, call, liten};

/// A clock that stands still until it is moved, and the handle that moves it.
fn standing(at: &str) -> (Clock, Arc<Mutex<DateTime<Utc>>>) {
    let hand = Arc::new(Mutex::new(at.parse().unwrap()));
    let seen = Arc::clone(&hand);
    (Arc::new(move || *seen.lock().unwrap()), hand)
}

#[tokio::test]
async fn simulated_time_is_exactly_the_callers() {
    let (clock, hand) = standing("2026-01-31T22:59:59Z");
    let simulator = Simulator::start(SimulatorOptions { clock: Some(clock), ..liten() }).await.unwrap();
    let mut dates = Vec::new();
    for now in ["2026-01-31T22:59:59Z", "2026-01-31T23:00:00Z"] {
        *hand.lock().unwrap() = now.parse().unwrap();
        let path = "/3/contracts/1/createinvoice";
        let made = call(&simulator.base_url(), "PUT", path, &PERSON, "").await.unwrap();
        dates.push(made.json()["Invoice"]["InvoiceDate"].as_str().unwrap().to_owned());
        assert_eq!(simulator.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true), now);
        assert_eq!(simulator.ledger().last().unwrap().at, simulator.now());
    }
    // The second is Swedish midnight.
    assert_eq!(dates, ["2026-01-31", "2026-02-01"]);
}

#[tokio::test]
async fn nobody_else_can_move_it_and_the_refusal_says_who_can() {
    let (clock, _hand) = standing("2026-01-31T06:00:00Z");
    let simulator = Simulator::start(SimulatorOptions { clock: Some(clock), ..liten() }).await.unwrap();
    let before = simulator.now();
    let error = simulator.set_now("2026-03-01T06:00:00Z".parse().unwrap()).unwrap_err();
    assert!(error.to_string().contains("SimulatorOptions::clock"));
    for change in [json!({"now": "2026-03-01T06:00:00Z"}), json!({"offset_ms": 0})] {
        let answer = call(&simulator.base_url(), "PUT", "/_sim/clock", &[], &change.to_string()).await.unwrap();
        assert_eq!(answer.status, 409);
        assert_eq!(answer.json()["error"], error.to_string());
    }
    let read = call(&simulator.base_url(), "GET", "/_sim/clock", &[], "").await.unwrap();
    assert_eq!(read.json()["now"], json!(before));
    assert_eq!(simulator.now(), before);
}

#[tokio::test]
async fn two_clocks_do_not_start() {
    let (clock, _hand) = standing("2026-01-31T06:00:00Z");
    let options = SimulatorOptions { clock: Some(clock), start_at: Some(Utc::now()), ..liten() };
    assert!(format!("{options:?}").contains("the caller's"));
    assert!(matches!(Simulator::start(options).await, Err(StartError::TwoClocks)));
}
