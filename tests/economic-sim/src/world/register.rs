//! What is read rather than worked on: customers, accounting years, layouts, payment terms, products.

use serde_json::{Map, Value, json};
use sim_kit::Method;

use super::agreement::{Agreement, Reply, Turn, parse};
use super::call::Call;
use super::ledger::{Effect, EffectKind};
use super::list;
use super::refusal::{Refusal, code};
use crate::company_file::AccountingYear;

impl Agreement {
    pub(crate) fn route_customer(
        &mut self,
        turn: &mut Turn<'_>,
        call: &Call<'_>,
        number: &str,
        rest: &[&str],
    ) -> Result<Reply, Refusal> {
        let number = parse(number)?;
        let customer = self.customers.get(&number).ok_or_else(Refusal::not_found)?;
        match (call.method, rest) {
            (Method::Get, []) => Ok(Reply::ok(show_customer(number, customer, &call.base))),
            (Method::Put, []) => {
                let mut written = call.body()?;
                if let Some(contacts) = customer.get("contacts") {
                    written.insert("contacts".to_owned(), contacts.clone());
                }
                written.insert("customerNumber".to_owned(), json!(number));
                written.insert("lastUpdated".to_owned(), json!(turn.now.format("%Y-%m-%dT%H:%M:%SZ").to_string()));
                turn.effects.push(Effect { customer: Some(number), ..Effect::of(EffectKind::CustomerChanged) });
                let body = show_customer(number, &written, &call.base);
                self.customers.insert(number, written);
                Ok(Reply::ok(body))
            }
            (Method::Get, ["contacts"]) => {
                list::page(call, contacts(number, customer, &call.base), None).map(Reply::ok)
            }
            (Method::Get, ["contacts", contact]) => {
                let wanted = parse(contact)?;
                let mut all = contacts(number, customer, &call.base).into_iter();
                let found = all.find(|one| one["customerContactNumber"] == json!(wanted));
                found.map(Reply::ok).ok_or_else(Refusal::not_found)
            }
            _ => Err(Refusal::not_found()),
        }
    }

    pub(crate) fn years(&self, call: &Call<'_>, rest: &[&str]) -> Result<Reply, Refusal> {
        if self.switches.accounting_years_forbidden {
            return Err(Refusal::new(403, Some(code::MISSING_ROLE), "The user lacks the role."));
        }
        let place = format!("{}/accounting-years", call.base);
        let dated = |from, to, closed: bool, link: String| {
            let mut shown = json!({"fromDate": from, "toDate": to, "self": link});
            if closed {
                shown["closed"] = json!(true);
            }
            shown
        };
        let show = |year: &AccountingYear| {
            let mut shown = dated(year.from_date, year.to_date, year.closed, format!("{place}/{}", year.year));
            shown["year"] = json!(year.year);
            shown["periods"] = json!(format!("{place}/{}/periods", year.year));
            shown
        };
        let find =
            |name: &str| self.accounting_years.iter().find(|year| year.year == name).ok_or_else(Refusal::not_found);
        match rest {
            [] => list::page(call, self.accounting_years.iter().map(show).collect(), None).map(Reply::ok),
            [name] => Ok(Reply::ok(show(find(name)?))),
            [name, "periods"] => {
                let periods = find(name)?.periods.iter().enumerate().map(|(index, period)| {
                    let link = format!("{place}/{name}/periods/{}", index + 1);
                    let mut shown = dated(period.from_date, period.to_date, period.closed, link);
                    shown["periodNumber"] = json!(index + 1);
                    shown
                });
                list::page(call, periods.collect(), None).map(Reply::ok)
            }
            _ => Err(Refusal::not_found()),
        }
    }
}

/// A fixed list of the agreement: all, or one by its key.
pub(crate) fn read(call: &Call<'_>, all: &[Map<String, Value>], key: &str, rest: &[&str]) -> Result<Reply, Refusal> {
    let resource = call.segments.first().map(String::as_str).unwrap_or_default();
    let name = |one: &Map<String, Value>| match one.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let show = |one: &Map<String, Value>| {
        let mut shown = one.clone();
        shown.insert("self".to_owned(), json!(format!("{}/{resource}/{}", call.base, name(one))));
        Value::Object(shown)
    };
    match rest {
        [] => list::page(call, all.iter().map(show).collect(), None).map(Reply::ok),
        [wanted] => {
            all.iter().find(|one| name(one) == *wanted).map(|one| Reply::ok(show(one))).ok_or_else(Refusal::not_found)
        }
        _ => Err(Refusal::not_found()),
    }
}

pub(crate) fn show_customer(number: u64, customer: &Map<String, Value>, base: &str) -> Value {
    let mut shown = customer.clone();
    let place = format!("{base}/customers/{number}");
    shown.insert("contacts".to_owned(), json!(format!("{place}/contacts")));
    shown.insert("self".to_owned(), json!(place));
    Value::Object(shown)
}

/// A customer's contacts as the older surface shows them.
pub(crate) fn contacts(number: u64, customer: &Map<String, Value>, base: &str) -> Vec<Value> {
    let place = format!("{base}/customers/{number}");
    let all = customer.get("contacts").and_then(Value::as_array).into_iter().flatten();
    all.map(|contact| {
        let mut shown = contact.clone();
        shown["customer"] = json!({"customerNumber": number, "self": place});
        shown["self"] = json!(format!("{place}/contacts/{}", contact["customerContactNumber"]));
        shown
    })
    .collect()
}
