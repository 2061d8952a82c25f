//! What a pre-flight asks for: years, voucher series, senders, recurrences.

use serde_json::json;

use super::super::{FinancialYears, Method, RecurringBilling, SimRequest, SimResponse};
use super::{Bench, LITEN, error_code};

const RECURRINGS: &str = "/api/recurring-billing/recurrings-v1";

fn recurring(id: usize, status: &str) -> serde_json::Map<String, serde_json::Value> {
    let recurring = json!({"id": format!("r-{id}"), "status": status, "invoice_handling": "AUTOMATIC",
        "customer": {"number": "1"}});
    recurring.as_object().cloned().unwrap()
}

/// A person needs no scope.
fn by_person(bench: &mut Bench, path: &str) -> SimResponse {
    let request = SimRequest::new(Method::Get, path)
        .with_header("X-Sim-Actor", "person")
        .with_header("X-Sim-Tenant", &LITEN.to_string());
    bench.world.handle(bench.now, &request)
}

#[test]
fn a_year_holds_the_date_or_there_is_none() {
    let mut bench = Bench::with(|switches| switches.financial_years = FinancialYears::Cash);
    let refused = bench.get("/3/financialyears?date=2027-03-01");
    assert_eq!((refused.status, error_code(&refused)), (400, 2_000_663), "the scope is one that nobody asks for");
    let year = by_person(&mut bench, "/3/financialyears?date=2027-03-01").json_body();
    assert_eq!(year["FinancialYears"][0]["FromDate"], "2027-01-01");
    assert_eq!(year["FinancialYears"][0]["AccountingMethod"], "CASH");
    bench.switches().financial_years = FinancialYears::None;
    assert_eq!(by_person(&mut bench, "/3/financialyears").json_body()["FinancialYears"], json!([]));
}

#[test]
fn invoices_have_a_voucher_series() {
    let mut bench = Bench::new();
    let series = bench.get("/3/predefinedvoucherseries/INVOICE").json_body();
    assert_eq!(series, json!({"PreDefinedVoucherSeries": {"Name": "INVOICE", "VoucherSeries": "B"}}));
}

#[test]
fn recurrences_come_as_a_bare_array_with_paging_in_the_headers() {
    let mut bench = Bench::new();
    for id in 0..150 {
        bench.world.add_recurring(LITEN, recurring(id, if id == 0 { "DRAFT" } else { "ACTIVE" }));
    }
    let first = bench.get(&format!("{RECURRINGS}?statuses=ACTIVE&offset=0&limit=100"));
    assert_eq!(first.json_body().as_array().unwrap().len(), 100);
    assert_eq!(first.header("x-last-record"), Some("false"));
    assert_eq!(first.header("x-pagination"), Some(r#"{"limit":100,"offset":0,"total":149}"#));
    let second = bench.get(&format!("{RECURRINGS}?statuses=ACTIVE&offset=100&limit=100"));
    assert_eq!(second.json_body().as_array().unwrap().len(), 49);
    assert_eq!(second.header("x-last-record"), Some("true"));
    assert_eq!(bench.get(&format!("{RECURRINGS}/r-7")).header("etag"), Some("\"r-7-1\""));
    for query in ["limit=101", "offset=x", "statuses=ACTIVE&invoice-handlings=MANUAL", "status=ACTIVE"] {
        assert_eq!(bench.get(&format!("{RECURRINGS}?{query}")).status, 400, "{query}");
    }
}

#[test]
fn recurring_billing_may_be_closed_and_always_wants_a_token() {
    for (closed, status, code) in [
        (RecurringBilling::NoScope, 400, 2_000_663),
        (RecurringBilling::NoLicence, 403, 2_001_101),
        (RecurringBilling::Absent, 404, 9_000_003),
    ] {
        let mut bench = Bench::with(|switches| switches.recurring_billing = closed);
        let answer = bench.get(RECURRINGS);
        assert_eq!((answer.status, error_code(&answer)), (status, code), "{closed:?}");
    }
    let mut bench = Bench::new();
    bench.token = "someone-elses".to_owned();
    assert_eq!(bench.get(RECURRINGS).status, 401);
}
