//! What is remembered of an agreement's invoices.

use std::collections::BTreeMap;

use domain::{
    ids::{AgreementNumber, MAX_ID_CHARS, TenantId},
    job::Job,
};
use workflow::ports::{Also, History, Journal, Remembered, SaveError};

use super::{
    Store,
    sample::{
        LEASE, MORE_THAN_ONE_ANSWER, ODD_NUMBERS, claimed, event, first, history, job, later_job, morning, namesakes,
        number, opened, tenant,
    },
};

/// Agreements whose histories together take more than one of DynamoDB's answers.
const CROWD: usize = 20;

async fn remember<S: Store>(store: &S, tenant: &TenantId, agreement: &str, history: &History) -> Job {
    let job = job(tenant, agreement);
    let mut work = opened(store.journal(), &job).await;
    store.journal().save(&mut work, first(history.clone()), None).await.unwrap();
    job
}

async fn known<S: Store>(store: &S, tenant: &TenantId, agreement: &AgreementNumber) -> History {
    store.journal().history(tenant, agreement).await.unwrap().history
}

/// Nothing known is an empty history, not an error.
pub async fn an_agreement_without_invoices_has_an_empty_history<S: Store>() {
    let store = S::open().await;
    assert_eq!(store.journal().history(&tenant(1), &number("7")).await.unwrap(), Remembered::default());
    assert_eq!(store.journal().histories(&tenant(1)).await.unwrap(), BTreeMap::new());
}

/// What was saved comes back, alone and among all, whatever the agreement's number holds.
pub async fn a_history_comes_back_under_its_own_number<S: Store>() {
    let store = S::open().await;
    let mut all = BTreeMap::new();
    for (n, odd) in ODD_NUMBERS.into_iter().enumerate() {
        let history = history(&[format!("{n}"), format!("F {n}")]);
        remember(&store, &tenant(1), odd, &history).await;
        all.insert(number(odd), history);
    }
    for (agreement, history) in &all {
        assert_eq!(known(&store, &tenant(1), agreement).await, *history, "{agreement}");
    }
    assert_eq!(store.journal().histories(&tenant(1)).await.unwrap(), all);
}

/// A save with a history replaces the old one; a save without leaves it.
pub async fn a_history_stays_until_the_next_one<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let (first, second) = (history(&["1".to_owned()]), history(&["1".to_owned(), "2".to_owned()]));
    let job = remember(&store, &tenant(1), "7", &first).await;
    let mut work = claimed(journal, &job, morning() + LEASE).await;
    journal.save(&mut work, Also::default(), None).await.unwrap();
    let mut read = journal.history(&tenant(1), &number("7")).await.unwrap();
    assert_eq!(read.history, first);
    read.history = second.clone();
    journal.save(&mut work, Also { events: Vec::new(), history: Some(read) }, None).await.unwrap();
    assert_eq!(known(&store, &tenant(1), &number("7")).await, second);
}

/// Two jobs of one agreement at once: of two who read the same history only one may write it, and the other writes nothing at
/// all.
pub async fn of_two_who_write_one_history_one_lets_go<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let (one, other) = (job(&tenant(1), "7"), later_job(&tenant(1), "7"));
    let (mut first_work, mut second_work) = (opened(journal, &one).await, opened(journal, &other).await);
    let mine = history(&["1".to_owned()]);
    journal.save(&mut first_work, first(mine.clone()), None).await.unwrap();
    let late = Also { events: vec![event("late")], ..first(history(&["2".to_owned()])) };
    let saved = journal.save(&mut second_work, late, None).await;
    assert!(matches!(saved, Err(SaveError::Fenced)), "{saved:?}");
    assert_eq!(known(&store, &tenant(1), &number("7")).await, mine);
    assert_eq!(store.story(&other.key), []);
    let read = journal.history(&tenant(1), &number("7")).await.unwrap();
    journal.save(&mut second_work, Also { events: Vec::new(), history: Some(read) }, None).await.unwrap();
}

/// Tenants whose names begin alike, with agreements of the same numbers.
pub async fn namesakes_share_no_history<S: Store>() {
    let store = S::open().await;
    for tenant in namesakes() {
        for agreement in ["1", "11"] {
            remember(&store, &tenant, agreement, &history(&[format!("{tenant}/{agreement}")])).await;
        }
    }
    for tenant in namesakes() {
        let all = store.journal().histories(&tenant).await.unwrap();
        assert_eq!(all.len(), 2);
        for (agreement, got) in all {
            assert_eq!(got, history(&[format!("{tenant}/{agreement}")]));
            assert_eq!(known(&store, &tenant, &agreement).await, got);
        }
    }
}

/// More than one answer holds: none gets lost between two.
pub async fn histories_larger_than_one_answer_come_whole<S: Store>() {
    let store = S::open().await;
    let invoices = MORE_THAN_ONE_ANSWER / CROWD / MAX_ID_CHARS;
    let large: Vec<String> = (0..invoices).map(|n| format!("{n:0MAX_ID_CHARS$}")).collect();
    for n in 0..CROWD {
        remember(&store, &tenant(1), &n.to_string(), &history(&large)).await;
    }
    let all = store.journal().histories(&tenant(1)).await.unwrap();
    assert_eq!(all.len(), CROWD);
    assert!(all.values().all(|got| *got == history(&large)));
}
