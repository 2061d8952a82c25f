//! Refresh tokens that are spent by their first use, and many workers that need one at once. Judged by the simulator's ledger.

use std::path::Path;

use accounting::{AccessTokens, TokenError};
use chrono::{TimeDelta, Utc};
use cloud::Pipeline;
use domain::{
    connect::{Auth, Secret},
    ids::{SystemKind, TenantId},
};
use fortnox::AccessToken;
use fortnox_sim::{CompanyFile, EffectKind, Fault, FaultKind, Simulator, SimulatorOptions};
use futures_util::future::join_all;
use serde_json::{Value, json};
use workflow::connect::{ConnectPorts, Consents};

use crate::dynamo::{CONNECTIONS, DynamoStore};

/// Workers that know of each other only through the table, and what each does at once.
const WORKERS: usize = 10;
const AT_ONCE: usize = 10;

const FIRST: &str = "sim-first-refresh-token";

fn tenant() -> TenantId {
    TenantId::new(SystemKind::Fortnox, 9101)
}

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

struct Scene {
    store: DynamoStore,
    simulator: Simulator,
}

impl Scene {
    /// A company whose user consented, and whose access token is over.
    async fn open() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fortnox-sim/companies/liten.json");
        let mut company = CompanyFile::read(&file).unwrap();
        company.company.database_number = tenant().number();
        company.access.refresh_token = Some(FIRST.to_owned());
        company.access.service_account = false;
        let access = company.access.clone();
        let options = SimulatorOptions { companies: vec![company], ..SimulatorOptions::default() };
        let simulator = Simulator::start(options).await.unwrap();
        let scene = Self { store: DynamoStore::start().await, simulator };
        scene.put(&json!({"client_id": access.client_id, "client_secret": access.client_secret}));
        scene
    }

    fn put(&self, more: &Value) {
        let over = (Utc::now() - TimeDelta::hours(1)).to_rfc3339();
        let mut item = json!({
            "tenant": tenant().to_string(), "auth": "user", "refresh_token": FIRST, "access_token": "over",
            "access_token_until": over,
        });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.store.put(CONNECTIONS, &item);
    }

    /// Changes the item as it stands.
    fn change(&self, more: &Value) {
        let mut item = self.item();
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.store.put(CONNECTIONS, &item);
    }

    fn item(&self) -> Value {
        self.store.items(CONNECTIONS).remove(0)
    }

    fn worker(&self) -> Pipeline {
        self.store.another_worker(&self.simulator.base_url())
    }

    fn fault(&self, kind: FaultKind) {
        self.simulator.with_world(|world| world.inject(Fault::next_on("/oauth-v1/token", kind)));
    }

    /// Token requests that reached Fortnox, whatever became of them.
    fn requests(&self) -> usize {
        self.simulator.ledger().iter().filter(|entry| entry.path == "/oauth-v1/token").count()
    }

    fn rotations(&self) -> usize {
        let ledger = self.simulator.ledger();
        let effects = ledger.iter().flat_map(|entry| &entry.effects);
        effects.filter(|effect| effect.kind == EffectKind::RefreshTokenRotated).count()
    }

    /// What many workers get that all ask at once.
    async fn all_at_once(&self) -> Vec<Result<AccessToken, TokenError>> {
        let workers: Vec<Pipeline> = (0..WORKERS).map(|_| self.worker()).collect();
        let asks = workers.iter().flat_map(|worker| (0..AT_ONCE).map(|_| ask(worker)));
        join_all(asks).await
    }
}

async fn ask(worker: &Pipeline) -> Result<AccessToken, TokenError> {
    worker.connections().access_token(&tenant()).await
}

