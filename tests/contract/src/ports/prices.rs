//! What is remembered of prices.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{ArticleNumber, PriceListCode, TenantId},
    prices::{
        ByArticle, ListPrices, NoteOutcome, NotedRow, PriceNote, PriceStep, Priced, Round, RowVerdict, Stage, Watched,
    },
};
use futures_util::future::join_all;
use workflow::ports::{ClaimedRound, Hands, PriceBook, RoundClaim, SaveError, WatchedAgreement};

use super::{
    Store,
    sample::{LEASE, ODD_NUMBERS, TICK, date, morning, namesakes, number, tenant},
};

/// More than any check writes.
const ALL: usize = 1000;

/// Workers that are after the same comparison.
const CROWD: usize = 8;

fn article(text: &str) -> ArticleNumber {
    text.parse().unwrap()
}

fn list(text: &str) -> PriceListCode {
    text.parse().unwrap()
}

/// A list's prices: so much from one on, and a tenth less from ten on.
pub fn steps(price: i64) -> ListPrices {
    let step = |from: i64, price: i64| PriceStep { from: from.into(), price: price.into() };
    vec![step(0, price), step(10, price - price / 10)].into()
}

/// An agreement of customer 10 with one article, seen at `price`.
pub fn watched(agreement: &str, price: i64) -> WatchedAgreement {
    let watched = Watched {
        customer: "10".parse().unwrap(),
        list: list("A"),
        followed: ByArticle::from([(article("1"), steps(price))]),
        shown: None,
        writing: None,
    };
    WatchedAgreement { number: number(agreement), watched, version: 0 }
}

/// A line about an agreement.
pub fn note(agreement: &str, at: DateTime<Utc>) -> PriceNote {
    let row = NotedRow {
        place: 1,
        article: article("1"),
        price: 100.into(),
        why: RowVerdict::Follows { from: 100.into(), to: 110.into() },
    };
    PriceNote {
        at,
        agreement: number(agreement),
        on: Priced::Agreement,
        list: list("A"),
        rows: vec![row],
        outcome: NoteOutcome::Changed,
    }
}

async fn due<B: PriceBook>(book: &B, now: DateTime<Utc>) -> Vec<TenantId> {
    book.due(now, ALL).await.unwrap()
}

async fn taken<B: PriceBook>(book: &B, tenant: &TenantId, now: DateTime<Utc>) -> ClaimedRound {
    match book.claim(tenant, now, LEASE).await.unwrap() {
        RoundClaim::Taken(claimed) => claimed,
        other => panic!("{other:?}"),
    }
}

/// A comparison that was started is due from its instant on; starting it again leaves it.
pub async fn a_comparison_is_started_once<S: Store>() {
    let store = S::open().await;
    let book = store.prices();
    assert_eq!(book.claim(&tenant(1), morning(), LEASE).await.unwrap(), RoundClaim::Missing);
    book.start(&tenant(1), morning()).await.unwrap();
    book.start(&tenant(1), morning() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(due(book, morning() - TICK).await, []);
    assert_eq!(due(book, morning()).await, [tenant(1)]);
    assert_eq!(taken(book, &tenant(1), morning()).await.round, Round::default());
}

/// The longest waiting come first, and no more than asked for.
pub async fn the_longest_waiting_come_first_up_to_the_limit<S: Store>() {
    let store = S::open().await;
    for (number, minutes) in [(1, 3), (2, 1), (30, 2)] {
        store.prices().start(&tenant(number), morning() + TimeDelta::minutes(minutes)).await.unwrap();
    }
    let now = morning() + TimeDelta::minutes(3);
    assert_eq!(due(store.prices(), now).await, [2, 30, 1].map(tenant));
    assert_eq!(store.prices().due(now, 2).await.unwrap(), [2, 30].map(tenant));
}

/// Whoever has been asked is asked again only later; what was stopped stays so.
pub async fn a_comparison_is_put_off<S: Store>() {
    let store = S::open().await;
    let book = store.prices();
    let later = morning() + TimeDelta::minutes(15);
    book.put_off(&tenant(1), later).await.unwrap();
    assert_eq!(due(book, later).await, [], "there is none");
    book.start(&tenant(1), morning()).await.unwrap();
    book.put_off(&tenant(1), later).await.unwrap();
    assert_eq!(due(book, later - TICK).await, []);
    assert_eq!(due(book, later).await, [tenant(1)]);
    let mut claimed = taken(book, &tenant(1), later).await;
    book.save(&tenant(1), &mut claimed, Hands::Stop).await.unwrap();
    book.put_off(&tenant(1), later).await.unwrap();
    assert_eq!(due(book, later + TimeDelta::days(9)).await, []);
    assert_eq!(book.claim(&tenant(1), later, LEASE).await.unwrap(), RoundClaim::Missing);
    book.start(&tenant(1), later).await.unwrap();
    assert_eq!(due(book, later).await, [tenant(1)], "started anew");
}

/// One worker has it until its lease ends, and then it's due.
pub async fn of_many_who_claim_a_comparison_one_gets_it<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.prices(), tenant(1));
    book.start(&company, morning()).await.unwrap();
    let claims = join_all((0..CROWD).map(|_| book.claim(&company, morning(), LEASE))).await;
    let got = claims.into_iter().filter(|claim| matches!(claim, Ok(RoundClaim::Taken(_)))).count();
    assert_eq!(got, 1);
    let end = morning() + LEASE;
    assert_eq!(book.claim(&company, end - TICK, LEASE).await.unwrap(), RoundClaim::Busy);
    assert_eq!(due(book, end - TICK).await, []);
    assert_eq!(due(book, end).await, std::slice::from_ref(&company), "whoever died with it leaves it to the heartbeat");
    taken(book, &company, end).await;
}

