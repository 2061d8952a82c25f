//! The test's own door, `/_sim/…`: ledger, state, switches, faults. No authorization, no rate window, no ledger entry.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::World;
use super::call::Call;
use super::switches::Switches;
use sim_kit::Fault;
use sim_kit::{Method, SimRequest, SimResponse};

/// A control call that makes no sense, in words for whoever writes the test.
struct Mistake {
    status: u16,
    message: String,
}

impl Mistake {
    fn new(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockedPeriod {
    end_date: Option<NaiveDate>,
}

pub(crate) fn handle(world: &mut World, now: DateTime<Utc>, request: &SimRequest) -> SimResponse {
    match answer(world, now, request) {
        Ok(body) => SimResponse::json(200, &body),
        Err(mistake) => SimResponse::json(mistake.status, &json!({"error": mistake.message})),
    }
}

fn answer(world: &mut World, now: DateTime<Utc>, request: &SimRequest) -> Result<Value, Mistake> {
    let call = Call::parse(request);
    let tenant = call
        .parameter("tenant")
        .map(str::parse::<u64>)
        .transpose()
        .map_err(|_| Mistake::new("tenant must be a number"))?;
    match (call.method, call.path().as_slice()) {
        (Method::Get, ["ledger"]) => {
            let since = call.parameter("since").map_or(Ok(0), str::parse);
            let since = since.map_err(|_| Mistake::new("since must be a number"))?;
            Ok(json!(world.ledger_since(since)))
        }
        (Method::Get, ["state"]) => Ok(world.state()),
        (Method::Get, ["switches"]) => Ok(all_switches(world)),
        (Method::Put, ["switches"]) => {
            change_switches(world, tenant, &body(request)?)?;
            Ok(all_switches(world))
        }
        (Method::Get, ["faults"]) => Ok(json!(world.faults())),
        (Method::Post, ["faults"]) => {
            let fault: Fault = body(request)?;
            world.inject(fault);
            Ok(json!(world.faults()))
        }
        (Method::Delete, ["faults"]) => {
            world.clear_faults();
            Ok(json!([]))
        }
        (Method::Put, ["lockedperiod"]) => {
            let locked: LockedPeriod = body(request)?;
            for company in companies(world, tenant)? {
                company.locked_until = locked.end_date;
            }
            Ok(json!({}))
        }
        (Method::Post, ["authorization-codes"]) => {
            let tenant = tenant.ok_or_else(|| Mistake::new("tenant is missing"))?;
            let code = world.issue_code(tenant, now).ok_or_else(|| no_such(tenant))?;
            Ok(json!({"code": code}))
        }
        _ => Err(Mistake { status: 404, message: "no such control call; the README lists them".to_owned() }),
    }
}

fn all_switches(world: &World) -> Value {
    let switches: Map<String, Value> =
        world.companies.iter().map(|(tenant, company)| (tenant.to_string(), json!(company.switches))).collect();
    Value::Object(switches)
}

/// Lays the given switches over the ones in force: all companies change or none does.
fn change_switches(world: &mut World, tenant: Option<u64>, changes: &Map<String, Value>) -> Result<(), Mistake> {
    let mut results = Vec::new();
    for company in companies(world, tenant)? {
        let mut merged = json!(company.switches);
        for (name, value) in changes {
            merged[name.as_str()] = value.clone();
        }
        let switches: Switches = serde_json::from_value(merged).map_err(|error| Mistake::new(error.to_string()))?;
        results.push(switches);
    }
    for (company, switches) in companies(world, tenant)?.into_iter().zip(results) {
        company.switches = switches;
    }
    Ok(())
}

/// One company, or all.
fn companies(world: &mut World, tenant: Option<u64>) -> Result<Vec<&mut super::company::Company>, Mistake> {
    let Some(tenant) = tenant else {
        return Ok(world.companies.values_mut().collect());
    };
    world.companies.get_mut(&tenant).map(|company| vec![company]).ok_or_else(|| no_such(tenant))
}

fn no_such(tenant: u64) -> Mistake {
    Mistake { status: 404, message: format!("no company {tenant}") }
}

fn body<T: for<'de> Deserialize<'de>>(request: &SimRequest) -> Result<T, Mistake> {
    serde_json::from_slice(&request.body).map_err(|error| Mistake::new(error.to_string()))
}
