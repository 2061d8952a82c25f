//! A key is one job.

use futures_util::future::join_all;
use workflow::ports::{Also, Journal, Opened};

use super::{
    Store,
    sample::{TICK, claimed, event, events, job, job_for, morning, opened, tenant},
};

/// More than a queue ever hands out at once.
const RACERS: i32 = 20;

/// What was opened is what a worker gets.
pub async fn a_new_job_is_kept_as_it_was_opened<S: Store>() {
    let store = S::open().await;
    let mut job = job(&tenant(1), "7");
    job.wake_at = Some(morning());
    assert_eq!(store.journal().open(&job, &[event("decided")]).await.unwrap(), Opened::New);
    assert_eq!(claimed(store.journal(), &job, morning()).await.job, job);
    assert_eq!(store.story(&job.key), [event("decided")]);
}

/// Whoever only looks sees the job as it stands, claimed or not, and changes nothing.
pub async fn a_look_at_a_job_leaves_it_alone<S: Store>() {
    let store = S::open().await;
    let (journal, job) = (store.journal(), job(&tenant(1), "7"));
    assert_eq!(journal.job(&job.key).await.unwrap(), None);
    let mut work = opened(journal, &job).await;
    assert_eq!(journal.job(&job.key).await.unwrap(), Some(job.clone()));
    work.job.failed_looks = 2;
    journal.save(&mut work, Also::default(), None).await.expect("the version must stand");
    assert_eq!(journal.job(&job.key).await.unwrap(), Some(work.job));
}

/// The second scan finds what the first made, and what became of it since.
pub async fn opening_again_gives_the_stored_job_and_changes_nothing<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let first = job(&tenant(1), "7");
    let mut work = opened(journal, &first).await;
    work.job.failed_looks = 2;
    journal.save(&mut work, Also { events: events("work", 1), history: None }, None).await.unwrap();

    let mut second = first.clone();
    second.matched_at += TICK;
    let again = journal.open(&second, &events("again", 2)).await.unwrap();
    assert_eq!(again, Opened::Exists(Box::new(work.job.clone())));
    assert_eq!(store.story(&first.key), events("work", 1));
    journal.save(&mut work, Also::default(), None).await.expect("the version must stand");
}

/// Twenty scans at once make one job, and all learn the same.
pub async fn of_many_who_open_at_once_one_makes_the_job<S: Store>() {
    let store = S::open().await;
    let jobs = (0..RACERS).map(|n| {
        let mut job = job(&tenant(1), "7");
        job.matched_at += TICK * n;
        job
    });
    let jobs: Vec<_> = jobs.collect();
    let race = jobs.iter().zip(0..).map(|(job, n)| {
        let journal = store.journal();
        async move { journal.open(job, &events(&format!("scan {n}"), 2)).await.unwrap() }
    });
    let answers = join_all(race).await;
    let winners: Vec<usize> = (0..jobs.len()).filter(|n| answers[*n] == Opened::New).collect();
    let [winner] = winners[..] else { panic!("not one winner but {winners:?}") };
    for (n, answer) in answers.into_iter().enumerate().filter(|(n, _)| *n != winner) {
        assert_eq!(answer, Opened::Exists(Box::new(jobs[winner].clone())), "scan {n}");
    }
    assert_eq!(store.story(&jobs[winner].key), events(&format!("scan {winner}"), 2));
}

/// Tenant, agreement and period: each alone makes another job.
pub async fn every_part_of_the_key_makes_another_job<S: Store>() {
    let store = S::open().await;
    let jobs = [
        job(&tenant(1), "7"),
        job(&tenant(11), "7"),
        job(&tenant(1), "77"),
        job(&tenant(1), "7:2026-03-01"),
        job_for(&tenant(1), "7", "2026-04-01"),
    ];
    for job in &jobs {
        assert_eq!(store.journal().open(job, &[]).await.unwrap(), Opened::New, "{}", job.key);
    }
    for job in &jobs {
        assert_eq!(claimed(store.journal(), job, morning()).await.job, *job);
    }
}
