//! Tests of the rules, in process. Every expectation is a fact about Fortnox or a switch that stands for an open one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod contracts;
mod faults;
mod invoices;
mod lists;
mod preflight;
mod prices;
mod rows;
mod samples;
mod snapshot;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Method, SimRequest, SimResponse, Switches, World};
use crate::company_file::CompanyFile;

/// The tenant of the small sample company.
pub(super) const LITEN: u64 = 7_654_321;

/// The small sample company on New Year's Day, with an access token.
pub(super) struct Bench {
    pub(super) world: World,
    pub(super) now: DateTime<Utc>,
    pub(super) token: String,
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn company_file(text: &str) -> CompanyFile {
    serde_json::from_str(text).unwrap()
}

pub(super) fn liten() -> CompanyFile {
    company_file(include_str!("../../../companies/liten.json"))
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with some switches turned before anything is loaded.
    pub(super) fn with(turn: impl FnOnce(&mut Switches)) -> Self {
        let mut file = liten();
        turn(&mut file.switches);
        let now = at("2026-01-01T08:00:00Z");
        let mut bench = Self { world: World::new(vec![file], now).unwrap(), now, token: String::new() };
        let answer = bench.grant("grant_type=client_credentials", Some(LITEN), "not-a-secret-liten");
        bench.token = text(&answer.json_body(), "/access_token");
        bench
    }

    pub(super) fn switches(&mut self) -> &mut Switches {
        self.world.switches_mut(LITEN).unwrap()
    }

    pub(super) fn grant(&mut self, form: &str, tenant: Option<u64>, secret: &str) -> SimResponse {
        let basic = STANDARD.encode(format!("sim-client-liten:{secret}"));
        let mut request =
            SimRequest::new(Method::Post, "/oauth-v1/token").with_header("Authorization", &format!("Basic {basic}"));
        if let Some(tenant) = tenant {
            request = request.with_header("TenantId", &tenant.to_string());
        }
        request.body = form.as_bytes().to_vec();
        self.world.handle(self.now, &request)
    }

    pub(super) fn send(&mut self, request: SimRequest) -> SimResponse {
        let authorization = format!("Bearer {}", self.token);
        let request = request.with_header("Authorization", &authorization);
        // Far enough apart for the rate window.
        self.now += chrono::TimeDelta::seconds(1);
        self.world.handle(self.now, &request)
    }

    pub(super) fn get(&mut self, path: &str) -> SimResponse {
        self.send(SimRequest::new(Method::Get, path))
    }

    pub(super) fn put(&mut self, path: &str, body: &Value) -> SimResponse {
        self.send(SimRequest::new(Method::Put, path).with_json(body))
    }

    pub(super) fn post(&mut self, path: &str, body: &Value) -> SimResponse {
        self.send(SimRequest::new(Method::Post, path).with_json(body))
    }

    /// `createinvoice`, which must succeed. Answers the body.
    pub(super) fn invoice_contract(&mut self, contract: u64) -> Value {
        let path = format!("/3/contracts/{contract}/createinvoice");
        let answer = self.put(&path, &serde_json::json!({}));
        assert_eq!(answer.status, 200, "{}", answer.json_body());
        answer.json_body()
    }

    /// A document's inner object.
    pub(super) fn document(&mut self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{}", answer.json_body());
        let Value::Object(envelope) = answer.json_body() else {
            panic!("no envelope");
        };
        envelope.into_iter().next().unwrap().1
    }

    pub(super) fn effects(&self) -> Vec<super::EffectKind> {
        self.world.ledger().iter().flat_map(|entry| entry.effects.iter().map(|effect| effect.kind)).collect()
    }
}

pub(super) fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

pub(super) fn error_code(answer: &SimResponse) -> u64 {
    let body = answer.json_body();
    let information = &body["ErrorInformation"];
    let code = if information["Code"].is_null() { &information["code"] } else { &information["Code"] };
    code.as_u64().unwrap()
}
