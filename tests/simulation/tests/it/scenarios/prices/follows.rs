//! What follows, what doesn't, and what is told.

use chrono::TimeDelta;
use serde_json::json;

use super::company::{Company, prices, without_prices};
use crate::scenarios::world::{everything, with};

#[test]
fn within_one_tick_agreements_and_open_invoices_have_the_new_price_and_nothing_else_changes() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000), ("2", 3, 80), ("1", 2, 900)]);
    company.enter(2, &[("2", 10, 70), ("2", 1, 80)]);
    company.first_look();
    let (open, booked) = (company.invoice(1), company.invoice(1));
    company.world.person().book(&booked).unwrap();
    let documents = || {
        [company.agreement(1), company.agreement(2), company.invoice_document(&open), company.invoice_document(&booked)]
    };
    let before = documents();
    company.set_price("A", "1", 0, 1100);
    company.tick();
    let after = documents();
    assert_eq!(prices(&after[0]), [1100.0, 80.0, 900.0], "the third row was set by hand");
    assert_eq!(prices(&after[2]), [1100.0, 80.0, 900.0], "the open invoice");
    assert_eq!((&after[1], &after[3]), (&before[1], &before[3]), "what has nothing to do with it isn't touched");
    for (before, after) in before.into_iter().zip(after) {
        assert_eq!(without_prices(before), without_prices(after));
    }
    let rows = "1: 1000 becomes 1100, since it followed the list and the list changed; \
                3: 900 was set by hand: the list said 1000";
    assert_eq!(
        company.told(),
        [
            // What was set by hand is told of when it's first looked at.
            "1 left alone: 3: its article's list price is remembered from now on".to_owned(),
            format!("1 changed: {rows}"),
            format!("1/{open} changed: {rows}"),
        ]
    );
}

#[test]
fn a_change_costs_the_fewest_calls() {
    let company = Company::new("follow");
    for number in 1..=4 {
        company.enter(number, &[("1", 1, 1000)]);
    }
    company.enter(5, &[("2", 1, 80)]);
    company.first_look();
    let before = company.requests();
    company.tick();
    assert_eq!(company.calls_since(before), ["GET /3/ARTICLES"], "nothing changed");
    let open = company.invoice(3);
    company.set_price("A", "1", 0, 1100);
    let before = company.requests();
    company.tick();
    let mut wanted = vec!["GET /3/ARTICLES".to_owned(), "GET /3/PRICES/SUBLIST/A/1".to_owned()];
    for number in 1..=4 {
        wanted.extend([
            format!("GET /3/CONTRACTS/{number}"),
            format!("PUT /3/CONTRACTS/{number}"),
            "GET /3/INVOICES".to_owned(),
        ]);
        // The customer's open invoices are looked through, since the list doesn't say what they are from.
        wanted.push(format!("GET /3/INVOICES/{open}"));
        if number == 3 {
            wanted.push(format!("PUT /3/INVOICES/{open}"));
        }
    }
    assert_eq!(company.calls_since(before), wanted);
}

#[test]
fn each_quantity_follows_its_own_step_and_each_agreement_its_own_list() {
    let company = Company::new("follow");
    company.enter(1, &[("2", 9, 80), ("2", 10, 70)]);
    company.enter_with(2, &[("3", 1, 50)], json!({"PriceList": "B"}));
    company.first_look();
    company.set_price("A", "2", 10, 65);
    company.set_price("B", "3", 0, 55);
    company.tick();
    assert_eq!((company.prices(1), company.prices(2)), (vec![80.0, 65.0], vec![55.0]));
}

#[test]
fn a_price_that_changes_again_and_one_that_changes_back_are_followed_each_time() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    for price in [1100, 1200, 1000, 1000, 990] {
        company.set_price("A", "1", 0, price);
        company.tick();
        assert_eq!(company.prices(1), [f64::from(i32::try_from(price).unwrap())]);
    }
}

#[test]
fn a_change_that_touches_no_article_is_seen_at_night() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    company
        .world
        .memory
        .fortnox()
        .switch(&company.world.tenant, |switches| switches.price_change_touches_article = false);
    company.set_price("A", "1", 0, 1100);
    company.tick();
    assert_eq!(company.prices(1), [1000.0], "nobody could know");
    company.night();
    assert_eq!(company.prices(1), [1100.0]);
}

