//! The rules of e-conomic as one value: pure and deterministic. Time comes in with every request; there is no I/O, no
//! clock and no randomness inside, so a test can run the same world in its own process and repeat any run.

mod agreement;
mod booking;
mod call;
mod control;
mod draft;
mod draft_write;
mod figure;
mod filter;
mod grant;
mod idempotency;
mod ledger;
mod list;
mod openapi;
mod pdf;
mod rate;
mod refusal;
mod register;
mod served;
mod snapshot;
mod switches;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sim_kit::Faults;
pub use sim_kit::{
    Delivery, Fault, FaultAnswer, FaultKind, FaultMatch, Method, SimRequest, SimResponse, SnapshotError,
};

pub use ledger::{Actor, Effect, EffectKind, LedgerEntry};
pub use switches::{BrokenPdf, EmailWithoutAddress, MissingDraft, Switches};

use crate::company_file::{CompanyFile, CompanyFileError};
use agreement::{Agreement, Reply, Turn};
use call::Call;
use refusal::{Refusal, code};

const JSON: &str = "application/json; charset=utf-8";
const PROBLEM: &str = "application/problem+json; charset=utf-8";

/// All agreements, their tokens, and what has happened to them. A clone is a world of its own.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    agreements: BTreeMap<u64, Agreement>,
    #[serde(skip)]
    faults: Faults,
    ledger: Vec<LedgerEntry>,
}

impl World {
    /// A world with these agreements. `now` is when their drafts were last touched, unless the file says otherwise.
    pub fn new(files: Vec<CompanyFile>, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        let mut world = Self { agreements: BTreeMap::new(), faults: Faults::default(), ledger: Vec::new() };
        for file in files {
            world.add_company(file, now)?;
        }
        Ok(world)
    }

    /// One more agreement.
    pub fn add_company(&mut self, file: CompanyFile, now: DateTime<Utc>) -> Result<(), CompanyFileError> {
        let tenant = file.agreement_number;
        if self.agreements.contains_key(&tenant) {
            return Err(CompanyFileError::Duplicate { tenant });
        }
        self.agreements.insert(tenant, Agreement::load(file, now)?);
        Ok(())
    }

    /// One more draft for an agreement that is there, in the form of a company file; answers its number. It counts as
    /// one that was always there: no effect in the ledger tells of it. Nothing happens when there is no such agreement.
    pub fn add_draft(
        &mut self,
        tenant: u64,
        draft: Map<String, Value>,
        now: DateTime<Utc>,
    ) -> Result<Option<u64>, CompanyFileError> {
        let Some(agreement) = self.agreements.get_mut(&tenant) else {
            return Ok(None);
        };
        agreement.add_draft(draft, now).map(Some).map_err(|refusal| CompanyFileError::Refused {
            tenant,
            entry: "the draft".to_owned(),
            reason: refusal.message,
        })
    }

    /// The company revokes the app's grant, or gives it again: until then its tokens are refused with 401.
    pub fn set_consent(&mut self, tenant: u64, given: bool) {
        if let Some(agreement) = self.agreements.get_mut(&tenant) {
            agreement.consent = given;
        }
    }

