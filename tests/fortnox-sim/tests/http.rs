//! The simulator over a real socket: the same rules as in process, and the faults that only a wire can show.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use chrono::{DateTime, Utc};
use fortnox_sim::{EffectKind, Fault, FaultKind, LedgerEntry, Simulator, SimulatorOptions};
use serde_json::json;
use support::{PERSON, call, liten};

const BASIC: &str = "Basic c2ltLWNsaWVudC1saXRlbjpub3QtYS1zZWNyZXQtbGl0ZW4=";

async fn start() -> Simulator {
    let start_at = Some("2026-01-01T08:00:00Z".parse().unwrap());
    Simulator::start(SimulatorOptions { start_at, ..liten() }).await.unwrap()
}

async fn token(simulator: &Simulator) -> String {
    let headers = [("Authorization", BASIC), ("TenantId", "7654321")];
    let form = "grant_type=client_credentials";
    let answer = call(&simulator.base_url(), "POST", "/oauth-v1/token", &headers, form).await;
    let token = answer.unwrap().json()["access_token"].clone();
    format!("Bearer {}", token.as_str().unwrap())
}

#[tokio::test]
async fn an_invoice_is_made_booked_and_sent_over_http() {
    let simulator = start().await;
    let bearer = token(&simulator).await;
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    for (method, path) in
        [("PUT", "/3/contracts/1/createinvoice"), ("PUT", "/3/invoices/1/bookkeep"), ("GET", "/3/invoices/1/email")]
    {
        let answer = call(&simulator.base_url(), method, path, &headers, "{}").await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
    }
    let invoice = call(&simulator.base_url(), "GET", "/3/invoices/1", &headers, "").await.unwrap();
    let invoice = &invoice.json()["Invoice"];
    assert_eq!(invoice["Booked"], true);
    assert_eq!(invoice["Sent"], true);
    assert_eq!(invoice["InvoiceDate"], "2026-01-01");
    let pdf = call(&simulator.base_url(), "GET", "/3/invoices/1/preview", &headers, "").await.unwrap();
    assert!(pdf.body.starts_with(b"%PDF-"));

    let ledger = call(&simulator.base_url(), "GET", "/_sim/ledger?since=1", &[], "").await.unwrap();
    let ledger: Vec<LedgerEntry> = serde_json::from_value(ledger.json()).unwrap();
    let effects: Vec<EffectKind> =
        ledger.iter().flat_map(|entry| entry.effects.iter().map(|effect| effect.kind)).collect();
    assert_eq!(
        effects,
        [
            EffectKind::InvoiceCreated,
            EffectKind::ContractChanged,
            EffectKind::InvoiceBooked,
            EffectKind::EmailSent,
            EffectKind::MarkedSent,
        ]
    );
    simulator.stop().await;
}

#[tokio::test]
async fn a_dropped_connection_carries_no_byte_and_the_effect_stays() {
    let simulator = start().await;
    let bearer = token(&simulator).await;
    let headers = [("Authorization", bearer.as_str())];
    simulator.with_world(|world| {
        world.inject(Fault::next_on("createinvoice", FaultKind::DropAfterEffect));
    });
    let path = "/3/contracts/1/createinvoice";
    assert!(call(&simulator.base_url(), "PUT", path, &headers, "").await.is_err());
    let last = simulator.ledger().pop().unwrap();
    assert_eq!(last.status, None);
    assert_eq!(last.effects[0].kind, EffectKind::InvoiceCreated);
    let next = call(&simulator.base_url(), "GET", "/3/invoices/1", &headers, "").await;
    assert_eq!(next.unwrap().status, 200);
}

#[tokio::test]
async fn a_held_answer_never_comes_and_stopping_ends_the_wait() {
    let simulator = start().await;
    let bearer = token(&simulator).await;
    let headers = [("Authorization", bearer.as_str())];
    simulator.with_world(|world| {
        for _ in 0..2 {
            world.inject(Fault::next_on("/3/me", FaultKind::TimeoutBeforeEffect));
        }
    });
    // The client's own patience, not a wait for something to happen.
    let patience = Duration::from_millis(50);
    let base_url = simulator.base_url();
    let waiting = call(&base_url, "GET", "/3/me", &headers, "");
    assert!(tokio::time::timeout(patience, waiting).await.is_err());
    // Stopped by its owner, the simulator lets go of whoever still waits.
    let waiting = call(&base_url, "GET", "/3/me", &headers, "");
    let (answer, ()) = tokio::join!(waiting, simulator.stop());
    assert!(answer.is_err());
}

#[tokio::test]
async fn the_clock_moves_and_runs_on() {
    let simulator = start().await;
    let moved = json!({"now": "2026-03-29T00:59:59Z"}).to_string();
    let answer = call(&simulator.base_url(), "PUT", "/_sim/clock", &[], &moved).await.unwrap();
    assert_eq!(answer.status, 200);
    let now: DateTime<Utc> = simulator.now();
    assert_eq!(now.date_naive().to_string(), "2026-03-29");
    let path = "/3/contracts/1/createinvoice";
    let made = call(&simulator.base_url(), "PUT", path, &PERSON, "").await.unwrap();
    assert_eq!(made.json()["Invoice"]["InvoiceDate"], "2026-03-29");
    let offset = json!({"offset_ms": 0}).to_string();
    call(&simulator.base_url(), "PUT", "/_sim/clock", &[], &offset).await.unwrap();
    assert!(simulator.now() > now);
    let nonsense = call(&simulator.base_url(), "PUT", "/_sim/clock", &[], "{}").await;
    assert_eq!(nonsense.unwrap().status, 400);
}

#[tokio::test]
async fn a_taken_port_is_an_error_with_the_port() {
    let simulator = start().await;
    let port = simulator.base_url().rsplit(':').next().unwrap().parse();
    let Err(error) = Simulator::start(SimulatorOptions { port: port.unwrap(), ..SimulatorOptions::default() }).await
    else {
        panic!("two simulators on one port");
    };
    assert!(error.to_string().contains("cannot listen"));
}
