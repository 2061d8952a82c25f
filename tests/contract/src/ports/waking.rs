//! Who is to be woken, and when.

use chrono::{DateTime, TimeDelta, Utc};
use domain::job::{Job, JobKey};
use workflow::ports::{Also, Journal};

use super::{
    Store,
    sample::{ODD_NUMBERS, TICK, job, morning, opened, tenant},
};

/// More than any check opens.
const ALL: usize = 1000;

async fn open_waking<S: Store>(store: &S, agreement: &str, at: Option<DateTime<Utc>>) -> Job {
    let job = Job { wake_at: at, ..job(&tenant(1), agreement) };
    store.journal().open(&job, &[]).await.unwrap();
    job
}

async fn woken<S: Store>(store: &S, now: DateTime<Utc>) -> Vec<JobKey> {
    store.journal().waking(now, ALL).await.unwrap()
}

/// Only jobs with a time are ever woken, and each from that very instant on.
pub async fn a_job_is_woken_from_its_instant_on<S: Store>() {
    let store = S::open().await;
    open_waking(&store, "never", None).await;
    let due = [open_waking(&store, "7", Some(morning())).await.key];
    assert_eq!(woken(&store, morning() - TICK).await, []);
    assert_eq!(woken(&store, morning()).await, due);
    assert_eq!(woken(&store, morning() + TimeDelta::days(400)).await, due, "until it's told otherwise");
}

/// A later time takes the place of the earlier one, and none takes the job out.
pub async fn a_wake_up_time_is_set_moved_and_cleared<S: Store>() {
    let store = S::open().await;
    let mut work = opened(store.journal(), &job(&tenant(1), "7")).await;
    let (early, late) = (morning() + TimeDelta::minutes(1), morning() + TimeDelta::days(1));
    for (at, seen_early, seen_late) in
        [(Some(early), true, true), (Some(late), false, true), (None, false, false), (Some(early), true, true)]
    {
        work.job.wake_at = at;
        store.journal().save(&mut work, Also::default(), None).await.unwrap();
        assert_eq!(woken(&store, early).await.len(), usize::from(seen_early), "{at:?}");
        assert_eq!(woken(&store, late).await.len(), usize::from(seen_late), "{at:?}");
    }
}

/// A claim says nothing about waking: a worker that dies leaves the job to be found again.
pub async fn a_claimed_job_is_still_woken<S: Store>() {
    let store = S::open().await;
    let job = Job { wake_at: Some(morning()), ..job(&tenant(1), "7") };
    opened(store.journal(), &job).await;
    assert_eq!(woken(&store, morning()).await, [job.key]);
}

/// Those who wait longest come first, across tenants, and no more than asked for.
pub async fn the_longest_waiting_come_first_up_to_the_limit<S: Store>() {
    let store = S::open().await;
    let mut keys = Vec::new();
    for (minutes, number) in [(5, 2), (1, 30), (4, 1), (2, 4), (3, 1)] {
        let at = morning() + TimeDelta::minutes(minutes);
        let job = Job { wake_at: Some(at), ..job(&tenant(number), &minutes.to_string()) };
        store.journal().open(&job, &[]).await.unwrap();
        keys.push((at, job.key));
    }
    keys.sort();
    let keys: Vec<JobKey> = keys.into_iter().map(|(_, key)| key).collect();
    let now = morning() + TimeDelta::minutes(4);
    for limit in 0..=4 {
        assert_eq!(store.journal().waking(now, limit).await.unwrap(), keys[..limit], "{limit}");
    }
    assert_eq!(woken(&store, now).await, keys[..4]);
}

/// A key comes back whole, whatever its agreement's number holds.
pub async fn odd_numbers_are_woken_by_their_own_key<S: Store>() {
    let store = S::open().await;
    let mut keys = Vec::new();
    for odd in ODD_NUMBERS {
        keys.push(open_waking(&store, odd, Some(morning())).await.key);
    }
    let mut got = woken(&store, morning()).await;
    got.sort();
    keys.sort();
    assert_eq!(got, keys);
}
