//! One changed list price in a company of many agreements.

use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, TimeDelta, Utc};
use fortnox_sim::{LedgerEntry, Method};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use stage::{StageError, companies::swedish, tenant_of};

use crate::{
    Report, Setting,
    figure::{Bar, Figures, Unit, count, delta_millis},
    ledger,
    scene::{Cast, Scene},
};

const AGREEMENTS: usize = 5_000;
const ARTICLES: usize = 200;
const FIRST_ARTICLE: usize = 1_000;
/// A comparison that is continued by another invocation lists its page once more. At a third of the rate no fewer are read by one.
const READ_BY_ONE: usize = 1_000;
/// Longer than until the first comparison begins after a scan.
const FIRST_COMPARISON: TimeDelta = TimeDelta::minutes(40);
/// Longer than between two looks for changed prices, the heartbeat included.
const LOOK: TimeDelta = TimeDelta::minutes(7);

/// What is compared: so many agreements, each with one of so many articles.
#[derive(Debug, Clone, Copy)]
struct Size {
    agreements: usize,
    articles: usize,
}

impl Display for Size {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "one company, {} agreements, {} articles", self.agreements, self.articles)
    }
}

/// Measures.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result<(), StageError> {
    (setting.progress)(
        "the first comparison reads each agreement once: a quarter of an hour, since Fortnox's rate is what it is",
    );
    of_a_price_change(setting, report, AGREEMENTS, ARTICLES).await
}

/// Of one changed price, and of the comparison that comes before any change can be seen. There are at least as many agreements as
/// articles.
pub async fn of_a_price_change(
    setting: &Setting,
    report: &mut Report,
    agreements: usize,
    articles: usize,
) -> Result<(), StageError> {
    let size = Size { agreements, articles };
    let company = with_articles(size)?;
    let tenant = tenant_of(&company);
    let profile = json!({
        "mode": "draft_only", "auto_book": false, "channel": "none", "price_sync": "follow", "price_sync_minutes": 5,
    });
    let scene = Scene::open(setting, "prices", Cast::swedes(vec![company], profile)).await?;
    scene.first_day().await?;
    scene.stage.advance_to(scene.now() + FIRST_COMPARISON).await?;
    let before = scene.stage.simulator.ledger().len();
    (setting.progress)("one price changes");
    let changed_at = scene.now();
    let price = json!({"Price": {"Price": 550}});
    scene.stage.by_hand(&tenant, Method::Put, &format!("/3/prices/A/{FIRST_ARTICLE}/0"), &price)?;
    scene.stage.advance_to(scene.now() + LOOK).await?;
    let evidence = scene.stage.evidence()?;
    let (at_first, after) = evidence.ledger.split_at_checked(before).ok_or("the ledger grew shorter")?;
    let own = |ledger| ledger::of_fortnox(ledger, &tenant).collect::<Vec<_>>();
    report.figures.append(&mut first_comparison(size, &own(at_first))?.all);
    report.figures.append(&mut change(size, &own(after), changed_at)?.all);
    scene.close().await
}

/// A company whose agreements have each one of the articles, none of them due.
fn with_articles(size: Size) -> Result<fortnox_sim::CompanyFile, StageError> {
    let mut company = swedish::company(8401, 1)?;
    let one = company.contracts.first().cloned().ok_or("a company with one agreement has one")?;
    for article in FIRST_ARTICLE..FIRST_ARTICLE + size.articles {
        let number = article.to_string();
        company.articles.push(object(json!({
            "ArticleNumber": number, "Description": "Artikel", "VAT": 25, "SalesAccount": 3041,
        })));
        company
            .prices
            .push(object(json!({"PriceList": "A", "ArticleNumber": number, "FromQuantity": 0, "Price": 500})));
    }
    company.contracts = (0..size.agreements)
        .map(|number| {
            let article = (FIRST_ARTICLE + number % size.articles).to_string();
            let mut agreement = one.clone();
            agreement.insert("DocumentNumber".to_owned(), json!((number + 1).to_string()));
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

/// Until all agreements are known.
fn first_comparison(size: Size, calls: &[&LedgerEntry]) -> Result<Figures, StageError> {
    let mut figures = Figures::of("prices", format!("{size}: the first comparison, and the day's scan"));
    let read = |entry: &&&LedgerEntry| entry.method == Method::Get && entry.path.starts_with("/3/contracts/");
    let all = Some(exactly(size.agreements));
    figures.add("agreements read", "total", count(calls.iter().filter(read).count()), Unit::Count, all);
    // The scan and the comparison list the agreements. An article's price is asked for when it's met first, and once more at the end,
    // which may be an hour later.
    let pages = 2 * size.agreements.div_ceil(ledger::PAGE) + size.agreements.div_ceil(READ_BY_ONE);
    let most = Bar::AtMost(count(size.agreements + 2 * size.articles + pages));
    figures.add("calls of Fortnox", "total", count(calls.len()), Unit::Count, Some(most));
    let times = || calls.iter().filter(read).map(|entry| entry.at);
    let took = times().max().zip(times().min()).map(|(last, first)| last - first).ok_or("no agreement was read")?;
    figures.add("from the first agreement to the last", "max", seconds(took), Unit::Seconds, None);
    Ok(figures)
}

/// Once a price has changed.
fn change(size: Size, calls: &[&LedgerEntry], changed_at: DateTime<Utc>) -> Result<Figures, StageError> {
    let affected = size.agreements.div_ceil(size.articles);
    let mut figures = Figures::of("prices", format!("{size}; one price changes, {affected} agreements follow"));
    let followed = calls.iter().filter(|entry| entry.method == Method::Put && entry.path.starts_with("/3/contracts/"));
    figures.add(
        "agreements that followed",
        "total",
        count(followed.clone().count()),
        Unit::Count,
        Some(exactly(affected)),
    );
    // Which articles were touched; the price; and each agreement read, changed, and its customer's open invoices looked for.
    figures.add("calls of Fortnox", "total", count(calls.len()), Unit::Count, Some(exactly(2 + 3 * affected)));
    let first = calls.first().map(|entry| entry.at).ok_or("nobody looked")?;
    let last = followed.map(|entry| entry.at).max().ok_or("nothing followed")?;
    figures.add("from the look to the last agreement", "max", seconds(last - first), Unit::Seconds, None);
    figures.add("from the change to the last agreement", "max", seconds(last - changed_at), Unit::Seconds, None);
    Ok(figures)
}

fn exactly(number: usize) -> Bar {
    Bar::Exactly(count(number))
}

fn seconds(time: TimeDelta) -> Decimal {
    delta_millis(time) / Decimal::ONE_THOUSAND
}
