//! The rules of Fortnox as one value: pure and deterministic. Time comes in with every request; there is no I/O, no
//! clock and no randomness inside, so a test can run the same world in its own process and repeat any run.

mod answer;
mod books;
mod calendar;
mod call;
mod catalogue;
mod company;
mod consent;
mod contract;
mod contract_invoice;
mod contract_list;
mod contract_write;
mod control;
mod credit_note;
mod email;
mod finance;
mod invoice;
mod invoice_actions;
mod invoice_fields;
mod invoice_make;
mod invoice_pdf;
mod invoice_write;
mod ledger;
mod list;
mod load;
mod number;
mod pairs;
mod prices;
mod rate;
mod record;
mod recurring;
mod refusal;
mod register;
mod row_fill;
mod rows;
mod snapshot;
mod switches;
#[cfg(test)]
mod tests;
mod tokens;
mod totals;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};
use sim_kit::Faults;
pub use sim_kit::{
    Delivery, Fault, FaultAnswer, FaultKind, FaultMatch, Method, SimRequest, SimResponse, SnapshotError,
};

pub use ledger::{Actor, Effect, EffectKind, LedgerEntry};
pub use switches::{
    CreateInvoiceAnswer, FinancialYears, IncreaseInvoiceCount, IntervalKey, InvoiceDateQuery, MonthEnd, NumberOrText,
    PeriodReading, RateLimitBody, RecurringBilling, Switches, VatIncludedKey, WholeTermCounting,
};

use crate::company_file::{CompanyFile, CompanyFileError};
use call::Call;
use company::{Company, Turn, scope_of};
use rate::RateWindows;
use refusal::{Refusal, code};
use tokens::Tokens;

/// All companies, their tokens, and what has happened to them. A clone is a world of its own.
#[derive(Clone)]
pub struct World {
    companies: BTreeMap<u64, Company>,
    tokens: Tokens,
    faults: Faults,
    rate: RateWindows,
    ledger: Vec<LedgerEntry>,
}

/// Who stands behind a request that may go on.
enum Caller {
    Person,
    App { scopes: Vec<String> },
}

impl World {
    /// A world with these companies. `now` is when their documents were last touched.
    pub fn new(files: Vec<CompanyFile>, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        let mut world = Self {
            companies: BTreeMap::new(),
            tokens: Tokens::default(),
            faults: Faults::default(),
            rate: RateWindows::default(),
            ledger: Vec::new(),
        };
        for file in files {
            world.add_company(file, now)?;
        }
        Ok(world)
    }

    /// One more company.
    pub fn add_company(&mut self, file: CompanyFile, now: DateTime<Utc>) -> Result<(), CompanyFileError> {
        let tenant = file.company.database_number;
        if self.companies.contains_key(&tenant) {
            return Err(CompanyFileError::Duplicate { tenant });
        }
        self.tokens.add_client(tenant, file.access.clone(), now);
        self.companies.insert(tenant, Company::load(file, now)?);
        Ok(())
    }

    /// One more contract for a company that is there, in the form of a company file. It counts as one that was always
    /// there: no effect in the ledger tells of it. Nothing happens when there is no such company.
    pub fn add_contract(
        &mut self,
        tenant: u64,
        contract: Map<String, Value>,
        now: DateTime<Utc>,
    ) -> Result<(), CompanyFileError> {
        self.companies.get_mut(&tenant).map_or(Ok(()), |company| company.add_contract(contract, now))
    }

    /// One more recurrence for a company that is there, in the fields of the recurring-billing API.
    pub fn add_recurring(&mut self, tenant: u64, recurring: Map<String, Value>) {
        if let Some(company) = self.companies.get_mut(&tenant) {
            company.recurrings.push(recurring);
        }
    }

    /// Ends all recurrences of a company.
    pub fn end_recurrings(&mut self, tenant: u64) {
        if let Some(company) = self.companies.get_mut(&tenant) {
            company.recurrings.clear();
        }
    }

    /// Sets the last locked day of a company, or takes the lock away.
    pub fn lock_until(&mut self, tenant: u64, date: Option<NaiveDate>) {
        if let Some(company) = self.companies.get_mut(&tenant) {
            company.locked_until = date;
        }
    }

    /// Takes the company's bank details away.
    pub fn remove_bank_details(&mut self, tenant: u64) {
        if let Some(company) = self.companies.get_mut(&tenant) {
            company.info.forget_bank_details();
        }
    }

    /// The company takes its consent to the integration back, or gives it again: tokens end at once, and new ones are
    /// refused until then.
    pub fn set_consent(&mut self, tenant: u64, given: bool) {
        self.tokens.set_consent(tenant, given);
    }

