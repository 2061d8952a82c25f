//! A large company: what one change costs, and that it's the least.

use super::company::Company;

const AGREEMENTS: u32 = 5_000;
const ARTICLES: u32 = 200;

#[test]
fn of_five_thousand_agreements_only_those_with_the_article_are_asked_for() {
    let company = Company::new("follow");
    for article in 100..100 + ARTICLES {
        company.enter_article(article, 500);
    }
    for number in 1..=AGREEMENTS {
        let article = (100 + number % ARTICLES).to_string();
        company.enter(number, &[(article.as_str(), 1, 500), ("1", 1, 900)]);
    }
    company.first_look();
    company.pass(chrono::TimeDelta::hours(2));
    let before = company.requests();
    company.set_price("A", "107", 0, 550);
    company.tick();
    let calls = company.calls_since(before);
    let affected = (AGREEMENTS / ARTICLES) as usize;
    let counted = |beginning: &str| calls.iter().filter(|call| call.starts_with(beginning)).count();
    assert_eq!(counted("GET /3/ARTICLES"), 1);
    assert_eq!(counted("GET /3/PRICES/SUBLIST/A/107"), 1);
    assert_eq!(counted("GET /3/CONTRACTS/"), affected);
    assert_eq!(counted("PUT /3/CONTRACTS/"), affected);
    assert_eq!(counted("GET /3/INVOICES"), affected);
    assert_eq!(calls.len(), 2 + 3 * affected, "and nothing else");
    let before = company.requests();
    company.night();
    let calls = company.calls_since(before);
    let counted = |beginning: &str| calls.iter().filter(|call| call.starts_with(beginning)).count();
    // Ten pages of agreements, the touched ones, and each list price in use.
    assert_eq!(counted("GET /3/CONTRACTS/"), affected, "those that we touched ourselves are read again");
    assert_eq!(counted("GET /3/PRICES/"), ARTICLES as usize + 1);
    assert_eq!(counted("PUT"), 0);
}
