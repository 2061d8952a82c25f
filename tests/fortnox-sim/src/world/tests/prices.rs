//! Prices and the articles they belong to.

use serde_json::{Value, json};

use super::super::EffectKind;
use super::{Bench, error_code};

#[test]
fn steps_are_read_alone_first_and_together() {
    let mut bench = Bench::new();
    assert_eq!(bench.document("/3/prices/A/2")["Price"], 900);
    assert_eq!(bench.document("/3/prices/A/2/10")["Price"], 850);
    let steps = bench.get("/3/prices/sublist/A/2").json_body();
    assert_eq!(steps["Prices"].as_array().unwrap().len(), 2);
    let missing = bench.get("/3/prices/A/77");
    assert_eq!((missing.status, error_code(&missing)), (404, 2_000_430));
}

#[test]
fn a_new_price_shows_on_the_article_and_not_on_contracts() {
    let mut bench = Bench::new();
    let answer = bench.put("/3/prices/A/1", &json!({"Price": {"Price": 1080.505}}));
    assert_eq!(answer.status, 200);
    assert_eq!(bench.document("/3/articles/1")["SalesPrice"], json!(1080.51));
    let item = bench.get("/3/articles").json_body()["Articles"][0].clone();
    assert_eq!(item["SalesPrice"], "1080.51");
    assert_eq!(item["PurchasePrice"], "0");
    let contract = bench.document("/3/contracts/1");
    assert_eq!(contract["InvoiceRows"][0]["Price"], 1000);
    let changed = bench.world.ledger()[1].effects[0].clone();
    assert_eq!(changed.kind, EffectKind::PriceChanged);
    assert_eq!(changed.article.as_deref(), Some("1"));
}

#[test]
fn a_price_change_touches_its_article_when_the_switch_says_so() {
    for (touches, found) in [(true, 1), (false, 0)] {
        let mut bench = Bench::with(|s| s.price_change_touches_article = touches);
        bench.now += chrono::TimeDelta::days(2);
        let answer = bench.grant("grant_type=client_credentials", Some(super::LITEN), "not-a-secret-liten");
        bench.token = super::text(&answer.json_body(), "/access_token");
        bench.put("/3/prices/A/1/0", &json!({"Price": {"Price": 5}}));
        let list = bench.get("/3/articles?lastmodified=2026-01-03").json_body();
        assert_eq!(list["MetaInformation"]["@TotalResources"], found);
    }
}

#[test]
fn an_article_without_a_price_has_none() {
    let mut bench = Bench::new();
    let body = json!({"Article": {"Description": "Ny tjänst"}});
    let article = bench.post("/3/articles", &body).json_body()["Article"].clone();
    assert_eq!(article["ArticleNumber"], "3");
    assert_eq!(article["SalesPrice"], Value::Null);
    let refused = bench.put("/3/articles/3", &json!({"Article": {"SalesPrice": 5}}));
    assert_eq!(error_code(&refused), 2_001_399, "SalesPrice is read-only");
    let price = json!({"Price": {"ArticleNumber": "3", "PriceList": "A", "Price": 5}});
    assert_eq!(bench.post("/3/prices", &price).status, 201);
    assert_eq!(bench.document("/3/articles/3")["SalesPrice"], 5);
}
