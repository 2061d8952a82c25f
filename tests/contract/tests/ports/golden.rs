//! Items as this version stores them, under `golden/`: they must be read for as long as anybody may have them.
//!
//! `UPDATE_GOLDEN=1 cargo test -p contract --test ports` writes the files anew. Do so for a field that was added; a file
//! that can't be read any more without it means that stored items can't be either.

mod digests;
mod mails;
mod prices;
mod values;

use std::{collections::BTreeMap, path::Path};

use chrono::TimeDelta;
use contract::ports::{
    Store,
    deeds::deed,
    sample::{LEASE, claimed, first, history, item, job, morning, number, opened, tenant},
    signals::{dane, signal},
};
use domain::job::{CreateIntent, Job, Step};
use serde_json::{Value, json};
use workflow::{
    dead_letters::DeadLetterQueue,
    ports::{Also, Claim, Journal, Kept, Look, Remembered, ScanPage, Settings, Signals, Subject, SweepPage},
};

use crate::dynamo::{DynamoStore, JOURNAL, SETTINGS};

/// Compares what was written with the golden file, and gives a store that holds the file's items and nothing else.
async fn as_ever(name: &str, table: &str, written: Vec<Value>) -> DynamoStore {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name).with_extension("json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{:#}\n", Value::from(written.clone()))).unwrap();
    }
    let kept: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let store = DynamoStore::start().await;
    for item in &kept {
        store.put(table, item);
    }
    assert_eq!(written, kept, "{name} is written otherwise than before");
    store
}

