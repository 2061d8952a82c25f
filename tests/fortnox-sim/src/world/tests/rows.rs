//! Writing fields and rows: ids, positions, blanks, rounding, limits.

use serde_json::{Value, json};

use super::{Bench, error_code};

fn ids(contract: &Value) -> Vec<u64> {
    contract["InvoiceRows"].as_array().unwrap().iter().map(|row| row["RowId"].as_u64().unwrap()).collect()
}

fn put(bench: &mut Bench, fields: &Value) -> Value {
    let answer = bench.put("/3/contracts/1", &json!({"Contract": fields}));
    assert_eq!(answer.status, 200, "{}", answer.json_body());
    answer.json_body()["Contract"].clone()
}

#[test]
fn rows_with_ids_are_changed_kept_added_and_dropped() {
    let mut bench = Bench::new();
    let before = bench.document("/3/contracts/1");
    let old = ids(&before);
    let after = put(
        &mut bench,
        &json!({"InvoiceRows": [
            {"RowId": old[1], "Price": 950},
            {"ArticleNumber": "1", "DeliveredQuantity": "3"},
        ]}),
    );
    let rows = after["InvoiceRows"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "the row that was not mentioned is gone");
    assert_eq!(rows[0]["ArticleNumber"], "2");
    assert_eq!(rows[0]["Price"], 950);
    assert_eq!(rows[0]["DeliveredQuantity"], "2");
    assert_eq!(rows[1]["Price"], 1000);
}

#[test]
fn every_update_renews_all_row_ids() {
    let mut bench = Bench::new();
    let old = ids(&bench.document("/3/contracts/1"));
    let kept = put(&mut bench, &json!({"InvoiceRows": [{"RowId": old[0]}, {"RowId": old[1]}]}));
    let new = ids(&kept);
    assert!(new.iter().all(|id| !old.contains(id)));
    let stale = bench.put("/3/contracts/1", &json!({"Contract": {"InvoiceRows": [{"RowId": old[0], "Price": 1}]}}));
    assert_eq!(stale.status, 400);
    let commented = put(&mut bench, &json!({"Comments": "bara en kommentar"}));
    assert_eq!(commented["InvoiceRows"].as_array().unwrap().len(), 2);
    assert!(ids(&commented).iter().all(|id| !new.contains(id)));
}

#[test]
fn rows_without_ids_go_by_position() {
    let mut bench = Bench::new();
    let after = put(&mut bench, &json!({"InvoiceRows": [{"Price": 1100}]}));
    let rows = after["InvoiceRows"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["ArticleNumber"], "1");
    assert_eq!(rows[0]["Price"], 1100);
}

#[test]
fn money_and_quantities_are_rounded_half_up() {
    let mut bench = Bench::new();
    let after = put(&mut bench, &json!({"InvoiceRows": [{"Price": 1.125, "DeliveredQuantity": "1.125"}]}));
    assert_eq!(after["InvoiceRows"][0]["Price"], json!(1.13));
    assert_eq!(after["InvoiceRows"][0]["DeliveredQuantity"], "1.13");
}

#[test]
fn a_blank_leaves_and_the_blank_word_clears() {
    let mut bench = Bench::new();
    put(&mut bench, &json!({"Comments": "gammal", "Remarks": "tryckt"}));
    let after = put(&mut bench, &json!({"Comments": ""}));
    assert_eq!(after["Comments"], "gammal");
    let after = put(&mut bench, &json!({"Comments": "API_BLANK"}));
    assert_eq!(after["Comments"], "");
    assert_eq!(after["Remarks"], "tryckt", "absent fields stay");
}

#[test]
fn bad_fields_have_their_codes() {
    let mut bench = Bench::new();
    let long = "x".repeat(26);
    for (fields, code) in [
        (json!({"NextInvoiceDate": "2026-01-01"}), 2_001_399),
        (json!({"InvoicesRemaining": "3"}), 2_001_399),
        (json!({"OurReference": long}), 2_000_107),
        (json!({"Freight": "mycket"}), 2_000_108),
        (json!({"Continuous": "kanske"}), 2_000_134),
        (json!({"Comments": "hej \u{1F600}"}), 2_000_359),
        (json!({"CustomerNumber": "77"}), 2_000_433),
        (json!({"TermsOfPayment": "99"}), 2_000_429),
        (json!({"InvoiceRows": [{"ArticleNumber": "77"}]}), 2_000_428),
    ] {
        let answer = bench.put("/3/contracts/1", &json!({"Contract": fields}));
        assert_eq!((answer.status, error_code(&answer)), (400, code), "{fields}");
        assert!(answer.json_body()["ErrorInformation"]["message"].is_string());
    }
    bench.switches().reject_unknown_fields = false;
    put(&mut bench, &json!({"NextInvoiceDate": "2026-01-01"}));
}

#[test]
fn a_body_must_be_json_and_there() {
    let mut bench = Bench::new();
    let empty = bench.put("/3/contracts/1", &json!({}));
    assert_eq!(error_code(&empty), 2_001_392);
    let mut broken =
        super::SimRequest::new(super::Method::Put, "/3/contracts/1").with_header("Content-Type", "application/json");
    broken.body = b"{\"Contract\":".to_vec();
    assert_eq!(error_code(&bench.send(broken)), 2_002_115);
}
