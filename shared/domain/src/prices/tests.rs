//! Tables and properties of prices that follow.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Document, ListPrices, PriceStep, PricedRow, Remembered, RowId, RowVerdict, Sync, plan};
use crate::money::Currency;

fn steps(steps: &[(i64, i64)]) -> ListPrices {
    let step = |(from, price): &(i64, i64)| PriceStep { from: (*from).into(), price: (*price).into() };
    steps.iter().map(step).collect::<Vec<_>>().into()
}

fn row(place: u32, article: &str, quantity: i64, price: i64) -> PricedRow {
    let article = (!article.is_empty()).then(|| article.parse().unwrap());
    let id = RowId(u64::from(place) + 10);
    PricedRow { id, place, article, quantity: quantity.into(), price: price.into(), rest: 0 }
}

fn document(currency: Currency, rows: Vec<PricedRow>) -> Document {
    let customer = "1".parse().unwrap();
    Document { customer, list: None, currency, vat_included: false, open: true, rest: 0, rows }
}

fn sync() -> Sync {
    Sync { list_currency: Currency::SEK, excluded: [9].into() }
}

fn verdict(row: PricedRow, before: Option<&[(i64, i64)]>, now: &[(i64, i64)]) -> RowVerdict {
    let list: BTreeMap<&str, Remembered> = [("1", Remembered { before: before.map(steps), now: steps(now) })].into();
    let document = document(Currency::SEK, vec![row]);
    plan(&document, &sync(), |article| list.get(article.as_str())).remove(0).1
}

#[test]
fn a_quantity_has_the_price_of_the_highest_step_below_it() {
    let prices = steps(&[(10, 90), (0, 100), (100, 80), (10, 91)]);
    for (quantity, price) in [(0, 100), (9, 100), (10, 91), (99, 91), (100, 80), (5000, 80), (-10, 91)] {
        assert_eq!(prices.at(quantity.into()), Some(price.into()), "{quantity}");
    }
    assert_eq!(steps(&[(10, 90)]).at(9.into()), None);
    assert_eq!(ListPrices::default().at(1.into()), None);
}

#[test]
fn a_row_follows_only_where_it_said_what_the_list_said() {
    let follows = |from: i64, to: i64| RowVerdict::Follows { from: from.into(), to: to.into() };
    let by_hand = RowVerdict::SetByHand { price: 95.into(), list: 100.into() };
    let was: Option<&[(i64, i64)]> = Some(&[(0, 100), (10, 90)]);
    let table = [
        (row(1, "1", 1, 100), was, &[(0, 110)][..], follows(100, 110)),
        (row(1, "1", 1, 95), was, &[(0, 110)], by_hand),
        (row(1, "1", 1, 110), was, &[(0, 110)], RowVerdict::UpToDate),
        // The quantity's own step.
        (row(1, "1", 12, 90), was, &[(0, 110), (10, 85)], follows(90, 85)),
        (row(1, "1", 12, 100), was, &[(0, 110)], RowVerdict::SetByHand { price: 100.into(), list: 90.into() }),
        // What nobody knows is left alone.
        (row(1, "1", 1, 100), None, &[(0, 110)], RowVerdict::FirstLook),
        (row(1, "1", 1, 100), was, &[(5, 110)], RowVerdict::NoListPrice),
        (row(1, "1", 1, 100), Some(&[(5, 100)]), &[(0, 110)], RowVerdict::NoListPrice),
        (row(1, "2", 1, 100), was, &[(0, 110)], RowVerdict::NoListPrice),
        (row(1, "", 1, 100), was, &[(0, 110)], RowVerdict::NoArticle),
        (row(9, "1", 1, 100), was, &[(0, 110)], RowVerdict::Excluded),
    ];
    for (row, before, now, wanted) in table {
        assert_eq!(verdict(row.clone(), before, now), wanted, "{row:?} {before:?} {now:?}");
    }
}

#[test]
fn other_money_than_the_lists_is_left_alone() {
    let list = Remembered { before: Some(steps(&[(0, 100)])), now: steps(&[(0, 110)]) };
    let euros = document("EUR".parse().unwrap(), vec![row(1, "1", 1, 100)]);
    assert_eq!(plan(&euros, &sync(), |_| Some(&list))[0].1, RowVerdict::OtherCurrency);
    let gross = Document { vat_included: true, ..document(Currency::SEK, vec![row(1, "1", 1, 100)]) };
    assert_eq!(plan(&gross, &sync(), |_| Some(&list))[0].1, RowVerdict::VatIncluded);
}

proptest! {
    /// Each row has a verdict, what isn't said to follow is left alone, and once all has followed nothing does any more.
    #[test]
    fn following_is_done_once(
        rows in prop::collection::vec((0_i64..3, 0_i64..20, 80_i64..120), 0..8),
        before in prop::collection::vec((0_i64..15, 80_i64..120), 0..4),
        now in prop::collection::vec((0_i64..15, 80_i64..120), 0..4),
    ) {
        let rows: Vec<_> = rows
            .iter()
            .zip(1..)
            .map(|((article, quantity, price), place)| row(place, &article.to_string(), *quantity, *price))
            .collect();
        let mut document = document(Currency::SEK, rows);
        let list = Remembered { before: Some(steps(&before)), now: steps(&now) };
        let changes: Vec<_> =
            plan(&document, &sync(), |_| Some(&list)).into_iter().map(|(row, verdict)| (row.id, verdict)).collect();
        prop_assert_eq!(changes.len(), document.rows.len());
        for (row, (id, verdict)) in document.rows.iter_mut().zip(&changes) {
            prop_assert_eq!(row.id, *id);
            if let Some(to) = verdict.new_price() {
                prop_assert_eq!(Some(to), list.now.at(row.quantity));
                prop_assert_eq!(Some(row.price), steps(&before).at(row.quantity));
                row.price = to;
            }
        }
        let again = plan(&document, &sync(), |_| Some(&list));
        // A row whose old price is what the list says for it now says just that.
        prop_assert!(again.iter().all(|(_, verdict)| verdict.new_price().is_none()), "{again:?}");
        let remembered = Remembered { before: Some(list.now.clone()), now: list.now.clone() };
        let later = plan(&document, &sync(), |_| Some(&remembered));
        prop_assert!(later.iter().all(|(_, verdict)| verdict.new_price().is_none()), "{later:?}");
    }

    #[test]
    fn steps_are_kept_as_they_are_stored(all in prop::collection::vec((0_i64..15, 80_i64..120), 0..6)) {
        let prices = steps(&all);
        let stored = serde_json::to_string(&prices).unwrap();
        prop_assert_eq!(serde_json::from_str::<ListPrices>(&stored).unwrap(), prices.clone());
        prop_assert!((0..20).all(|quantity| prices.at(Decimal::from(quantity)) == prices.at(Decimal::from(-quantity))));
    }
}
