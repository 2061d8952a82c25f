//! What needs a person and has no job to stand in.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::hold::HoldReason;
use workflow::ports::{Concern, Journal, Subject};

use super::{
    Store,
    sample::{ODD_NUMBERS, date, morning, namesakes, number, tenant},
};

/// A concern that can be told from others by its words.
pub fn concern(problem: &str) -> Concern {
    Concern {
        since: morning(),
        reason: HoldReason::Unreadable { problem: problem.to_owned() },
        seen_on: Some(date("2026-03-29")),
    }
}

/// Raised, said anew, and settled, and settled again by somebody who comes late.
pub async fn a_concern_is_raised_replaced_and_settled<S: Store>() {
    let store = S::open().await;
    let (journal, tenant) = (store.journal(), tenant(1));
    let subjects = [Subject::Tenant, Subject::Agreement(number("7"))];
    assert_eq!(journal.concerns(&tenant).await.unwrap(), BTreeMap::new());
    let later = Concern { since: morning() + TimeDelta::days(1), seen_on: None, ..concern("other") };
    for said in [concern("first"), later] {
        let all = subjects.iter().map(|subject| (subject.clone(), said.clone())).collect();
        for subject in &subjects {
            journal.set_concern(&tenant, subject, Some(&said)).await.unwrap();
        }
        assert_eq!(journal.concerns(&tenant).await.unwrap(), all);
    }
    for _ in 0..2 {
        journal.set_concern(&tenant, &subjects[0], None).await.unwrap();
        assert_eq!(journal.concerns(&tenant).await.unwrap().into_keys().collect::<Vec<_>>(), subjects[1..]);
    }
    journal.set_concern(&tenant, &subjects[1], None).await.unwrap();
    assert_eq!(journal.concerns(&tenant).await.unwrap(), BTreeMap::new());
}

/// Whatever an agreement's number holds, it's never another's nor the tenant's own.
pub async fn odd_numbers_have_concerns_of_their_own<S: Store>() {
    let store = S::open().await;
    let mut all = BTreeMap::from([(Subject::Tenant, concern("the tenant"))]);
    all.insert(Subject::Draft("7".parse().unwrap()), concern("a draft"));
    all.insert(Subject::Prices(None), concern("the prices"));
    all.extend(ODD_NUMBERS.map(|odd| (Subject::Agreement(number(odd)), concern(odd))));
    all.extend(ODD_NUMBERS.map(|odd| (Subject::Prices(Some(number(odd))), concern(odd))));
    for (subject, concern) in &all {
        store.journal().set_concern(&tenant(1), subject, Some(concern)).await.unwrap();
    }
    assert_eq!(store.journal().concerns(&tenant(1)).await.unwrap(), all);
}

/// Tenants whose names begin alike.
pub async fn namesakes_share_no_concern<S: Store>() {
    let store = S::open().await;
    let [one, other] = namesakes();
    let subject = Subject::Agreement(number("7"));
    store.journal().set_concern(&one, &subject, Some(&concern("one"))).await.unwrap();
    store.journal().set_concern(&other, &subject, Some(&concern("other"))).await.unwrap();
    store.journal().set_concern(&one, &subject, None).await.unwrap();
    assert_eq!(store.journal().concerns(&one).await.unwrap(), BTreeMap::new());
    assert_eq!(store.journal().concerns(&other).await.unwrap(), BTreeMap::from([(subject, concern("other"))]));
}
