//! A worker writes only on top of what it read, all of it or nothing.

use domain::job::{JobState, Step};
use workflow::ports::{Also, Claimed, Journal, Remembered, SaveError};

use super::{
    Store,
    sample::{LEASE, claimed, created, event, events, first, held, history, job, morning, opened, tenant},
};

fn fenced(answer: &Result<(), SaveError>) -> bool {
    matches!(answer, Err(SaveError::Fenced))
}

/// All of a job is saved, not only what the indexes show.
pub async fn what_was_saved_is_what_the_next_worker_gets<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    let mut work = opened(store.journal(), &job).await;
    work.job.create = Step::Done { outcome: created(false) };
    work.job.book = Step::Skipped { why: "`auto_book` is false in the agreement's settings".to_owned() };
    work.job.state = held(morning());
    work.job.wake_at = Some(morning() + LEASE);
    work.job.failed_looks = 3;
    store.journal().save(&mut work, Also::default(), None).await.unwrap();
    assert_eq!(claimed(store.journal(), &job, morning()).await.job, work.job);
}

/// Each save moves the version on, so the same worker can go on.
pub async fn a_worker_saves_again_and_again<S: Store>() {
    const TIMES: u32 = 12;
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    let mut work = opened(store.journal(), &job).await;
    for n in 1..=TIMES {
        let before = work.version;
        work.job.failed_looks = n;
        store.journal().save(&mut work, Also::default(), Some(morning() + LEASE)).await.unwrap();
        assert!(work.version > before);
    }
    assert_eq!(claimed(store.journal(), &job, morning() + LEASE).await.job.failed_looks, TIMES);
}

/// A worker whose lease ran out writes nothing: not the job, not its story, not the history.
pub async fn a_worker_that_was_overtaken_writes_nothing<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let job = job(&tenant(1), "7");
    let mut slow = opened(journal, &job).await;
    let mut quick = claimed(journal, &job, morning() + LEASE).await;

    let version = slow.version;
    slow.job.state = held(morning());
    slow.job.wake_at = Some(morning());
    let also = Also { events: events("slow", 2), ..first(history(&["1".to_owned()])) };
    assert!(fenced(&journal.save(&mut slow, also, None).await));
    assert_eq!(slow.version, version);
    assert_eq!(store.story(&job.key), []);
    assert_eq!(journal.history(&tenant(1), job.key.agreement().unwrap()).await.unwrap(), Remembered::default());
    assert_eq!(journal.waking(morning() + LEASE, 10).await.unwrap(), []);

    journal.save(&mut quick, Also { events: events("quick", 1), history: None }, None).await.unwrap();
    assert_eq!(store.story(&job.key), events("quick", 1));
    assert_eq!(claimed(journal, &job, morning()).await.job.state, JobState::Working);
}

/// The same state saved twice counts once: whoever comes second learns it.
pub async fn of_two_with_the_same_version_one_saves<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    let mut work = opened(store.journal(), &job).await;
    let mut twin = work.clone();
    let (one, other) = futures_util::future::join(
        store.journal().save(&mut work, Also { events: vec![event("one")], history: None }, None),
        store.journal().save(&mut twin, Also { events: vec![event("other")], history: None }, None),
    )
    .await;
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert!(fenced(&one) || fenced(&other));
    assert_eq!(store.story(&job.key), [event(if one.is_ok() { "one" } else { "other" })]);
}

/// A job that isn't there is not made by saving it.
pub async fn a_job_that_was_never_opened_is_not_saved<S: Store>() {
    let store = S::open().await;
    let job = job(&tenant(1), "7");
    let mut work = Claimed { job: job.clone(), version: 1 };
    assert!(fenced(&store.journal().save(&mut work, Also { events: events("x", 1), history: None }, None).await));
    assert_eq!(store.story(&job.key), []);
}

/// Events are kept in the order they were told, whoever told them, and none gets lost.
pub async fn a_story_is_complete_and_in_order<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let job = job(&tenant(1), "7");
    let mut told = events("opened", 2);
    journal.open(&job, &told).await.unwrap();
    let mut now = morning();
    // More than ten in one save and more than ten saves: orders by text and by number differ from there on.
    for (round, count) in [12, 0, 1, 3, 1, 1, 1, 1, 1, 1, 1, 2].into_iter().enumerate() {
        let mut work = claimed(journal, &job, now).await;
        let more = events(&format!("round {round}"), count);
        told.extend(more.clone());
        journal.save(&mut work, Also { events: more, history: None }, None).await.unwrap();
        now += LEASE;
    }
    assert_eq!(store.story(&job.key), told);
}
