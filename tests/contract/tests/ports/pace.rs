//! The rate limit, shared by workers that know of each other only through the journal.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use accounting::AccountingSystem;
use chrono::{DateTime, TimeDelta, Utc};
use contract::ports::sample::{morning, tenant};
use fortnox_sim::{CompanyFile, Simulator, SimulatorOptions};
use futures_util::future::join_all;
use serde_json::{Value, json};
use workflow::ports::Ports;

use crate::dynamo::{CONNECTIONS, DynamoStore};

const WORKERS: usize = 8;

/// Fortnox's limit: so many calls in so many milliseconds (source: its guide on rate limits).
const CALLS: usize = 25;
const PERIOD_MS: u64 = 5_000;

/// More than twice the limit, so that the window slides past every call at least once.
const SLOTS: usize = 60;

/// Reserved starts in milliseconds, by their number from 1.
type Starts = Mutex<BTreeMap<usize, u64>>;

/// Notes what the window shows: the newest starts, of which the version tells the number.
fn note(store: &DynamoStore, pk: &str, starts: &Starts) {
    let window = store.partition(pk).remove("window").unwrap();
    let version = usize::try_from(window["version"].as_u64().unwrap()).unwrap();
    let calls: Value = serde_json::from_str(window["calls"].as_str().unwrap()).unwrap();
    let newest = calls["starts_ms"].as_array().unwrap().iter().rev();
    starts.lock().unwrap().extend((0..version).map(|back| version - back).zip(newest.map(|ms| ms.as_u64().unwrap())));
}

/// A clock for the simulator on which no two calls are ever close: what is judged here is when calls were let go, and not
/// whether this machine was too busy to carry them at once.
fn leisurely() -> impl Fn() -> DateTime<Utc> + Send + Sync + 'static {
    let looks = AtomicU64::new(0);
    move || morning() + TimeDelta::seconds(looks.fetch_add(1, Ordering::Relaxed).cast_signed())
}

/// Takes about twelve seconds of real time: the pacing is the waiting.
#[tokio::test]
async fn many_workers_together_keep_the_rate_limit() {
    let companies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fortnox-sim/companies/liten.json");
    let file = CompanyFile::read(&companies).unwrap();
    let (tenant, access) = (tenant(file.company.database_number), file.access.clone());
    let options =
        SimulatorOptions { companies: vec![file], clock: Some(Arc::new(leisurely())), ..SimulatorOptions::default() };
    let simulator = Simulator::start(options).await.unwrap();
    let store = DynamoStore::start().await;
    let connection = json!({"tenant": tenant, "client_id": access.client_id, "client_secret": access.client_secret});
    store.put(CONNECTIONS, &connection);

    let pk = format!("pace#{tenant}");
    let (starts, answers) = (Starts::default(), Mutex::new(Vec::new()));
    let customer = "1".parse().unwrap();
    let workers: Vec<_> = (0..WORKERS).map(|_| store.another_worker(&simulator.base_url())).collect();
    let work = workers.iter().enumerate().map(|(n, worker)| {
        let (store, pk, starts, answers) = (&store, &pk, &starts, &answers);
        let (tenant, customer) = (&tenant, &customer);
        async move {
            for _ in (n..SLOTS).step_by(WORKERS) {
                worker.accounting().customer(tenant, customer).await.unwrap();
                answers.lock().unwrap().push(u64::try_from(Utc::now().timestamp_millis()).unwrap());
                note(store, pk, starts);
            }
        }
    });
    join_all(work).await;

    let starts = starts.into_inner().unwrap();
    assert!(starts.keys().copied().eq(1..=SLOTS), "{starts:?}");
    let starts: Vec<u64> = starts.into_values().collect();
    assert!(starts.is_sorted(), "{starts:?}");
    for crowd in starts.windows(CALLS + 1) {
        assert!(crowd[CALLS] - crowd[0] >= PERIOD_MS, "{crowd:?}");
    }
    let mut answers = answers.into_inner().unwrap();
    answers.sort_unstable();
    assert!(answers.iter().zip(&starts).all(|(answer, start)| answer >= start), "a call went before its start");
    let requests = simulator.ledger().iter().filter(|entry| entry.path.starts_with("/3/")).count();
    assert_eq!(requests, SLOTS, "each slot is one call");
}