/// How far it has come is what the next worker gets, whether it was given back or left behind. Who was overtaken writes nothing.
pub async fn how_far_it_has_come_is_kept<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.prices(), tenant(1));
    book.start(&company, morning()).await.unwrap();
    let mut mine = taken(book, &company, morning()).await;
    mine.round.stage = Stage::Agreements { began: morning(), page: 2 };
    mine.round.behind = true;
    let until = morning() + TimeDelta::minutes(2);
    book.save(&company, &mut mine, Hands::Keep(until)).await.unwrap();
    assert_eq!(book.claim(&company, until - TICK, LEASE).await.unwrap(), RoundClaim::Busy);
    let mut theirs = taken(book, &company, until).await;
    assert_eq!(theirs.round, mine.round);
    assert!(matches!(book.save(&company, &mut mine, Hands::Stop).await, Err(SaveError::Fenced)));
    theirs.round = Round { looked_until: Some(morning()), compared_on: Some(date("2026-03-29")), ..Round::default() };
    let at = until + TimeDelta::minutes(5);
    book.save(&company, &mut theirs, Hands::GiveBack(at)).await.unwrap();
    assert_eq!(due(book, at - TICK).await, []);
    assert_eq!(due(book, at).await, std::slice::from_ref(&company));
    // Given back is free at once, should somebody ask.
    assert_eq!(taken(book, &company, until).await.round, theirs.round);
}

/// All agreements come, a few at a time or alone, whatever their numbers hold.
pub async fn watched_agreements_come_back_whole<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.prices(), tenant(1));
    assert_eq!(book.watched(&company, None).await.unwrap(), []);
    let mut all = BTreeMap::new();
    for (price, odd) in (100..).zip(ODD_NUMBERS) {
        let mut agreement = watched(odd, price);
        book.watch(&company, &mut agreement).await.unwrap();
        assert_eq!(agreement.version, 1);
        all.insert(agreement.number.clone(), agreement);
    }
    let mut seen = BTreeMap::new();
    let mut after = None;
    loop {
        let some = book.watched(&company, after.as_ref()).await.unwrap();
        let Some(last) = some.last() else { break };
        after = Some(last.number.clone());
        for agreement in some {
            assert_eq!(seen.insert(agreement.number.clone(), agreement), None, "met twice");
        }
    }
    assert_eq!(seen, all);
    assert_eq!(book.watched_numbers(&company).await.unwrap(), all.keys().cloned().collect::<BTreeSet<_>>());
    for (number, agreement) in &all {
        assert_eq!(book.watched_one(&company, number).await.unwrap().as_ref(), Some(agreement));
    }
    book.forget(&company, &number("7")).await.unwrap();
    assert_eq!(book.watched_one(&company, &number("7")).await.unwrap(), None);
    assert_eq!(book.watched_numbers(&company).await.unwrap().len(), all.len() - 1);
}

