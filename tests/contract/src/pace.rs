//! The rate limit is kept by pacing, not found by hitting it.

use accounting::AccountingSystem;
use futures_util::future::join_all;

use crate::{Call, Scene, Subject};

/// More than any system here allows at once: Fortnox takes 25 in five seconds.
const CROWD: usize = 60;

/// All at the same moment. Each is answered, and none with "too many calls".
pub async fn a_crowd_of_calls_never_meets_the_rate_limit<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let (tenant, number) = (subject.tenant(), subject.sample().invoices[0].number.clone());
    let calls = (0..CROWD).map(|_| subject.system().invoice(&tenant, &number));
    for answer in join_all(calls).await {
        answer.unwrap();
    }
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::Invoice), CROWD);
    assert_eq!(ledger.over_rate(), 0);
}
