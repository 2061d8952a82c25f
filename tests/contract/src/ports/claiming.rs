//! One worker at a time.

use futures_util::future::join_all;
use workflow::ports::{Also, Claim, Journal};

use super::{
    Store,
    sample::{LEASE, TICK, claimed, job, morning, opened, tenant},
};

/// More workers than the template lets run at once.
const RACERS: usize = 20;

/// Nobody else gets a job while its lease runs; at its very end anybody does.
pub async fn a_lease_holds_until_its_very_end<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    let first = opened(store.journal(), &job).await;
    let until = morning() + LEASE;
    for now in [morning(), until - TICK] {
        assert_eq!(store.journal().claim(&job.key, now, LEASE).await.unwrap(), Claim::Busy { until }, "{now}");
    }
    let second = claimed(store.journal(), &job, until).await;
    assert_eq!(second.job, first.job);
    assert!(second.version > first.version, "the first worker must be fenced off");
    let until = until + LEASE;
    assert_eq!(store.journal().claim(&job.key, morning(), LEASE).await.unwrap(), Claim::Busy { until });
}

/// Twenty workers at once: one gets it, the others learn when to come again.
pub async fn of_many_who_claim_at_once_one_gets_the_job<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    store.journal().open(&job, &[]).await.unwrap();
    let race = (0..RACERS).map(|_| store.journal().claim(&job.key, morning(), LEASE));
    let claims: Vec<Claim> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    let busy = Claim::Busy { until: morning() + LEASE };
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Taken(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| **claim == busy).count(), RACERS - 1);
}

/// A message may outlive its job.
pub async fn a_job_that_is_not_there_is_missing<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    assert_eq!(store.journal().claim(&job.key, morning(), LEASE).await.unwrap(), Claim::Missing);
    assert_eq!(store.journal().claim(&job.key, morning(), LEASE).await.unwrap(), Claim::Missing, "asking made none");
}

/// A save either keeps the lease, to another end, or gives it back.
pub async fn a_save_keeps_the_lease_or_gives_it_back<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let job = job(&tenant(1), "7");
    let mut work = opened(journal, &job).await;
    let until = morning() + LEASE * 3;
    journal.save(&mut work, Also::default(), Some(until)).await.unwrap();
    assert_eq!(journal.claim(&job.key, until - TICK, LEASE).await.unwrap(), Claim::Busy { until });
    journal.save(&mut work, Also::default(), None).await.unwrap();
    claimed(journal, &job, morning()).await;
}
