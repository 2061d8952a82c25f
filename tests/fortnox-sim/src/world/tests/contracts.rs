//! Contracts: what the fields say before and after an invoice is made from them.

use serde_json::{Value, json};

use super::super::{
    CreateInvoiceAnswer, EffectKind, IncreaseInvoiceCount, IntervalKey, InvoiceDateQuery, MonthEnd, NumberOrText,
    PeriodReading, VatIncludedKey, WholeTermCounting,
};
use super::{Bench, error_code};

fn period(document: &Value) -> (&str, &str) {
    (document["PeriodStart"].as_str().unwrap(), document["PeriodEnd"].as_str().unwrap())
}

fn invoice_period(document: &Value) -> (&str, &str) {
    (document["InvoicePeriodStart"].as_str().unwrap(), document["InvoicePeriodEnd"].as_str().unwrap())
}

#[test]
fn an_invoice_covers_the_period_before_it_moves_on() {
    let mut bench = Bench::new();
    let invoice = &bench.invoice_contract(1)["Invoice"];
    assert_eq!(invoice_period(invoice), ("2026-01-01", "2026-01-31"));
    assert_eq!(invoice["InvoiceType"], "AGREEMENTINVOICE");
    assert_eq!(invoice["ContractReference"], 1);
    assert_eq!(invoice["InvoiceDate"], "2026-01-01");
    assert_eq!(invoice["DueDate"], "2026-01-31");
    assert_eq!(invoice["YourOrderNumber"], "PO-1");
    assert_eq!(invoice["Booked"], false);
    assert_eq!(invoice["Sent"], false);
    // 1 × 1000 + 2 × 900, 25 % VAT
    assert_eq!(invoice["Net"], 2800);
    assert_eq!(invoice["TotalVAT"], 700);
    assert_eq!(invoice["TotalToPay"], 3500);
    let contract = bench.document("/3/contracts/1");
    assert_eq!(period(&contract), ("2026-02-01", "2026-02-28"));
    assert_eq!(contract["LastInvoiceDate"], "2026-01-01");
    assert_eq!(contract["InvoicesRemaining"], "0");
    assert_eq!(contract["Active"], true);
}

#[test]
fn nothing_refuses_a_repeated_or_early_invoice() {
    let mut bench = Bench::new();
    bench.invoice_contract(1);
    let second = bench.invoice_contract(1);
    assert_eq!(invoice_period(&second["Invoice"]), ("2026-02-01", "2026-02-28"));
    let made = bench.effects().into_iter().filter(|kind| *kind == EffectKind::InvoiceCreated).count();
    assert_eq!(made, 2);
}

#[test]
fn the_answer_can_be_the_contract_after_the_change() {
    let mut bench = Bench::with(|s| s.createinvoice_answer = CreateInvoiceAnswer::Contract);
    let answer = bench.invoice_contract(1);
    assert_eq!(answer["Contract"]["DocumentNumber"], "1");
    assert_eq!(answer["Contract"]["PeriodStart"], "2026-02-01");
    assert!(answer.get("Invoice").is_none());
}

