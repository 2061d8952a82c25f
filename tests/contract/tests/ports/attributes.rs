//! The attributes that DynamoDB's sparse indexes and its time to live go by, and that no port shows.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{TimeDelta, Utc};
use contract::ports::{
    Store,
    concerns::concern,
    pages::page,
    sample::{
        LEASE, MORE_THAN_ONE_ANSWER, event, failed, first, held, history, job, large_job, morning, number, opened,
        tenant,
    },
};
use domain::{
    ids::TenantId,
    job::{Ending, JobState},
};
use serde_json::{Value, json};
use workflow::ports::{Also, Journal, Subject};

use crate::dynamo::{DynamoStore, JOURNAL, KEEP_DECISIONS_DAYS};

/// DynamoDB takes no larger item.
const LARGEST_ITEM: usize = 400 * 1024;

/// How the instants in this file are written: [`morning`] with its milliseconds.
const MORNING: &str = "2026-03-29T04:00:00.125Z";

/// What the index of waiting people shows of a tenant, longest waiting first.
async fn needs_person(store: &DynamoStore, tenant: &TenantId) -> Vec<String> {
    let answer = store
        .client()
        .query()
        .table_name(JOURNAL)
        .index_name("needs_person")
        .key_condition_expression("person_tenant = :tenant")
        .expression_attribute_values(":tenant", AttributeValue::S(tenant.to_string()))
        .send()
        .await
        .unwrap();
    let text = |item: &std::collections::HashMap<String, AttributeValue>, name| item[name].as_s().unwrap().to_owned();
    answer.items().iter().map(|item| format!("{} {}", text(item, "pk"), text(item, "sk"))).collect()
}

#[tokio::test]
async fn a_job_that_needs_a_person_is_in_the_index_and_no_longer() {
    let store = DynamoStore::start().await;
    let job = job(&tenant(1), "7");
    let mut work = opened(store.journal(), &job).await;
    let pk = format!("job#{}", job.key);
    let done = JobState::Done { ending: Ending::Completed, at: morning() };
    for (state, waits) in
        [(held(morning()), true), (JobState::Working, false), (failed(morning()), true), (done, false)]
    {
        work.job.state = state;
        store.journal().save(&mut work, Also { events: vec![event("x")], history: None }, None).await.unwrap();
        let item = store.partition(&pk).remove("job").unwrap();
        let expected = if waits { (json!("fortnox-1"), json!(MORNING)) } else { (Value::Null, Value::Null) };
        assert_eq!((item["person_tenant"].clone(), item["person_since"].clone()), expected, "{:?}", work.job.state);
        assert_eq!(needs_person(&store, &tenant(1)).await.len(), usize::from(waits));
        assert_eq!(needs_person(&store, &tenant(11)).await.len(), 0);
    }
}

#[tokio::test]
async fn jobs_and_concerns_wait_for_a_person_in_one_line() {
    let store = DynamoStore::start().await;
    let later = morning() + TimeDelta::seconds(1);
    let mut held_job = job(&tenant(1), "7");
    held_job.state = held(later);
    store.journal().open(&held_job, &[]).await.unwrap();
    store.journal().set_concern(&tenant(1), &Subject::Tenant, Some(&concern("blocked"))).await.unwrap();
    let job_line = format!("job#{} job", held_job.key);
    assert_eq!(needs_person(&store, &tenant(1)).await, ["concern#fortnox-1 tenant", &job_line]);
    store.journal().set_concern(&tenant(1), &Subject::Tenant, None).await.unwrap();
    assert_eq!(needs_person(&store, &tenant(1)).await, [job_line]);
}

#[tokio::test]
async fn a_job_has_the_attributes_of_its_indexes_and_no_others() {
    let store = DynamoStore::start().await;
    let mut work = opened(store.journal(), &job(&tenant(1), "7")).await;
    let names = |store: &DynamoStore| {
        let item = store.partition(&format!("job#{}", job(&tenant(1), "7").key)).remove("job").unwrap();
        item.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    work.job.wake_at = Some(morning());
    store.journal().save(&mut work, Also::default(), Some(morning() + LEASE)).await.unwrap();
    assert_eq!(names(&store), "job lease_until pk sk takes_one_of_its_day tenant_day version wake_at wake_kind");
    work.job.wake_at = None;
    work.job.state = held(morning());
    store.journal().save(&mut work, Also::default(), None).await.unwrap();
    assert_eq!(names(&store), "job person_since person_tenant pk sk tenant_day version");
}

#[tokio::test]
async fn only_pages_of_a_scan_are_ever_forgotten_and_in_time() {
    let store = DynamoStore::start().await;
    let expires_at = (morning() + TimeDelta::days(i64::from(KEEP_DECISIONS_DAYS))).timestamp();
    for (number, decisions, items) in [(1, 0, 1), (2, 1, 1), (3, 500, 5)] {
        store.journal().keep_page(&tenant(number), &page(1, decisions)).await.unwrap();
        let kept = store.partition(&format!("scan#{}", tenant(number)));
        assert_eq!(kept.len(), items, "{decisions} decisions");
        for item in kept.values() {
            assert_eq!(item["expires_at"], expires_at);
            assert!(item.to_string().len() < LARGEST_ITEM);
        }
    }
    let mut work = opened(store.journal(), &job(&tenant(9), "7")).await;
    let also = Also { events: vec![event("x")], ..first(history(&["1".to_owned()])) };
    store.journal().save(&mut work, also, None).await.unwrap();
    store.journal().set_concern(&tenant(9), &Subject::Agreement(number("7")), Some(&concern("x"))).await.unwrap();
    let lasting: Vec<Value> = store.items(JOURNAL).into_iter().filter(|item| item["expires_at"].is_null()).collect();
    assert_eq!(lasting.len(), ["job", "event", "history", "concern"].len(), "{lasting:?}");
}

/// What the suite's larger checks rely on.
#[tokio::test]
async fn the_emulator_gives_no_more_at_once_than_dynamodb() {
    const CROWD: usize = 20;
    let store = DynamoStore::start().await;
    for n in 0..CROWD {
        let job = large_job(&tenant(1), &n.to_string(), MORE_THAN_ONE_ANSWER / CROWD);
        store.journal().open(&job, &[]).await.unwrap();
    }
    let answer = store
        .client()
        .query()
        .table_name(JOURNAL)
        .index_name("by_day")
        .key_condition_expression("tenant_day = :day")
        .expression_attribute_values(":day", AttributeValue::S("fortnox-1#2026-03-29".to_owned()))
        .send()
        .await
        .unwrap();
    assert!(answer.last_evaluated_key().is_some());
    assert!((1..CROWD).contains(&usize::try_from(answer.count()).unwrap()));
}

#[test]
fn the_morning_is_written_as_above() {
    assert_eq!(MORNING.parse::<chrono::DateTime<Utc>>().unwrap(), morning());
}
