//! Tables for drafts.
#![allow(clippy::unwrap_used)]

mod booking;
mod deciding;
mod recipients;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{Draft, Fingerprint, Texts};
use crate::money::{Currency, Money};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn dkk(amount: i64) -> Money {
    Money::new(Decimal::from(amount), Currency::DKK)
}

fn print() -> Fingerprint {
    Fingerprint {
        customer: "10".parse().unwrap(),
        date: "2026-01-15".parse().unwrap(),
        net: dkk(1000),
        gross: dkk(1250),
        handle: Some(7),
        content: Some("c0ffee".to_owned()),
    }
}

fn draft() -> Draft {
    Draft {
        number: "148".parse().unwrap(),
        print: print(),
        priced_lines: Some(2),
        layout: Some(19),
        texts: Texts {
            reference: Some("PO 4711".to_owned()),
            heading: Some("Rengøring".to_owned()),
            ..Texts::default()
        },
        has_ean: false,
        attention: None,
        your_reference: None,
        touched_at: Some(at("2026-01-15T08:00:00Z")),
    }
}

#[test]
fn texts_and_people_stay_out_of_debug() {
    let mut draft = draft();
    draft.texts.first = Some("Kære Søren".to_owned());
    let shown = format!("{draft:?}");
    for word in ["Søren", "PO 4711", "Rengøring"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

#[test]
fn an_edited_draft_is_the_same_one_and_a_number_used_again_is_not() {
    let edited = Fingerprint { net: dkk(1), gross: dkk(2), content: None, customer: "11".parse().unwrap(), ..print() };
    assert!(print().is_same_draft(&edited) && !print().is_unchanged(&edited));
    let another = Fingerprint { handle: Some(8), ..print() };
    assert!(!print().is_same_draft(&another));
    let listed = Fingerprint { content: None, ..print() };
    assert!(print().is_unchanged(&listed) && listed.is_unchanged(&print()));
    // Without inner numbers only the customer can tell.
    let unnumbered = |customer: &str| Fingerprint { handle: None, customer: customer.parse().unwrap(), ..print() };
    assert!(print().is_same_draft(&unnumbered("10")) && !print().is_same_draft(&unnumbered("11")));
}