/// That a person is told to consent again.
fn assert_needs_consent(answer: &Result<AccessToken, TokenError>) {
    let Err(TokenError::Blocked { problem, advice }) = answer else { panic!("{answer:?}") };
    assert!(problem.contains("needs consent again") && problem.contains(&tenant().to_string()), "{problem}");
    assert!(advice.contains("needs consent again") && advice.contains("connect"), "{advice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_that_need_a_token_at_once_one_asks_for_it_and_all_get_it() {
    let scene = Scene::open().await;
    // Long enough that nobody is too late to meet the lease.
    scene.fault(FaultKind::Delay { ms: 700 });
    let answers = scene.all_at_once().await;
    assert_eq!(answers.len(), 100);
    let first = answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == first));
    assert_eq!((scene.requests(), scene.rotations()), (1, 1));
    let item = scene.item();
    assert_eq!(item["access_token"], json!(first.expose()));
    assert_ne!(item["refresh_token"], json!(FIRST));
    for gone in ["refreshing", "refreshing_since", "needs_consent"] {
        assert_eq!(item[gone], Value::Null, "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refresh_goes_on_from_the_token_of_the_last() {
    let scene = Scene::open().await;
    let worker = scene.worker();
    for round in 1..=3 {
        let token = ask(&worker).await.unwrap();
        assert_eq!((scene.requests(), scene.rotations()), (round, round));
        // Fortnox takes it no more: the next one is asked for.
        worker.connections().rejected(&tenant(), &token).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_ends_in_the_need_for_a_new_consent_and_in_no_loop() {
    for fault in [FaultKind::DropAfterEffect, FaultKind::DropBeforeEffect] {
        let scene = Scene::open().await;
        scene.fault(fault);
        for answer in scene.all_at_once().await {
            assert_needs_consent(&answer);
        }
        // Asked again and again, by workers that were there and by new ones.
        for answer in scene.all_at_once().await {
            assert_needs_consent(&answer);
        }
        assert_eq!(scene.requests(), 1);
        assert_eq!(scene.item()["needs_consent"], json!("answer_lost"));
        assert_eq!(scene.item()["access_token"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_died_in_between_leaves_a_lease_that_tells() {
    let scene = Scene::open().await;
    let long_ago = (Utc::now() - TimeDelta::minutes(3)).to_rfc3339();
    scene.change(&json!({"refreshing": "a-dead-worker-s", "refreshing_since": long_ago}));
    for answer in scene.all_at_once().await {
        assert_needs_consent(&answer);
    }
    assert_eq!(scene.requests(), 0, "the token may be spent, so nobody tries it");
    assert_eq!(scene.item()["needs_consent"], json!("answer_lost"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_or_not_taken_spends_nothing() {
    let scene = Scene::open().await;
    let nowhere = scene.store.another_worker(NOWHERE);
    let answer = ask(&nowhere).await;
    assert!(matches!(answer, Err(TokenError::Unavailable(_))), "{answer:?}");
    scene.fault(FaultKind::RateLimited);
    let answer = ask(&scene.worker()).await;
    assert!(matches!(answer, Err(TokenError::Unavailable(_))), "{answer:?}");
    assert_eq!((&scene.item()["refreshing"], &scene.item()["refresh_token"]), (&Value::Null, &json!(FIRST)));
    ask(&scene.worker()).await.unwrap();
    assert_eq!((scene.requests(), scene.rotations()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_was_taken_back_is_noticed_once_and_told() {
    let scene = Scene::open().await;
    let number = tenant().number();
    let token = ask(&scene.worker()).await.unwrap();
    scene.simulator.with_world(|world| world.set_consent(number, false));
    // As a call of the pipeline finds out.
    scene.worker().connections().rejected(&tenant(), &token).await;
    for answer in scene.all_at_once().await {
        assert_needs_consent(&answer);
    }
    assert_eq!(scene.requests(), 2, "one for the token, and one that was refused");
    assert_eq!(scene.item()["needs_consent"], json!("refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_after_its_worker_was_taken_for_dead_still_counts() {
    let scene = Scene::open().await;
    scene.fault(FaultKind::Delay { ms: 1500 });
    let worker = scene.worker();
    let slow = tokio::spawn(async move { ask(&worker).await });
    while scene.item()["refreshing"].is_null() {
        tokio::task::yield_now().await;
    }
    let long_ago = (Utc::now() - TimeDelta::minutes(3)).to_rfc3339();
    scene.change(&json!({"refreshing_since": long_ago}));
    assert_needs_consent(&ask(&scene.worker()).await);
    let token = slow.await.unwrap().unwrap();
    assert_eq!(ask(&scene.worker()).await.unwrap(), token);
    assert_eq!(scene.item()["needs_consent"], Value::Null);
    assert_eq!(scene.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_bring_the_same_answer_one_is_heard() {
    let store = DynamoStore::start().await;
    let desk = store.connect_desk();
    let system = SystemKind::Fortnox;
    let link =
        workflow::connect::invite(&desk, system, Auth::User, Some(TenantId::new(system, 1)), false).await.unwrap();
    let consents = desk.consents();
    let invitation = consents.find(&link.digest()).await.unwrap().unwrap();
    let (state, asked) = invitation.ask(Secret::from_random([1; 32]), Utc::now());
    assert!(consents.ask(&invitation.id, &asked).await.unwrap());
    let digest = state.secret.digest();
    let spends = join_all((0..20).map(|_| consents.spend(&invitation.id, &digest))).await;
    assert_eq!(spends.into_iter().filter(|spent| *spent.as_ref().unwrap()).count(), 1);
    let known = consents.find(&invitation.id).await.unwrap().unwrap();
    assert!(known.asked.unwrap().spent);
    consents.end(&invitation.id).await.unwrap();
    assert!(!consents.ask(&invitation.id, &asked).await.unwrap(), "what is over doesn't come back");
    assert_eq!(consents.find(&invitation.id).await.unwrap(), None);
}
