//! The budget that e-conomic tells of with each answer.

use std::time::Duration;

use accounting::{AccountingSystem, Error};
use contract::Subject;

use super::super::{EconomicSubject, LONGEST_WAIT, company};

/// A hundred calls a second.
const SMALL: (u32, u32, u32) = (300, 1, 3);

/// Two calls an hour.
const TINY: (u32, u32, u32) = (7, 3600, 3);

async fn open((limit, seconds, cost): (u32, u32, u32), longest_wait: Duration) -> EconomicSubject {
    let mut file = company::file(0);
    file.switches.token_limit = limit;
    file.switches.token_window_seconds = seconds;
    file.switches.call_cost = cost;
    EconomicSubject::start(file, longest_wait).await
}

#[tokio::test]
async fn a_small_budget_is_kept_to() {
    let subject = open(SMALL, LONGEST_WAIT).await;
    for _ in 0..300 {
        subject.system().company(&subject.tenant()).await.unwrap();
    }
    assert_eq!(subject.ledger().over_rate(), 0);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_given_back() {
    let subject = open(TINY, Duration::from_secs(1)).await;
    let error = loop {
        match subject.system().company(&subject.tenant()).await {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    let Error::Busy { retry_in } = error else { panic!("{error}") };
    assert!(retry_in > Duration::from_secs(1));
    assert_eq!(subject.ledger().over_rate(), 0);
}
