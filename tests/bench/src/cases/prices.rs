//! One changed list price in a company of many agreements.

use chrono::TimeDelta;
use domain::ids::TenantId;
use fortnox_sim::{Actor, Method};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use stage::{Evidence, StageError, companies::swedish, tenant_of};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, delta_millis},
    scene::{Cast, Scene},
};

const AGREEMENTS: usize = 5_000;
const ARTICLES: usize = 200;
const FIRST_ARTICLE: usize = 1_000;
/// Longer than until the first comparison after a scan.
const FIRST_COMPARISON: TimeDelta = TimeDelta::minutes(40);
/// Longer than between two looks for changed prices, the heartbeat included.
const LOOK: TimeDelta = TimeDelta::minutes(7);

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    let company = with_articles()?;
    let tenant = tenant_of(&company);
    let profile = json!({
        "mode": "draft_only", "auto_book": false, "channel": "none", "price_sync": "follow", "price_sync_minutes": 5,
    });
    let scene = Scene::open(setting, "prices", Cast::swedes(vec![company], profile)).await?;
    scene.first_day().await?;
    (setting.progress)("the first comparison reads each agreement once: some minutes");
    scene.stage.advance_to(scene.now() + FIRST_COMPARISON).await?;
    let before = scene.stage.simulator.ledger().len();
    let article = FIRST_ARTICLE + 7;
    let changed_at = scene.now();
    let price = json!({"Price": {"Price": 550}});
    scene.stage.by_hand(&tenant, Method::Put, &format!("/3/prices/A/{article}/0"), &price)?;
    scene.stage.advance_to(scene.now() + LOOK).await?;
    let evidence = scene.stage.evidence()?;
    report.figures.append(&mut figures(&evidence, &tenant, before, changed_at)?.all);
    scene.close().await
}

/// A company whose agreements have each one of the articles, none of them due.
fn with_articles() -> Result<fortnox_sim::CompanyFile, StageError> {
    let mut company = swedish::company(8401, 1)?;
    let one = company.contracts.first().cloned().ok_or("a company with one agreement has one")?;
    for article in FIRST_ARTICLE..FIRST_ARTICLE + ARTICLES {
        let number = article.to_string();
        company.articles.push(object(json!({
            "ArticleNumber": number, "Description": "Artikel", "VAT": 25, "SalesAccount": 3041,
        })));
        company
            .prices
            .push(object(json!({"PriceList": "A", "ArticleNumber": number, "FromQuantity": 0, "Price": 500})));
    }
    company.contracts = (1..=AGREEMENTS)
        .map(|number| {
            let article = (FIRST_ARTICLE + number % ARTICLES).to_string();
            let mut agreement = one.clone();
            agreement.insert("DocumentNumber".to_owned(), json!(number.to_string()));
            agreement.insert("PeriodStart".to_owned(), json!("2027-01-01"));
            agreement.insert("PeriodEnd".to_owned(), json!("2027-01-31"));
            let rows = json!([{"ArticleNumber": article, "DeliveredQuantity": "1", "Price": 500}]);
            agreement.insert("InvoiceRows".to_owned(), rows);
            agreement
        })
        .collect();
    Ok(company)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn figures(
    evidence: &Evidence,
    tenant: &TenantId,
    before: usize,
    changed_at: chrono::DateTime<chrono::Utc>,
) -> Result<Figures, StageError> {
    let affected = AGREEMENTS / ARTICLES;
    let mut figures = Figures::of(
        "prices",
        format!(
            "one company, {AGREEMENTS} agreements, {ARTICLES} articles; one price changes, {affected} agreements follow"
        ),
    );
    let own = |entry: &&fortnox_sim::LedgerEntry| {
        entry.actor == Actor::App && entry.tenant == Some(tenant.number()) && entry.path.starts_with("/3/")
    };
    let calls: Vec<_> = evidence.ledger.iter().skip(before).filter(own).collect();
    let followed = calls.iter().filter(|entry| entry.method == Method::Put && entry.path.starts_with("/3/contracts/"));
    let exactly = |number: usize| Some(Bar::Exactly(count(number)));
    figures.add("agreements that followed", "total", count(followed.clone().count()), Unit::Count, exactly(affected));
    // Which articles were touched; the price; and each agreement read, changed, and its customer's open invoices looked for.
    figures.add("calls of Fortnox", "total", count(calls.len()), Unit::Count, exactly(2 + 3 * affected));
    let first = calls.first().map(|entry| entry.at).ok_or("nobody looked")?;
    let last = followed.map(|entry| entry.at).max().ok_or("nothing followed")?;
    let seconds = |time| delta_millis(time) / Decimal::ONE_THOUSAND;
    figures.add("from the look to the last agreement", "max", seconds(last - first), Unit::Seconds, None);
    figures.add("from the change to the last agreement", "max", seconds(last - changed_at), Unit::Seconds, None);
    Ok(figures)
}