    /// Answers one request that arrives at `now` (UTC; the ledger keeps what precision it has).
    pub fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        if request.path == "/_sim" || request.path.starts_with("/_sim/") {
            return control::handle(self, request);
        }
        // A person's browser: no tokens, and no call of the app's.
        if matches!(request.path.as_str(), grant::PAGE | grant::ANSWER) {
            return grant::handle(self, request);
        }
        let person = request.header("x-sim-actor") == Some("person");
        let actor = if person { Actor::Person } else { Actor::App };
        let tenant = match actor {
            Actor::Person => request.header("x-sim-tenant").and_then(|text| text.parse().ok()),
            Actor::App => self.tenant_of(request),
        };
        let fault = match actor {
            Actor::Person => None,
            Actor::App => self.faults.strike(request.method, &request.path, tenant),
        };
        let seq = self.ledger.last().map_or(1, |entry| entry.seq + 1);
        let log_id = format!("{seq:016x}-CPH");
        let mut effects = Vec::new();
        let true_answer = match &fault {
            Some(FaultKind::RateLimited) => self.too_many(now, tenant, &log_id, &request.path),
            Some(kind) if kind.strikes_before_effect() => refused(&not_logged_in(), now, &log_id, &request.path),
            _ => self.perform(now, actor, tenant, request, &log_id, &mut effects),
        };
        let mut answer = match &fault {
            Some(fault) => fault.spoil(true_answer),
            None => true_answer,
        };
        answer.headers.push(("X-RequestId".to_owned(), log_id));
        if let Some(agreement) = tenant.and_then(|tenant| self.agreements.get(&tenant)) {
            let switches = &agreement.switches;
            answer.headers.push(("X-CallCost".to_owned(), switches.call_cost.to_string()));
            answer.headers.push(("X-RateLimiting".to_owned(), agreement.bucket.header(switches)));
        } else {
            let switches = Switches::default();
            answer.headers.push(("X-CallCost".to_owned(), switches.call_cost.to_string()));
            answer.headers.push(("X-RateLimiting".to_owned(), rate::Bucket::default().header(&switches)));
        }
        self.ledger.push(LedgerEntry {
            seq,
            at: now,
            actor,
            tenant,
            method: request.method,
            path: request.path.clone(),
            query: request.query.clone(),
            status: match answer.delivery {
                Delivery::Answer | Delivery::DelayThenAnswer(_) => Some(answer.status),
                Delivery::DropConnection | Delivery::HoldUntilClientGivesUp => None,
            },
            fault,
            replayed: answer.header("x-resultfromcache").is_some(),
            effects,
        });
        answer
    }

    fn tenant_of(&self, request: &SimRequest) -> Option<u64> {
        let secret = request.header("x-appsecrettoken")?;
        let grant = request.header("x-agreementgranttoken")?;
        let mut all = self.agreements.values();
        let demo = is_demo(request);
        let found = all.find(|one| demo || (one.app_secret_token == secret && one.grant_token == grant));
        found.map(|one| one.number)
    }

    fn perform(
        &mut self,
        now: DateTime<Utc>,
        actor: Actor,
        tenant: Option<u64>,
        request: &SimRequest,
        log_id: &str,
        effects: &mut Vec<Effect>,
    ) -> SimResponse {
        let refuse = |refusal: &Refusal| refused(refusal, now, log_id, &request.path);
        let app = actor == Actor::App;
        let found = tenant.and_then(|tenant| self.agreements.get_mut(&tenant));
        let Some(agreement) = found.filter(|agreement| agreement.consent || !app) else {
            return refuse(&not_logged_in());
        };
        if app && !agreement.bucket.take(now, &agreement.switches) {
            return self.too_many(now, tenant, log_id, &request.path);
        }
        if app && is_demo(request) && request.method != Method::Get {
            return refuse(&Refusal::new(403, Some(code::DEMO_WRITES), "The demo agreement is read only."));
        }
        if request.method == Method::Delete && request.path.trim_end_matches('/') == "/invoices/drafts" {
            // The one call that is noted although it is refused: a client must never make it.
            effects.push(Effect::of(EffectKind::AllDraftsDeleted));
            return refuse(&Refusal::new(500, None, "The simulator refuses to delete all drafts."));
        }
        match agreement.keys.replay(now, request) {
            Some(Ok(answer)) => return answer,
            Some(Err(refusal)) => return refuse(&refusal),
            None => {}
        }
        let call = Call::parse(request);
        let reply = agreement.route(&mut Turn { now, effects }, &call);
        let answer = match reply {
            Ok(reply) => render(reply),
            Err(refusal) => {
                // A refusal has no effect, whatever was noted on the way to it.
                effects.clear();
                refuse(&refusal)
            }
        };
        if answer.status < 400 || agreement.switches.store_refusals {
            agreement.keys.keep(now, request, &answer);
        }
        answer
    }

    fn too_many(&self, now: DateTime<Utc>, tenant: Option<u64>, log_id: &str, path: &str) -> SimResponse {
        let mut answer = refused(&Refusal::new(429, None, "Too many requests."), now, log_id, path);
        let agreement = tenant.and_then(|tenant| self.agreements.get(&tenant));
        if let Some(seconds) = agreement.and_then(|agreement| agreement.switches.retry_after_seconds) {
            answer.headers.push(("Retry-After".to_owned(), seconds.to_string()));
        }
        answer
    }

    /// Every request so far.
    pub fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }

    /// Requests after this sequence number; 0 gives all.
    pub fn ledger_since(&self, seq: u64) -> &[LedgerEntry] {
        let start = self.ledger.partition_point(|entry| entry.seq <= seq);
        self.ledger.get(start..).unwrap_or_default()
    }

    /// Everything the agreements hold, as `GET /_sim/state` gives it.
    pub fn state(&self) -> Value {
        json!({"agreements": self.agreements.values().map(Agreement::state).collect::<Vec<_>>()})
    }

    /// An agreement's switches, for reading and turning; nothing when there is no such agreement.
    pub fn switches_mut(&mut self, tenant: u64) -> Option<&mut Switches> {
        self.agreements.get_mut(&tenant).map(|agreement| &mut agreement.switches)
    }

    /// Injects a fault behind those already waiting.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Faults that have not struck yet.
    pub fn faults(&self) -> &[Fault] {
        self.faults.waiting()
    }

    /// Takes all faults back.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }
}

fn is_demo(request: &SimRequest) -> bool {
    ["x-appsecrettoken", "x-agreementgranttoken"].iter().all(|name| request.header(name) == Some("demo"))
}

fn not_logged_in() -> Refusal {
    Refusal::new(401, Some(code::NOT_LOGGED_IN), "You are not logged in.")
}

fn render(reply: Reply) -> SimResponse {
    match reply {
        Reply::Bytes { status, body } => SimResponse::new(status, "application/pdf", body),
        Reply::Json { status, location, body } => {
            let mut answer = SimResponse::new(status, JSON, figure::write(&body));
            answer.headers.extend(location.map(|location| ("Location".to_owned(), location)));
            answer
        }
    }
}

fn refused(refusal: &Refusal, now: DateTime<Utc>, log_id: &str, path: &str) -> SimResponse {
    if openapi::is_here(path) {
        return SimResponse::new(refusal.status, PROBLEM, figure::write(&refusal.problem(now, path, log_id)));
    }
    SimResponse::new(refusal.status, JSON, figure::write(&refusal.body(now, log_id)))
}
