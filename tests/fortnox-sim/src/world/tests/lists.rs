//! Lists: paging, filters, sorting, and what is not found.

use serde_json::{Value, json};

use super::{Bench, error_code};

fn with_invoices(count: usize) -> Bench {
    let mut bench = Bench::new();
    for _ in 0..count {
        bench.invoice_contract(1);
    }
    bench
}

fn numbers(list: &Value) -> Vec<String> {
    list["Invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["DocumentNumber"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn five_rows_two_a_page_are_three_pages() {
    let mut bench = with_invoices(5);
    let list = bench.get("/3/invoices?limit=2&page=3").json_body();
    assert_eq!(list["MetaInformation"], json!({"@TotalResources": 5, "@TotalPages": 3, "@CurrentPage": 3}));
    assert_eq!(numbers(&list), ["5"]);
}

#[test]
fn an_empty_list_has_no_pages_and_a_trailing_slash_works() {
    let mut bench = Bench::new();
    let list = bench.get("/3/invoices/?filter=unpaid").json_body();
    assert_eq!(
        list,
        json!({
            "MetaInformation": {"@TotalResources": 0, "@TotalPages": 0, "@CurrentPage": 1},
            "Invoices": [],
        })
    );
}

#[test]
fn a_page_has_at_most_five_hundred_rows() {
    let mut bench = with_invoices(501);
    let list = bench.get("/3/invoices?limit=9999").json_body();
    assert_eq!(numbers(&list).len(), 500);
    assert_eq!(list["MetaInformation"]["@TotalPages"], 2);
    let list = bench.get("/3/invoices").json_body();
    assert_eq!(numbers(&list).len(), 100);
}

#[test]
fn sorting_goes_both_ways() {
    let mut bench = with_invoices(11);
    let list = bench.get("/3/invoices?sortby=documentnumber&sortorder=descending&limit=2").json_body();
    assert_eq!(numbers(&list), ["11", "10"]);
    assert_eq!(bench.get("/3/invoices?sortby=luck").status, 400);
}

#[test]
fn filters_narrow_down() {
    let mut bench = with_invoices(1);
    bench.invoice_contract(2);
    bench.put("/3/invoices/1/bookkeep", &json!({}));
    bench.put("/3/invoices/1/externalprint", &json!({}));
    for (query, expected) in [
        ("filter=unbooked", vec!["2"]),
        ("filter=unpaid", vec!["1"]),
        ("sent=true", vec!["1"]),
        ("customernumber=2", vec!["2"]),
        ("customername=ÅMÅL", vec!["1"]),
        ("invoicetype=AGREEMENTINVOICE&fromdate=2026-01-01", vec!["1", "2"]),
        ("todate=2025-12-31", vec![]),
        ("yourordernumber=po-", vec!["1"]),
        ("lastmodified=2026-01-01%2009:00", vec!["1", "2"]),
        ("lastmodified=2026-01-02", vec![]),
    ] {
        let list = bench.get(&format!("/3/invoices?{query}")).json_body();
        assert_eq!(numbers(&list), expected, "{query}");
    }
}

#[test]
fn bad_filters_and_missing_documents_differ_in_casing() {
    let mut bench = Bench::new();
    let bad = bench.get("/3/contracts?filter=new");
    assert_eq!(bad.status, 400);
    assert_eq!(
        bad.json_body(),
        json!({"ErrorInformation": {
            "error": 1, "message": "Ett ogiltigt filter har använts.", "code": 2_000_587,
        }})
    );
    let missing = bench.get("/3/invoices/99");
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.json_body(),
        json!({"ErrorInformation": {
            "Error": 1, "Message": "Kan inte hitta fakturan.", "Code": 2_000_434,
        }})
    );
    let misspelt = bench.get("/3/invoices?customernr=1");
    assert_eq!(error_code(&misspelt), 2_000_588);
}

#[test]
fn customers_are_null_in_detail_and_blank_in_the_list() {
    let mut bench = Bench::new();
    let customer = bench.document("/3/customers/2");
    assert_eq!(customer["Email"], Value::Null);
    assert_eq!(customer["DefaultDeliveryTypes"]["Order"], "PRINT");
    let item = bench.get("/3/customers").json_body()["Customers"][1].clone();
    assert_eq!(item["Email"], "");
    assert_eq!(item["Phone"], "");
    let new = bench.post("/3/customers", &json!({"Customer": {"Name": "Ny & Co"}}));
    assert_eq!(new.status, 201);
    let new = new.json_body()["Customer"].clone();
    assert_eq!(new["CustomerNumber"], "3");
    assert_eq!(new["VATType"], "SEVAT");
    assert_eq!(new["PriceList"], "A");
}

#[test]
fn the_database_number_has_two_types() {
    let mut bench = Bench::new();
    let information = bench.document("/3/companyinformation");
    assert_eq!(information["DatabaseNumber"], super::LITEN);
    let settings = bench.document("/3/settings/company");
    assert_eq!(settings["DatabaseNumber"], "7654321");
    let senders = bench.document("/3/emailsenders");
    assert_eq!(senders["TrustedSenders"][0]["Id"], 1);
    for path in ["/3/me", "/3/termsofpayments", "/3/pricelists"] {
        assert_eq!(bench.get(path).status, 200, "{path}");
    }
}
