//! Tokens, scopes, persons, and the rate window.

use chrono::TimeDelta;
use serde_json::json;

use super::super::{Actor, Method, RateLimitBody, SimRequest};
use super::{Bench, LITEN, at, error_code, text};

const SECRET: &str = "not-a-secret-liten";
const FIRST_REFRESH_TOKEN: &str = "sim-first-refresh-token-of-liten-00000001";

#[test]
fn a_call_without_a_good_token_is_unauthorized() {
    let mut bench = Bench::new();
    bench.token = "someone-elses".to_owned();
    let answer = bench.get("/3/invoices");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json_body(), json!({"message": "unauthorized"}));
}

#[test]
fn an_access_token_lives_an_hour() {
    let mut bench = Bench::new();
    bench.now += TimeDelta::seconds(3590);
    assert_eq!(bench.get("/3/invoices").status, 200);
    bench.now += TimeDelta::seconds(30);
    assert_eq!(bench.get("/3/invoices").status, 401);
}

#[test]
fn client_credentials_bring_no_refresh_token() {
    let mut bench = Bench::new();
    let answer = bench.grant("grant_type=client_credentials", Some(LITEN), SECRET);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json_body();
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["token_type"], "bearer");
    assert!(body.get("refresh_token").is_none());
    let elsewhere = bench.grant("grant_type=client_credentials", Some(1), SECRET);
    assert_eq!(elsewhere.status, 400);
}

#[test]
fn a_refresh_token_works_once() {
    let mut bench = Bench::new();
    let form = format!("grant_type=refresh_token&refresh_token={FIRST_REFRESH_TOKEN}");
    let first = bench.grant(&form, None, SECRET).json_body();
    let second_token = text(&first, "/refresh_token");
    assert_eq!(second_token.len(), 40);
    let spent = bench.grant(&form, None, SECRET);
    assert_eq!(spent.status, 400);
    assert_eq!(spent.header("content-type"), Some("text/html; charset=UTF-8"));
    assert_eq!(spent.json_body(), json!({"error": "invalid_grant", "error_description": "Invalid refresh token"}));
    let form = format!("grant_type=refresh_token&refresh_token={second_token}");
    assert_eq!(bench.grant(&form, None, SECRET).status, 200);
}

#[test]
fn a_wrong_secret_is_answered_as_plain_text() {
    let mut bench = Bench::new();
    let answer = bench.grant("grant_type=client_credentials", Some(LITEN), "guessed");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("content-type"), Some("text/plain;charset=UTF-8"));
    assert_eq!(
        answer.json_body(),
        json!({
            "error": "invalid_client",
            "error_description": "The client credentials are invalid",
        })
    );
}

#[test]
fn a_code_is_exchanged_once_and_within_ten_minutes() {
    let mut bench = Bench::new();
    let code = bench.world.issue_code(LITEN, bench.now).unwrap();
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri=https%3A%2F%2Fx");
    assert_eq!(bench.grant(&form, None, SECRET).status, 200);
    assert_eq!(bench.grant(&form, None, SECRET).status, 400);
    let code = bench.world.issue_code(LITEN, bench.now).unwrap();
    bench.now += TimeDelta::minutes(11);
    let form = format!("grant_type=authorization_code&code={code}");
    assert_eq!(bench.grant(&form, None, SECRET).status, 400);
}

#[test]
fn a_missing_scope_has_the_status_of_the_switch() {
    let mut file = super::liten();
    file.access.scopes = vec!["customer".to_owned()];
    let now = at("2026-01-01T08:00:00Z");
    let mut bench = Bench::new();
    bench.world = super::World::new(vec![file], now).unwrap();
    let answer = bench.grant("grant_type=client_credentials", Some(LITEN), SECRET);
    bench.token = text(&answer.json_body(), "/access_token");
    assert_eq!(bench.get("/3/customers").status, 200);
    let refused = bench.get("/3/contracts");
    assert_eq!((refused.status, error_code(&refused)), (400, 2_000_663));
    bench.switches().scope_error_status = 403;
    assert_eq!(bench.get("/3/contracts").status, 403);
}

#[test]
fn the_window_takes_twenty_five_calls_in_five_seconds() {
    let mut bench = Bench::new();
    let request =
        SimRequest::new(Method::Get, "/3/me").with_header("Authorization", &format!("Bearer {}", bench.token));
    let start = bench.now;
    let mut status = |ms: i64| {
        let now = start + TimeDelta::milliseconds(ms);
        bench.world.handle(now, &request).status
    };
    for call in 0..25 {
        assert_eq!(status(call * 10), 200);
    }
    assert_eq!(status(300), 429);
    assert_eq!(status(4999), 429);
    // The 24 first calls have slid out by now; two refused ones still count.
    assert_eq!(status(5235), 200);
}

#[test]
fn refused_calls_keep_the_door_shut() {
    let mut bench = Bench::new();
    let request =
        SimRequest::new(Method::Get, "/3/me").with_header("Authorization", &format!("Bearer {}", bench.token));
    let mut last = 0;
    for call in 0..200 {
        let now = bench.now + TimeDelta::milliseconds(call * 100);
        last = bench.world.handle(now, &request).status;
    }
    assert_eq!(last, 429, "ten calls a second never get through again");
}

#[test]
fn a_429_has_the_shape_of_the_switches() {
    let mut bench = Bench::new();
    for (body, seconds, content_type) in
        [(RateLimitBody::Empty, None, None), (RateLimitBody::Html, Some(2), Some("text/html"))]
    {
        bench.switches().rate_limit_body = body;
        bench.switches().retry_after_seconds = seconds;
        bench.world.inject(super::super::Fault::next_on("/3/me", super::super::FaultKind::RateLimited));
        let answer = bench.get("/3/me");
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("retry-after"), seconds.map(|_| "2"));
    }
}

#[test]
fn a_person_needs_no_token_and_uses_no_window() {
    let mut bench = Bench::new();
    let request = SimRequest::new(Method::Put, "/3/contracts/1/createinvoice")
        .with_header("X-Sim-Actor", "person")
        .with_header("X-Sim-Tenant", "7654321");
    for _ in 0..30 {
        assert_eq!(bench.world.handle(bench.now, &request).status, 200);
    }
    let entry = bench.world.ledger().last().unwrap().clone();
    assert_eq!((entry.actor, entry.tenant), (Actor::Person, Some(LITEN)));
    assert_eq!(bench.get("/3/invoices").status, 200);
}

#[test]
fn dates_are_swedish() {
    let mut bench = Bench::new();
    bench.now = at("2026-01-31T22:59:00Z");
    let answer = bench.grant("grant_type=client_credentials", Some(LITEN), SECRET);
    bench.token = text(&answer.json_body(), "/access_token");
    assert_eq!(bench.invoice_contract(1)["Invoice"]["InvoiceDate"], "2026-01-31");
    bench.now = at("2026-01-31T23:00:00Z");
    assert_eq!(bench.invoice_contract(1)["Invoice"]["InvoiceDate"], "2026-02-01");
}

#[test]
fn the_ledger_and_the_state_hold_no_tokens() {
    let mut bench = Bench::new();
    let form = format!("grant_type=refresh_token&refresh_token={FIRST_REFRESH_TOKEN}");
    bench.grant(&form, None, SECRET);
    bench.get("/3/contracts");
    let ledger = serde_json::to_string(bench.world.ledger()).unwrap();
    let all = ledger + &bench.world.state().to_string();
    for secret in [bench.token.as_str(), FIRST_REFRESH_TOKEN, SECRET] {
        assert!(!all.contains(secret));
    }
}
