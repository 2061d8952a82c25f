//! What is remembered of prices.

use chrono::TimeDelta;
use contract::ports::{
    Store,
    prices::{note, steps, watched},
    sample::{LEASE, date, morning, number, tenant},
};
use domain::prices::{
    ByArticle, NoteOutcome, NotedRow, PriceNote, PriceSync, Priced, Round, RowChange, RowVerdict, Shown, Stage, Writing,
};
use workflow::ports::{Hands, PriceBook, RoundClaim};

use super::as_ever;
use crate::dynamo::{DynamoStore, JOURNAL};

fn rounds() -> Vec<Round> {
    let (began, place) = (morning(), ("1".parse().unwrap(), "A".parse().unwrap()));
    let stages = [
        Stage::Rest,
        Stage::Agreements { began, page: 2 },
        Stage::Touched { began, page: 1 },
        Stage::Lists { after: None },
        Stage::Lists { after: Some(place) },
        Stage::Agree { after: None, day: None },
        Stage::Agree { after: Some(number("7")), day: Some(date("2026-03-29")) },
    ];
    let round = |stage| Round {
        looked_until: Some(morning()),
        read_until: Some(morning()),
        compared_on: Some(date("2026-03-28")),
        behind: true,
        stage,
    };
    stages.into_iter().map(round).collect()
}

#[tokio::test]
async fn comparisons_at_every_stage() {
    let store = DynamoStore::start().await;
    for (number, round) in (1..).zip(rounds()) {
        store.prices().start(&tenant(number), morning()).await.unwrap();
        let RoundClaim::Taken(mut claimed) = store.prices().claim(&tenant(number), morning(), LEASE).await.unwrap()
        else {
            panic!("nobody else is there")
        };
        claimed.round = round;
        let hands = match number % 3 {
            0 => Hands::Stop,
            1 => Hands::GiveBack(morning()),
            _ => Hands::Keep(morning() + LEASE),
        };
        store.prices().save(&tenant(number), &mut claimed, hands).await.unwrap();
    }
    let store = as_ever("price-rounds", JOURNAL, store.items(JOURNAL)).await;
    for (number, round) in (1..).zip(rounds()) {
        store.prices().start(&tenant(number), morning()).await.unwrap();
        let claim = store.prices().claim(&tenant(number), morning() + LEASE, LEASE).await.unwrap();
        assert!(matches!(claim, RoundClaim::Taken(claimed) if claimed.round == round), "{number}");
    }
}

#[tokio::test]
async fn a_watched_agreement_and_list_prices() {
    let store = DynamoStore::start().await;
    let mut agreement = watched("7", 100);
    agreement.watched.shown =
        Some(Shown { sync: PriceSync::Preview, prices: ByArticle::from([("1".parse().unwrap(), steps(110))]) });
    let row = RowChange { place: 1, article: "1".parse().unwrap(), from: 100.into(), to: "110.50".parse().unwrap() };
    let on = Priced::Invoice("1001".parse().unwrap());
    agreement.watched.writing = Some(Writing { at: morning(), on, rows: vec![row] });
    store.prices().watch(&tenant(1), &mut agreement).await.unwrap();
    store.prices().watch(&tenant(1), &mut watched("8", 100)).await.unwrap();
    let (article, list) = ("1".parse().unwrap(), "A".parse().unwrap());
    store.prices().keep_list(&tenant(1), &article, &list, Some(&steps(110))).await.unwrap();
    let store = as_ever("prices", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.prices().watched_one(&tenant(1), &number("7")).await.unwrap(), Some(agreement));
    assert_eq!(store.prices().lists(&tenant(1)).await.unwrap()[&(article, list)], steps(110));
}

fn notes() -> Vec<PriceNote> {
    let words = "Konto 3041 är inte aktivt.".to_owned();
    let outcomes = [
        NoteOutcome::LeftAlone,
        NoteOutcome::Foreseen,
        NoteOutcome::Changed,
        NoteOutcome::FoundChanged,
        NoteOutcome::FoundUnchanged,
        NoteOutcome::Refused { words },
        NoteOutcome::EditedMeanwhile,
    ];
    let (from, to) = (100.into(), "110.50".parse().unwrap());
    let reasons = [
        RowVerdict::Follows { from, to },
        RowVerdict::UpToDate,
        RowVerdict::SetByHand { price: 95.into(), list: from },
        RowVerdict::FirstLook,
        RowVerdict::NoListPrice,
        RowVerdict::Excluded,
        RowVerdict::OtherCurrency,
        RowVerdict::VatIncluded,
        RowVerdict::NoArticle,
    ];
    let row = |(place, why)| NotedRow { place, article: "1".parse().unwrap(), price: from, why };
    let rows: Vec<NotedRow> = (1..).zip(reasons).map(row).collect();
    let line = |(n, outcome)| {
        let at = morning() + TimeDelta::seconds(n);
        let on = if n % 2 == 0 { Priced::Agreement } else { Priced::Invoice("1001".parse().unwrap()) };
        PriceNote { on, rows: rows.clone(), outcome, ..note("7", at) }
    };
    (0..).zip(outcomes).map(line).collect()
}

#[tokio::test]
async fn notes_of_every_kind() {
    let store = DynamoStore::start().await;
    let day = date("2026-03-29");
    for note in notes() {
        store.prices().note(&tenant(1), day, &note).await.unwrap();
    }
    let store = as_ever("price-notes", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.prices().notes(&tenant(1), day).await.unwrap(), notes());
}