/// Of two who read the same agreement, one remembers it.
pub async fn a_worker_that_was_overtaken_remembers_nothing<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.prices(), tenant(1));
    let (mut first, mut other) = (watched("7", 100), watched("7", 200));
    book.watch(&company, &mut first).await.unwrap();
    assert!(matches!(book.watch(&company, &mut other).await, Err(SaveError::Fenced)), "one is there already");
    let mut late = first.clone();
    first.watched.followed.insert(article("2"), steps(5));
    book.watch(&company, &mut first).await.unwrap();
    assert!(matches!(book.watch(&company, &mut late).await, Err(SaveError::Fenced)));
    assert_eq!(book.watched_one(&company, &number("7")).await.unwrap(), Some(first));
}

/// A list's prices are kept by article and list, and replaced or forgotten one by one.
pub async fn list_prices_are_kept_apart<S: Store>() {
    let store = S::open().await;
    let (book, company) = (store.prices(), tenant(1));
    // Which is which must not hang on where one name ends.
    let places = [("1", "A"), ("1#A", "B"), ("1", "A#B"), ("Åäö/1", "A"), ("11", "A")];
    let places = places.map(|(of, in_list)| (article(of), list(in_list)));
    let mut all = BTreeMap::new();
    for (price, (of, in_list)) in (100..).zip(&places) {
        book.keep_list(&company, of, in_list, Some(&steps(price))).await.unwrap();
        all.insert((of.clone(), in_list.clone()), steps(price));
    }
    assert_eq!(book.lists(&company).await.unwrap(), all);
    let (of, in_list) = &places[0];
    book.keep_list(&company, of, in_list, Some(&ListPrices::default())).await.unwrap();
    all.insert(places[0].clone(), ListPrices::default());
    assert_eq!(book.lists(&company).await.unwrap(), all, "no price is something to remember too");
    book.keep_list(&company, of, in_list, None).await.unwrap();
    all.remove(&places[0]);
    assert_eq!(book.lists(&company).await.unwrap(), all);
}

/// A day's lines come in their order, and no other day's.
pub async fn a_day_has_its_lines<S: Store>() {
    let store = S::open().await;
    let (book, company, day) = (store.prices(), tenant(1), date("2026-03-29"));
    let later = morning() + TICK;
    let notes = [note("7", morning()), note("8", morning()), note("7", later)];
    let invoice = PriceNote { on: Priced::Invoice("1001".parse().unwrap()), ..note("8", later) };
    for note in notes.iter().chain([&invoice]) {
        book.note(&company, day, note).await.unwrap();
    }
    book.note(&company, date("2026-03-30"), &note("9", later)).await.unwrap();
    let mut wanted = notes.to_vec();
    wanted.push(invoice);
    assert_eq!(book.notes(&company, day).await.unwrap(), wanted);
    let again = PriceNote { outcome: NoteOutcome::FoundChanged, ..wanted[3].clone() };
    book.note(&company, day, &again).await.unwrap();
    wanted[3] = again;
    assert_eq!(book.notes(&company, day).await.unwrap(), wanted, "told again is told once");
    assert_eq!(book.notes(&company, date("2026-03-28")).await.unwrap(), []);
}

/// What is one company's is no other's.
pub async fn namesakes_share_no_price<S: Store>() {
    let store = S::open().await;
    let book = store.prices();
    let [one, other] = namesakes();
    book.start(&one, morning()).await.unwrap();
    book.watch(&one, &mut watched("7", 100)).await.unwrap();
    book.keep_list(&one, &article("1"), &list("A"), Some(&steps(100))).await.unwrap();
    book.note(&one, date("2026-03-29"), &note("7", morning())).await.unwrap();
    assert_eq!(book.claim(&other, morning(), LEASE).await.unwrap(), RoundClaim::Missing);
    assert_eq!(book.watched(&other, None).await.unwrap(), []);
    assert_eq!(book.watched_numbers(&other).await.unwrap(), BTreeSet::new());
    assert_eq!(book.lists(&other).await.unwrap(), BTreeMap::new());
    assert_eq!(book.notes(&other, date("2026-03-29")).await.unwrap(), []);
}
