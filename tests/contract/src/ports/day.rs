//! How many of its day's invoices a tenant has used.

use chrono::TimeDelta;
use domain::{
    ids::TenantId,
    job::{CreateIntent, Ending, Event, EventKind, Job, JobState, Step},
};
use workflow::ports::{Also, Journal};

use super::{
    Store,
    sample::{
        MORE_THAN_ONE_ANSWER, created, date, failed, held, job, large_job, month, morning, namesakes, opened, tenant,
    },
};

/// Jobs that together take more than one of DynamoDB's answers.
const CROWD: u32 = 20;

fn intended() -> Step<CreateIntent, domain::job::Created> {
    let intent = CreateIntent {
        fields: month("2026-03-01"),
        last_invoice_date: None,
        remaining: Some(4),
        invoice_date: None,
        today: date("2026-03-29"),
        answered: None,
    };
    Step::Intended { attempt: 1, at: morning(), intent }
}

/// A job's state, and whether it counts.
fn cases(base: &Job) -> Vec<(Job, bool)> {
    let done = |adopted| Step::Done { outcome: created(adopted) };
    let ended = |ending| JobState::Done { ending, at: morning() };
    let with = |create, state| Job { create, state, ..base.clone() };
    let open = || Step::Open { attempts: 1, last: None };
    vec![
        (with(open(), JobState::Working), true),
        (with(intended(), JobState::Working), true),
        (with(intended(), held(morning())), true),
        (with(done(false), JobState::Working), true),
        (with(done(false), failed(morning())), true),
        (with(done(false), ended(Ending::Completed)), true),
        (with(done(true), ended(Ending::Adopted)), false),
        (with(open(), held(morning())), false),
        (with(open(), failed(morning())), false),
        (with(open(), ended(Ending::NotDue)), false),
        (with(Step::Skipped { why: "a person skipped it".to_owned() }, ended(Ending::SkippedByPerson)), false),
    ]
}

/// Every state counts as the job itself says, whether it was opened in it or came to it.
pub async fn a_day_counts_what_the_job_says<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let (opened_in_it, came_to_it) = (tenant(1), tenant(2));
    let mut expected = 0;
    for (n, (case, counts)) in cases(&job(&opened_in_it, "7")).into_iter().enumerate() {
        assert_eq!(case.counts_for_its_day(), counts, "case {n}");
        expected += u32::from(counts);
        let agreement = n.to_string();
        let opened_so = Job { key: job(&opened_in_it, &agreement).key, ..case.clone() };
        journal.open(&opened_so, &[]).await.unwrap();
        let mut work = opened(journal, &job(&came_to_it, &agreement)).await;
        work.job = Job { key: work.job.key.clone(), ..case };
        journal.save(&mut work, Also::default(), None).await.unwrap();
        assert_eq!(journal.jobs_on(&opened_in_it, opened_so.decided_on).await.unwrap(), expected, "case {n}");
        assert_eq!(journal.jobs_on(&came_to_it, opened_so.decided_on).await.unwrap(), expected, "case {n}");
    }
}

/// A job that lets go of its place gives it back, and may take it again.
pub async fn a_place_is_given_back_and_taken_again<S: Store>() {
    let store = S::open().await;
    let mut work = opened(store.journal(), &job(&tenant(1), "7")).await;
    for (state, expected) in [(held(morning()), 0), (JobState::Working, 1), (failed(morning()), 0)] {
        work.job.state = state;
        store.journal().save(&mut work, Also::default(), None).await.unwrap();
        assert_eq!(store.journal().jobs_on(&tenant(1), work.job.decided_on).await.unwrap(), expected);
    }
}

/// Another day's jobs and another tenant's aren't counted.
pub async fn days_and_tenants_are_counted_apart<S: Store>() {
    let store = S::open().await;
    let [one, other] = namesakes();
    let days = ["2026-03-02", "2026-03-22", "2026-03-23"];
    for (tenant, day, count) in [(&one, days[0], 1), (&one, days[1], 2), (&other, days[0], 3), (&other, days[2], 1)] {
        for n in 0..count {
            let decided_on = date(day);
            let job = Job { decided_on, ..job(tenant, &format!("{day} {n}")) };
            store.journal().open(&job, &[]).await.unwrap();
        }
    }
    for (tenant, expected) in [(&one, [1, 2, 0]), (&other, [3, 0, 1])] {
        for (day, expected) in days.into_iter().zip(expected) {
            assert_eq!(store.journal().jobs_on(tenant, date(day)).await.unwrap(), expected, "{tenant} {day}");
        }
    }
}

/// For a person to look at: the day's jobs whatever became of them, and each one's story from its beginning.
pub async fn a_person_sees_the_days_jobs_and_their_stories<S: Store>() {
    let store = S::open().await;
    let journal = store.journal();
    let [one, other] = namesakes();
    let mut work = opened(journal, &job(&one, "8")).await;
    work.job.state = held(morning());
    let skipped = |at| Event { at, kind: EventKind::LookedInVain { why: format!("at {at}") } };
    for minutes in 0..3 {
        let events = vec![skipped(morning() + TimeDelta::minutes(minutes)), skipped(morning())];
        journal.save(&mut work, Also { events, history: None }, None).await.unwrap();
    }
    opened(journal, &job(&one, "7")).await;
    opened(journal, &job(&other, "7")).await;
    let day = work.job.decided_on;
    let numbers = async |of: &TenantId, day| {
        let jobs = journal.jobs_of_day(of, day).await.unwrap();
        let mut numbers: Vec<_> = jobs.iter().map(|job| job.key.agreement().unwrap().to_string()).collect();
        numbers.sort();
        numbers
    };
    assert_eq!(numbers(&one, day).await, ["7", "8"]);
    assert_eq!(numbers(&other, day).await, ["7"]);
    assert_eq!(numbers(&one, day.succ_opt().unwrap()).await, [""; 0]);
    let lines = journal.story_of(&work.job.key).await.unwrap();
    let told: Vec<_> = lines.iter().map(|event| event.at - morning()).collect();
    assert_eq!(told, [0, 0, 1, 0, 2, 0].map(TimeDelta::minutes));
    assert_eq!(journal.story_of(&job(&one, "9").key).await.unwrap(), []);
}

/// A day with more than one answer holds is counted to its end.
pub async fn a_day_larger_than_one_answer_is_counted_whole<S: Store>() {
    let store = S::open().await;
    for n in 0..CROWD {
        let job = large_job(&tenant(1), &n.to_string(), MORE_THAN_ONE_ANSWER / CROWD as usize);
        store.journal().open(&job, &[]).await.unwrap();
    }
    assert_eq!(store.journal().jobs_on(&tenant(1), date("2026-03-29")).await.unwrap(), CROWD);
}
