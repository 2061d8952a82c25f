//! What can't follow is told clearly, and nothing is half done.

use chrono::TimeDelta;
use fortnox_sim::Method;
use serde_json::json;
use simulation::{Call, Fault};

use super::company::{Company, prices};
use crate::scenarios::world::{everything, with};

#[test]
fn a_price_that_is_removed_from_the_list_is_a_persons_to_see_to_and_back_again_it_is_followed() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000), ("2", 1, 80)]);
    company.first_look();
    company.world.person().press(Method::Delete, "/3/prices/A/1/0", None);
    company.tick();
    assert_eq!(company.prices(1), [1000.0, 80.0]);
    let concern = company.concern(1).unwrap();
    assert_eq!(
        concern.reason.to_string(),
        "its prices don't follow the list: article 1 has no price any more in the list A"
    );
    company.world.person().press(
        Method::Post,
        "/3/prices",
        Some(&json!({"Price": {"PriceList": "A", "ArticleNumber": "1", "FromQuantity": 0, "Price": 1200}})),
    );
    company.tick();
    assert_eq!(company.prices(1), [1200.0, 80.0]);
    assert_eq!(company.concern(1), None);
}

#[test]
fn another_currency_and_prices_with_vat_are_left_alone_and_told() {
    let company = Company::new("follow");
    company.enter_with(1, &[("1", 1, 1000)], json!({"Currency": "EUR"}));
    company.enter_with(2, &[("1", 1, 1000)], json!({"VATIncluded": true}));
    company.first_look();
    company.set_price("A", "1", 0, 1100);
    company.tick();
    assert_eq!((company.prices(1), company.prices(2)), (vec![1000.0], vec![1000.0]));
    let told = company.told();
    assert_eq!(
        told[told.len() - 2..],
        [
            "1 left alone: 1: the list's prices are in another currency",
            "2 left alone: 1: the document's prices include VAT, and the list's don't",
        ]
    );
}

#[test]
fn an_article_without_a_list_price_never_follows_and_bothers_nobody() {
    let company = Company::new("follow");
    company.enter(1, &[("3", 1, 40), ("1", 1, 1000)]);
    company.first_look();
    company.set_price("A", "1", 0, 1100);
    company.tick();
    assert_eq!(company.prices(1), [40.0, 1100.0]);
    assert_eq!(company.concern(1), None);
}

#[test]
fn what_is_sent_cancelled_or_booked_stays_as_the_customer_has_it() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    let [sent, cancelled, booked, open] = [(); 4].map(|()| company.invoice(1));
    let person = company.world.person();
    person.send(&sent).unwrap();
    person.cancel(&cancelled).unwrap();
    person.book(&booked).unwrap();
    company.set_price("A", "1", 0, 1100);
    company.tick();
    for (invoice, price) in [(sent, 1000.0), (cancelled, 1000.0), (booked, 1000.0), (open, 1100.0)] {
        assert_eq!(prices(&company.invoice_document(&invoice)), [price], "{invoice}");
    }
}

/// The limit was kept to when the invoice was made, and is when it's booked.
#[test]
fn an_invoice_that_followed_a_price_over_the_limit_waits_for_a_person() {
    for (price, waits) in [(1050, false), (1200, true)] {
        let company = Company::new("follow");
        company.enter(1, &[("1", 1, 1000)]);
        company.first_look();
        let profile = json!({
            "price_sync": "follow", "price_sync_minutes": 5, "channel": "none", "book_after_minutes": 600,
            "max_amount": {"SEK": 1300},
        });
        let world = &company.world;
        world.set_profile(with(everything(), profile));
        world.scan_now();
        let february = world.key(1, "2026-02-01");
        assert_eq!((world.created().len(), world.booked().len()), (1, 0), "{price}");
        company.set_price("A", "1", 0, price);
        company.tick();
        world.pass(TimeDelta::hours(11));
        if waits {
            assert_eq!(world.held_for(&february).code(), "amount_over_limit");
            assert_eq!(world.booked().len(), 0);
            world.approve(&february);
            world.pass(TimeDelta::hours(1));
        }
        assert_eq!(world.booked().len(), 1, "{price}: {:?}", world.state(&february));
    }
}

#[test]
fn one_agreement_that_is_refused_stops_no_other_and_is_tried_again_at_night() {
    let company = Company::new("follow");
    for number in 1..=3 {
        company.enter(number, &[("1", 1, 1000)]);
    }
    company.first_look();
    company.set_price("A", "1", 0, 1100);
    company.world.memory.faults().next(Call::SetPrices, Fault::Refused("Konto 3041 är inte aktivt."));
    company.tick();
    assert_eq!([1, 2, 3].map(|number| company.prices(number)), [[1000.0], [1100.0], [1100.0]]);
    let reason = company.concern(1).unwrap().reason.to_string();
    assert!(reason.starts_with("its prices don't follow the list: ") && reason.contains("Konto 3041"), "{reason}");
    company.night();
    assert_eq!(company.prices(1), [1100.0]);
    assert_eq!(company.concern(1), None);
}

#[test]
fn an_agreement_that_is_ended_is_forgotten() {
    let company = Company::new("follow");
    company.enter(1, &[("1", 1, 1000)]);
    company.first_look();
    company.put("contracts/1/finish", "Contract", json!({}));
    company.set_price("A", "1", 0, 1100);
    company.tick();
    assert_eq!(company.prices(1), [1000.0]);
    let number = "1".parse().unwrap();
    assert_eq!(company.world.memory.prices().of_agreement(&company.world.tenant, &number), None);
}
