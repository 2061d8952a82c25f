//! The test's own door, `/_sim/…`: ledger, state, switches, faults. No tokens, no bucket, no ledger entry.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sim_kit::{Fault, Method, SimRequest, SimResponse};

use super::World;
use super::call::Call;
use super::switches::Switches;

/// A control call that makes no sense, in words for whoever writes the test.
struct Mistake(u16, String);

pub(crate) fn handle(world: &mut World, request: &SimRequest) -> SimResponse {
    match answer(world, request) {
        Ok(body) => SimResponse::json(200, &body),
        Err(Mistake(status, message)) => SimResponse::json(status, &json!({"error": message})),
    }
}

fn answer(world: &mut World, request: &SimRequest) -> Result<Value, Mistake> {
    let call = Call::parse(request);
    let number = |name: &str| {
        let number = call.parameter(name).map(str::parse::<u64>).transpose();
        number.map_err(|_| Mistake(400, format!("{name} must be a number")))
    };
    let tenant = number("tenant")?;
    match (call.method, call.path().as_slice()) {
        (Method::Get, ["_sim", "ledger"]) => Ok(json!(world.ledger_since(number("since")?.unwrap_or(0)))),
        (Method::Get, ["_sim", "state"]) => Ok(world.state()),
        (Method::Get, ["_sim", "switches"]) => Ok(all_switches(world)),
        (Method::Put, ["_sim", "switches"]) => {
            change_switches(world, tenant, &body(request)?)?;
            Ok(all_switches(world))
        }
        (Method::Get, ["_sim", "faults"]) => Ok(json!(world.faults())),
        (Method::Post, ["_sim", "faults"]) => {
            let fault: Fault = body(request)?;
            world.inject(fault);
            Ok(json!(world.faults()))
        }
        (Method::Delete, ["_sim", "faults"]) => {
            world.clear_faults();
            Ok(json!([]))
        }
        _ => Err(Mistake(404, "no such control call; the README lists them".to_owned())),
    }
}

fn all_switches(world: &World) -> Value {
    let all = world.agreements.iter();
    Value::Object(all.map(|(tenant, agreement)| (tenant.to_string(), json!(agreement.switches))).collect())
}

/// Lays the given switches over the ones in force: all agreements change or none does.
fn change_switches(world: &mut World, tenant: Option<u64>, changes: &Map<String, Value>) -> Result<(), Mistake> {
    let mut results = Vec::new();
    for (number, agreement) in &world.agreements {
        if tenant.is_some_and(|tenant| tenant != *number) {
            continue;
        }
        let mut merged = json!(agreement.switches);
        for (name, value) in changes {
            merged[name.as_str()] = value.clone();
        }
        let switches: Switches = serde_json::from_value(merged).map_err(|error| Mistake(400, error.to_string()))?;
        results.push((*number, switches));
    }
    if results.is_empty() {
        return Err(Mistake(404, "no such agreement".to_owned()));
    }
    for (number, switches) in results {
        if let Some(place) = world.switches_mut(number) {
            *place = switches;
        }
    }
    Ok(())
}

fn body<T: for<'de> Deserialize<'de>>(request: &SimRequest) -> Result<T, Mistake> {
    serde_json::from_slice(&request.body).map_err(|error| Mistake(400, error.to_string()))
}