#[test]
fn month_ends_come_back_when_anchored_and_are_lost_when_clamped() {
    for (month_end, starts) in [
        (MonthEnd::Anchored, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (MonthEnd::Clamped, ["2026-01-31", "2026-02-28", "2026-03-28", "2026-04-28"]),
    ] {
        let mut bench = Bench::with(|s| s.month_end = month_end);
        for start in starts {
            let invoice = bench.invoice_contract(2);
            assert_eq!(invoice["Invoice"]["InvoicePeriodStart"], start);
        }
    }
}

#[test]
fn neighbouring_periods_leave_no_gap() {
    let mut bench = Bench::new();
    let first = bench.invoice_contract(2);
    let second = bench.invoice_contract(2);
    assert_eq!(invoice_period(&first["Invoice"]), ("2026-01-31", "2026-02-27"));
    assert_eq!(invoice_period(&second["Invoice"]), ("2026-02-28", "2026-03-30"));
}

#[test]
fn a_whole_term_stays_and_the_count_moves() {
    let mut bench = Bench::new();
    // Quarterly from 31 January 2025, last invoiced 31 October: the fifth quarter is next.
    let first = bench.invoice_contract(3);
    assert_eq!(invoice_period(&first["Invoice"]), ("2026-01-31", "2026-04-29"));
    let second = bench.invoice_contract(3);
    assert_eq!(invoice_period(&second["Invoice"]), ("2026-04-30", "2026-07-30"));
    let contract = bench.document("/3/contracts/3");
    assert_eq!(period(&contract), ("2025-01-31", "2026-01-30"));
    assert_eq!(contract["LastInvoiceDate"], "2026-01-01");
}

#[test]
fn a_whole_term_can_count_by_the_last_invoice_date() {
    let mut bench = Bench::with(|s| s.whole_term_counting = WholeTermCounting::LastInvoiceDate);
    for _ in 0..2 {
        let invoice = bench.invoice_contract(3);
        // Invoiced on 1 January, before the period starts: the same period is next again.
        assert_eq!(invoice["Invoice"]["InvoicePeriodStart"], "2026-01-31");
    }
}

#[test]
fn the_reading_is_a_switch_of_the_company() {
    let mut bench = Bench::with(|s| {
        s.period_reading = PeriodReading::WholeTerm;
        s.fill_invoice_period = false;
    });
    let invoice = bench.invoice_contract(1);
    assert_eq!(invoice_period(&invoice["Invoice"]), ("", ""));
    let contract = bench.document("/3/contracts/1");
    assert_eq!(period(&contract), ("2026-01-01", "2026-01-31"));
    // The ledger knows the period all the same.
    let effect = bench.world.ledger()[1].effects[0].clone();
    assert_eq!(effect.period_start.unwrap().to_string(), "2026-01-01");
    assert_eq!(effect.total.unwrap().to_string(), "3500");
}

#[test]
fn the_last_invoice_finishes_a_fixed_length_contract() {
    let mut bench = Bench::new();
    bench.invoice_contract(2);
    let contract = bench.document("/3/contracts/2");
    assert_eq!(contract["InvoicesRemaining"], "0");
    assert_eq!(contract["Active"], false);
    let list = bench.get("/3/contracts?filter=finished").json_body();
    assert_eq!(list["Contracts"][0]["Status"], "FINISHED");
    assert_eq!(list["Contracts"][0]["InvoicesRemaining"], 0);
    bench.switches().invoice_finished_contracts = false;
    let refused = bench.put("/3/contracts/2/createinvoice", &json!({}));
    assert_eq!(refused.status, 400);
}

#[test]
fn the_invoice_date_query_is_a_switch() {
    let path = "/3/contracts/1/createinvoice?invoicedate=2026-01-15";
    for (switch, status, date) in [
        (InvoiceDateQuery::Honour, 200, "2026-01-15"),
        (InvoiceDateQuery::Ignore, 200, "2026-01-01"),
        (InvoiceDateQuery::Reject, 400, "2025-12-01"),
    ] {
        let mut bench = Bench::with(|s| s.invoicedate_query = switch);
        let answer = bench.put(path, &json!({}));
        assert_eq!(answer.status, status);
        let contract = bench.document("/3/contracts/1");
        assert_eq!(contract["LastInvoiceDate"], date);
    }
}

#[test]
fn a_contract_body_is_applied_before_the_invoice_is_made() {
    let mut bench = Bench::new();
    let body = json!({"Contract": {"Remarks": "Tack för i år"}});
    let answer = bench.put("/3/contracts/1/createinvoice", &body).json_body();
    assert_eq!(answer["Invoice"]["Remarks"], "Tack för i år");
    assert_eq!(answer["Invoice"]["InvoicePeriodStart"], "2026-01-01");
}

#[test]
fn increaseinvoicecount_extends_or_skips() {
    let mut bench = Bench::new();
    bench.put("/3/contracts/2/increaseinvoicecount", &json!({}));
    let contract = bench.document("/3/contracts/2");
    assert_eq!(contract["InvoicesRemaining"], "2");
    assert_eq!(contract["PeriodStart"], "2026-01-31");

    let mut bench = Bench::with(|s| s.increase_invoice_count = IncreaseInvoiceCount::Skips);
    bench.put("/3/contracts/2/increaseinvoicecount", &json!({}));
    let contract = bench.document("/3/contracts/2");
    assert_eq!(contract["InvoicesRemaining"], "0");
    assert_eq!(contract["PeriodStart"], "2026-02-28");
    assert_eq!(contract["LastInvoiceDate"], "2025-12-31");
}

#[test]
fn the_list_has_its_own_spellings_and_types() {
    let mut bench = Bench::new();
    let item = bench.get("/3/contracts").json_body()["Contracts"][1].clone();
    assert_eq!(item["Invoiceinterval"], 1);
    assert_eq!(item["InvoicesRemaining"], 1);
    assert_eq!(item["Status"], "ACTIVE");
    assert!(item.get("YourOrderNumber").is_none());
    bench.switches().interval_key = IntervalKey::Interval;
    bench.switches().vat_included_key = VatIncludedKey::Older;
    bench.switches().contract_reference = NumberOrText::Text;
    let item = bench.get("/3/contracts").json_body()["Contracts"][1].clone();
    assert_eq!(item["Interval"], 1);
    assert_eq!(bench.document("/3/contracts/1")["VatIncluded"], false);
    let invoice = bench.invoice_contract(1);
    assert_eq!(invoice["Invoice"]["ContractReference"], "1");
}

#[test]
fn creating_wants_customer_rows_and_period_end() {
    let mut bench = Bench::new();
    let full = json!({
        "CustomerNumber": "1",
        "PeriodStart": "2026-02-01",
        "PeriodEnd": "2026-02-28",
        "ContractLength": 12,
        "InvoiceInterval": 3,
        "InvoiceRows": [{"ArticleNumber": "2", "DeliveredQuantity": 10}],
    });
    for missing in ["CustomerNumber", "InvoiceRows", "PeriodEnd"] {
        let mut partial = full.clone();
        partial.as_object_mut().unwrap().remove(missing);
        let answer = bench.post("/3/contracts", &json!({"Contract": partial}));
        assert_eq!(answer.status, 400, "{missing}");
    }
    let answer = bench.post("/3/contracts", &json!({"Contract": full}));
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), Some("contracts"));
    let contract = &answer.json_body()["Contract"];
    assert_eq!(contract["DocumentNumber"], "4");
    assert_eq!(contract["InvoicesRemaining"], "4");
    // The article's price at ten hours, its text and VAT.
    let row = &contract["InvoiceRows"][0];
    assert_eq!(row["Price"], 850);
    assert_eq!(row["DeliveredQuantity"], "10");
    assert_eq!(row["Description"], "Konsulttimme");
    assert_eq!(row["VAT"], 25);
}

#[test]
fn a_company_without_the_feature_says_so() {
    let mut bench = Bench::with(|s| s.contracts_feature = false);
    let answer = bench.get("/3/contracts");
    assert_eq!(answer.status, 400);
    assert!(answer.json_body().to_string().contains("Feature inte tillgänglig"));
    assert!(error_code(&answer) > 9_000_000);
}