#[test]
fn new_agreements_and_new_rows_follow_from_the_night_on() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    company.enter(2, &[("1", 1, 1000)]);
    let row = json!({"ArticleNumber": "2", "DeliveredQuantity": "1", "Price": 80});
    let old = company.agreement(1)["InvoiceRows"][0]["RowId"].clone();
    company.put("contracts/1", "Contract", json!({"InvoiceRows": [{"RowId": old}, row]}));
    company.night();
    company.set_price("A", "1", 0, 1100);
    company.set_price("A", "2", 0, 85);
    company.tick();
    assert_eq!((company.prices(1), company.prices(2)), (vec![1100.0, 85.0], vec![1100.0]));
}

#[test]
fn preview_tells_once_and_changes_nothing_and_what_it_told_is_made_up_for_when_it_is_switched_on() {
    let company = Company::new("preview");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    let open = company.invoice(1);
    company.set_price("A", "1", 0, 1100);
    let before = (company.agreement(1), company.invoice_document(&open));
    for _ in 0..3 {
        company.tick();
    }
    company.night();
    assert_eq!((company.agreement(1), company.invoice_document(&open)), before);
    let row = "1: 1000 becomes 1100, since it followed the list and the list changed";
    let mut told = vec![format!("1 foreseen: {row}"), format!("1/{open} foreseen: {row}")];
    assert_eq!(company.told(), told);
    company
        .world
        .set_profile(with(everything(), json!({"mode": "draft_only", "price_sync": "follow", "automatic": false})));
    company.night();
    assert_eq!((company.prices(1), prices(&company.invoice_document(&open))), (vec![1100.0], vec![1100.0]));
    told.extend([format!("1 changed: {row}"), format!("1/{open} changed: {row}")]);
    assert_eq!(company.told(), told);
}

#[test]
fn mode_day_and_exclusions_are_kept_to() {
    let company = Company::new("follow");
    for number in 1..=4 {
        company.enter(number, &[("1", 1, 1000), ("1", 2, 1000)]);
    }
    company.set_agreement(2, json!({"price_sync": "off"}));
    company.set_agreement(3, json!({"price_sync_excluded_rows": [2]}));
    company.set_agreement(4, json!({"price_sync_from": "2026-02-03"}));
    company.first_look();
    company.set_price("A", "1", 0, 1100);
    company.tick();
    let prices = || (1..=4).map(|number| company.prices(number)).collect::<Vec<_>>();
    assert_eq!(prices(), [[1100.0, 1100.0], [1000.0, 1000.0], [1100.0, 1000.0], [1000.0, 1000.0]]);
    company.pass(TimeDelta::days(3));
    assert_eq!(prices()[3], [1100.0, 1100.0], "its day has come");
    // What changed while it was off isn't made up for.
    company.set_agreement(2, json!({"price_sync": "follow"}));
    company.night();
    assert_eq!(prices()[1], [1000.0, 1000.0]);
    for mode in ["preview", "off"] {
        company
            .world
            .set_profile(with(everything(), json!({"mode": mode, "price_sync": "follow", "automatic": false})));
        company.set_price("A", "1", 0, 1200);
        company.night();
        assert_eq!(prices()[0], [1100.0, 1100.0], "{mode}");
    }
}

#[test]
fn what_changed_while_nobody_wanted_prices_watched_is_not_made_up_for() {
    let sync = |sync: &str| with(everything(), json!({"mode": "full", "price_sync": sync, "automatic": false}));
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000), ("2", 1, 80)]);
    company.first_look();
    company.world.set_profile(sync("off"));
    company.tick();
    company.set_price("A", "1", 0, 1100);
    company.night();
    company.world.set_profile(sync("follow"));
    company.first_look();
    company.night();
    assert_eq!(company.prices(1), [1000.0, 80.0], "what changed meanwhile is a person's to look at");
    company.set_price("A", "2", 0, 85);
    company.tick();
    assert_eq!(company.prices(1), [1000.0, 85.0], "and it follows again from here on");
}