#[tokio::test]
async fn a_new_job() {
    let store = DynamoStore::start().await;
    let job = values::new_job();
    store.journal().open(&job, &[]).await.unwrap();
    let store = as_ever("job-new", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(claimed(store.journal(), &job, morning()).await.job, job);
    assert_eq!(store.journal().jobs_on(&tenant(1), job.decided_on).await.unwrap(), 1);
}

#[tokio::test]
async fn jobs_on_their_way() {
    let of_drafts = values::draft_jobs().into_iter().map(|named| (values::new_draft_job(), named));
    let all = values::jobs()
        .into_iter()
        .chain([values::returned_job()])
        .map(|named| (values::new_job(), named))
        .chain(of_drafts);
    for (new, (name, job)) in all {
        let store = DynamoStore::start().await;
        let mut work = opened(store.journal(), &new).await;
        work.job = job.clone();
        store.journal().save(&mut work, Also::default(), Some(morning() + LEASE)).await.unwrap();

        let store = as_ever(name, JOURNAL, store.items(JOURNAL)).await;
        let until = morning() + LEASE;
        assert_eq!(store.journal().claim(&job.key, morning(), LEASE).await.unwrap(), Claim::Busy { until }, "{name}");
        let woken = store.journal().waking(morning() + TimeDelta::days(1), 10).await.unwrap();
        assert_eq!(woken.len(), usize::from(job.wake_at.is_some()), "{name}");
        let mut again = claimed(store.journal(), &job, until).await;
        assert_eq!(again.job, job, "{name}");
        assert_eq!(again.version, work.version + 1, "{name}");
        store.journal().save(&mut again, Also::default(), None).await.unwrap();
    }
}

#[tokio::test]
async fn events_of_every_kind() {
    let store = DynamoStore::start().await;
    let (job, events) = (values::new_job(), values::events());
    store.journal().open(&job, &events).await.unwrap();
    let items = store.items(JOURNAL).into_iter().filter(|item| !item["event"].is_null()).collect();
    let store = as_ever("events", JOURNAL, items).await;
    assert_eq!(store.story(&job.key), events);
}

#[tokio::test]
async fn a_history() {
    let store = DynamoStore::start().await;
    let mut work = opened(store.journal(), &job(&tenant(1), "Å 7")).await;
    let remembered = history(&["998".to_owned(), "1001".to_owned()]);
    store.journal().save(&mut work, first(remembered.clone()), None).await.unwrap();
    let items = store.items(JOURNAL).into_iter().filter(|item| !item["history"].is_null()).collect();
    let store = as_ever("history", JOURNAL, items).await;
    let read = store.journal().history(&tenant(1), &number("Å 7")).await.unwrap();
    assert_eq!(read, Remembered { history: remembered, version: 1 });
}

#[tokio::test]
async fn concerns() {
    let store = DynamoStore::start().await;
    let all: BTreeMap<Subject, _> = values::concerns();
    for (subject, concern) in &all {
        store.journal().set_concern(&tenant(1), subject, Some(concern)).await.unwrap();
    }
    let store = as_ever("concerns", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.journal().concerns(&tenant(1)).await.unwrap(), all);
}

#[tokio::test]
async fn deeds_with_dead_letters() {
    let store = DynamoStore::start().await;
    let deeds = [1, 0].map(|ticks| deed(DeadLetterQueue::Booking, ticks));
    for deed in &deeds {
        store.journal().keep_deed(deed).await.unwrap();
    }
    let store = as_ever("deeds", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.journal().deeds(DeadLetterQueue::Booking, 10).await.unwrap(), deeds);
}

#[tokio::test]
async fn a_page_with_every_decision() {
    let store = DynamoStore::start().await;
    let page: ScanPage = values::page();
    store.journal().keep_page(&tenant(1), &page).await.unwrap();
    let store = as_ever("scan-page", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.pages(&tenant(1)), [page]);
}

#[tokio::test]
async fn a_sweep_with_every_decision() {
    let store = DynamoStore::start().await;
    let page: SweepPage = values::sweep_page();
    let dane = dane(1);
    store.journal().keep_sweep(&dane, &page).await.unwrap();
    let store = as_ever("sweep-page", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.sweeps(&dane), [(page.date, page.page, page.decisions)]);
}

#[tokio::test]
async fn a_signal_and_its_nonce() {
    let store = DynamoStore::start().await;
    let signal = signal(&dane(1), "148", 1);
    store.signals().keep(&signal).await.unwrap();
    let store = as_ever("signal", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.signals().of_tenant(&dane(1)).await.unwrap(), std::slice::from_ref(&signal));
    assert_eq!(store.signals().keep(&signal).await.unwrap(), Kept::Known { first: signal });
}

#[tokio::test]
async fn schedules() {
    for (name, look, tenant) in [("schedule", Look::Scan, tenant(1)), ("schedule-sweep", Look::Sweep, dane(1))] {
        let store = DynamoStore::start().await;
        store.settings().schedule_next(&tenant, morning()).await.unwrap();
        let store = as_ever(name, SETTINGS, store.items(SETTINGS)).await;
        assert_eq!(store.settings().due_for(look, morning(), 1).await.unwrap(), [tenant]);
        assert_eq!(store.settings().unscheduled().await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_a_preflight_leaves_behind() {
    let report = values::report();
    let store = DynamoStore::start().await;
    store.put(SETTINGS, &json!({"tenant": "fortnox-1", "scope": "profile", "mode": "full"}));
    store.settings().keep_standing(&tenant(1), &report.standing()).await.unwrap();
    let store = as_ever("preflight-standing", SETTINGS, store.items(SETTINGS)).await;
    let settings = store.settings().of_tenant(&tenant(1)).await.unwrap().unwrap();
    assert!(settings.held_back().unwrap().to_string().contains("no consent"));

    store.journal().keep_report(&report).await.unwrap();
    let store = as_ever("preflight-report", JOURNAL, store.items(JOURNAL)).await;
    assert_eq!(store.journal().report(&tenant(1)).await.unwrap(), Some(report));
}

/// Fields that came later are missing in items from before.
#[tokio::test]
async fn items_from_before_a_field_was_added() {
    let store = DynamoStore::start().await;
    let reason = json!({"code": "ambiguous_period"});
    let concern = json!({"since": morning(), "reason": reason});
    store.put(JOURNAL, &json!({"pk": "concern#fortnox-1", "sk": "tenant", "concern": concern}));
    let concerns = store.journal().concerns(&tenant(1)).await.unwrap();
    assert_eq!(concerns[&Subject::Tenant].seen_on, None);

    let mut job = serde_json::to_value(values::new_job()).unwrap();
    job["approval"] = json!({"by": "Åsa", "at": morning()});
    let intent = json!({"fields": {"start": "2026-03-01", "end": "2026-03-31"}, "last_invoice_date": null, "remaining": null,
        "invoice_date": null, "today": "2026-03-29"});
    job["create"] = json!({"is": "intended", "attempt": 1, "at": morning(), "intent": intent});
    let key = values::new_job().key;
    let stored = json!({"pk": format!("job#{key}"), "sk": "job", "version": 1, "job": item(job)});
    store.put(JOURNAL, &stored);
    let old: Job = claimed(store.journal(), &values::new_job(), morning()).await.job;
    assert_eq!(old.approval.unwrap().reasons, []);
    assert!(matches!(old.create, Step::Intended { intent: CreateIntent { answered: None, .. }, .. }));

    let remembered = serde_json::to_value(history(&["998".to_owned()])).unwrap();
    store.put(JOURNAL, &json!({"pk": "history#fortnox-1", "sk": "A:7/å", "history": item(remembered)}));
    let mut work = claimed(store.journal(), &values::new_job(), morning() + LEASE).await;
    let read = store.journal().history(&tenant(1), work.job.key.agreement().unwrap()).await.unwrap();
    assert_eq!(read, Remembered { history: history(&["998".to_owned()]), version: 0 });
    store.journal().save(&mut work, Also { events: Vec::new(), history: Some(read) }, None).await.unwrap();
    let read = store.journal().history(&tenant(1), work.job.key.agreement().unwrap()).await.unwrap();
    assert_eq!(read.version, 1);
}
