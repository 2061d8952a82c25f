//! The sample company on New Year's Day.

use chrono::{DateTime, TimeDelta, Utc};
use economic_sim::{CompanyFile, EffectKind, Method, SimRequest, SimResponse, Switches, World};
use serde_json::{Value, json};

pub(crate) const TENANT: u64 = 7_654_321;

pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) now: DateTime<Utc>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let file: CompanyFile = serde_json::from_str(include_str!("../../companies/sonderaa.json")).unwrap();
        let now = "2026-01-01T08:00:00Z".parse().unwrap();
        Self { world: World::new(vec![file], now).unwrap(), now }
    }

    pub(crate) fn switches(&mut self) -> &mut Switches {
        self.world.switches_mut(TENANT).unwrap()
    }

    pub(crate) fn later(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    pub(crate) fn app(&mut self, request: SimRequest) -> SimResponse {
        let request = request.with_header("X-AppSecretToken", "not-a-secret-app");
        let request = request.with_header("X-AgreementGrantToken", "not-a-secret-grant-sonderaa");
        self.world.handle(self.now, &request)
    }

    pub(crate) fn get(&mut self, path: &str) -> SimResponse {
        self.app(SimRequest::new(Method::Get, path))
    }

    pub(crate) fn send(&mut self, method: Method, path: &str, body: &Value) -> SimResponse {
        self.keyed(method, path, body, None)
    }

    pub(crate) fn keyed(&mut self, method: Method, path: &str, body: &Value, key: Option<&str>) -> SimResponse {
        let mut request = SimRequest::new(method, path).with_json(body);
        if let Some(key) = key {
            request = request.with_header("Idempotency-Key", key);
        }
        self.app(request)
    }

    pub(crate) fn by_hand(&mut self, method: Method, path: &str, body: &Value) -> SimResponse {
        let request = SimRequest::new(method, path).with_json(body).with_header("X-Sim-Actor", "person");
        self.world.handle(self.now, &request.with_header("X-Sim-Tenant", "7654321"))
    }

    pub(crate) fn book(&mut self, draft: u64, send_by: Option<&str>, key: Option<&str>) -> SimResponse {
        let mut body = json!({"draftInvoice": {"draftInvoiceNumber": draft}});
        if let Some(send_by) = send_by {
            body["sendBy"] = json!(send_by);
        }
        self.keyed(Method::Post, "/invoices/booked", &body, key)
    }

    /// A draft as a client reads it, good for writing again.
    pub(crate) fn sample(&mut self, number: u64) -> Value {
        self.get(&format!("/invoices/drafts/{number}")).json_body()
    }

    pub(crate) fn effects(&self) -> Vec<EffectKind> {
        self.world.ledger().iter().flat_map(|entry| entry.effects.iter().map(|effect| effect.kind)).collect()
    }
}
