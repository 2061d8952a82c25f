//! Recurring billing (Återkommande fakturering), as far as it's read: the list and one recurrence. Guessed from the draft
//! specification: bare arrays, snake case, paging in headers, an `ETag` on one.

use serde_json::{Map, Value, json};
use sim_kit::Method;

use super::call::Call;
use super::company::{Company, Reply};
use super::refusal::{Refusal, code};
use super::switches::RecurringBilling;

/// Rows a page, by default and at most.
const A_PAGE: usize = 100;

impl Company {
    /// Answers one call below `/api/`.
    pub(crate) fn route_newer(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        let ["recurring-billing", "recurrings-v1", rest @ ..] = path.as_slice() else {
            return Err(Refusal::endpoint());
        };
        match self.switches.recurring_billing {
            RecurringBilling::Open => {}
            RecurringBilling::NoScope => {
                let refusal = Refusal::invalid(code::NO_SCOPE, "Har inte behörighet för scope");
                return Err(refusal.with_status(self.switches.scope_error_status));
            }
            RecurringBilling::NoLicence => {
                return Err(Refusal::invalid(code::NO_LICENCE, "Licens saknas.").with_status(403));
            }
            RecurringBilling::Absent => return Err(Refusal::endpoint()),
        }
        match (call.method, rest) {
            (Method::Get, []) => self.list_recurrings(call),
            (Method::Get, [id]) => self.one_recurring(id),
            _ => Err(Refusal::endpoint()),
        }
    }

    fn list_recurrings(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        let number = |name: &str, default: usize| {
            call.parameter(name).map_or(Ok(default), |text| text.parse().map_err(|_| Refusal::parameter(name)))
        };
        let (offset, limit) = (number("offset", 0)?, number("limit", A_PAGE)?);
        if !(1..=A_PAGE).contains(&limit) {
            return Err(Refusal::parameter("limit"));
        }
        let filter = filter(call)?;
        let all: Vec<&Map<String, Value>> = self.recurrings.iter().filter(|one| filter.takes(one)).collect();
        let rows: Vec<&Map<String, Value>> = all.iter().skip(offset).take(limit).copied().collect();
        let last = offset + rows.len() >= all.len();
        let paging = json!({"offset": offset, "limit": limit, "total": all.len()});
        let headers = vec![("X-PAGINATION", paging.to_string()), ("X-LAST-RECORD", last.to_string())];
        Ok(Reply::Newer { headers, body: json!(rows) })
    }

    fn one_recurring(&self, id: &str) -> Result<Reply, Refusal> {
        let found = self.recurrings.iter().find(|recurring| recurring.get("id").and_then(Value::as_str) == Some(id));
        let found = found.ok_or_else(Refusal::endpoint)?;
        let headers = vec![("ETag", format!("\"{id}-1\""))];
        Ok(Reply::Newer { headers, body: json!(found) })
    }
}

/// Which recurrences are asked for.
struct Filter<'a> {
    field: Option<&'static str>,
    words: &'a str,
}

impl Filter<'_> {
    fn takes(&self, recurring: &Map<String, Value>) -> bool {
        let Some(field) = self.field else { return true };
        self.words.split(',').any(|word| recurring.get(field).and_then(Value::as_str) == Some(word))
    }
}

/// "Only one resource-specific filter may be used per request" (draft specification).
fn filter<'a>(call: &'a Call<'_>) -> Result<Filter<'a>, Refusal> {
    let mut filter = Filter { field: None, words: "" };
    for (name, words) in call.parameters().filter(|(name, _)| !["offset", "limit"].contains(name)) {
        let field = match name {
            "statuses" => "status",
            "invoice-handlings" => "invoice_handling",
            _ => return Err(Refusal::parameter(name)),
        };
        if filter.field.replace(field).is_some() {
            return Err(Refusal::parameter(name));
        }
        filter.words = words;
    }
    Ok(filter)
}