    /// Answers one request that arrives at `now` (UTC; the ledger keeps what precision it has).
    pub fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        if request.path == "/_sim" || request.path.starts_with("/_sim/") {
            return control::handle(self, now, request);
        }
        let actor = match request.header("x-sim-actor") {
            Some("person") => Actor::Person,
            _ => Actor::App,
        };
        let tenant = match actor {
            Actor::Person => request.header("x-sim-tenant").and_then(|text| text.parse().ok()),
            Actor::App => self.tokens.tenant_of(request),
        };
        let fault = match actor {
            Actor::Person => None,
            Actor::App => self.faults.strike(request.method, &request.path, tenant),
        };
        let mut effects = Vec::new();
        let true_answer = match &fault {
            Some(FaultKind::RateLimited) => self.too_many_requests(tenant),
            Some(fault) if fault.strikes_before_effect() => answer::unauthorized(),
            _ => self.perform(now, actor, tenant, request, &mut effects),
        };
        let mut answer = match &fault {
            Some(fault) => fault.spoil(true_answer),
            None => true_answer,
        };
        let seq = self.next_seq();
        answer.headers.push(("X-Uid".to_owned(), format!("sim-{seq:08}")));
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
            effects,
        });
        answer
    }

    fn perform(
        &mut self,
        now: DateTime<Utc>,
        actor: Actor,
        tenant: Option<u64>,
        request: &SimRequest,
        effects: &mut Vec<Effect>,
    ) -> SimResponse {
        if request.path.starts_with("/oauth-v1/") {
            return self.tokens.handle(now, request, effects);
        }
        let newer = request.path.starts_with("/api/");
        if !newer && !request.path.starts_with("/3/") {
            return SimResponse::new(404, "text/html; charset=UTF-8", "Not Found");
        }
        let caller = match actor {
            Actor::Person => Caller::Person,
            Actor::App => {
                let Some(bearer) = self.tokens.bearer(request, now) else {
                    return answer::unauthorized();
                };
                if !self.rate.admit(&bearer.client_id, bearer.tenant, now) {
                    return self.too_many_requests(tenant);
                }
                Caller::App { scopes: bearer.scopes }
            }
        };
        let Some(company) = tenant.and_then(|tenant| self.companies.get_mut(&tenant)) else {
            return answer::unauthorized();
        };
        let call = Call::parse(request);
        // What the invoice service did meanwhile was done, whatever becomes of this call.
        let taken_on = company.settle_finance(now);
        let mut turn = Turn { now, effects };
        let reply = if newer {
            company.route_newer(&call)
        } else {
            check_scope(company, &caller, &call).and_then(|()| company.route(&mut turn, &call))
        };
        // A refusal has no effect, whatever was noted on the way to it.
        if reply.is_err() {
            turn.effects.clear();
        }
        turn.effects.extend(taken_on);
        answer::render(reply)
    }

    fn too_many_requests(&self, tenant: Option<u64>) -> SimResponse {
        let company = tenant.and_then(|tenant| self.companies.get(&tenant));
        let switches = company.map(|company| company.switches.clone());
        answer::too_many_requests(&switches.unwrap_or_default())
    }

    fn next_seq(&self) -> u64 {
        self.ledger.last().map_or(1, |entry| entry.seq + 1)
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

    /// Everything the companies hold, as `GET /_sim/state` gives it.
    pub fn state(&self) -> Value {
        let companies: Vec<Value> = self.companies.values().map(Company::state).collect();
        json!({"companies": companies})
    }

    /// A company's switches, for reading and turning; nothing when there is no such company.
    pub fn switches_mut(&mut self, tenant: u64) -> Option<&mut Switches> {
        self.companies.get_mut(&tenant).map(|company| &mut company.switches)
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

    /// An authorization code as the consent page would hand it out; nothing when there is no such company.
    pub fn issue_code(&mut self, tenant: u64, now: DateTime<Utc>) -> Option<String> {
        self.tokens.issue_code(tenant, now)
    }
}

impl sim_kit::World for World {
    type File = CompanyFile;
    type FileError = CompanyFileError;
    type Entry = LedgerEntry;

    fn open(files: Vec<CompanyFile>, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        Self::new(files, now)
    }

    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
        self.handle(now, request)
    }

    fn ledger(&self) -> &[LedgerEntry] {
        self.ledger()
    }

    fn snapshot(&self) -> Value {
        self.snapshot()
    }

    fn restore(snapshot: Value) -> Result<Self, SnapshotError> {
        Self::restore(snapshot)
    }
}

fn check_scope(company: &Company, caller: &Caller, call: &Call<'_>) -> Result<(), Refusal> {
    let Caller::App { scopes } = caller else {
        return Ok(());
    };
    let wanted = call.segments.first().and_then(|resource| scope_of(resource));
    match wanted {
        Some(wanted) if !scopes.iter().any(|scope| scope == wanted) => {
            let refusal = Refusal::invalid(code::NO_SCOPE, "Har inte behörighet för scope");
            Err(refusal.with_status(company.switches.scope_error_status))
        }
        _ => Ok(()),
    }
}
