//! An integration's word that a draft is finished is taken once, and a stranger's never.

use chrono::TimeDelta;
use domain::{
    ids::{SystemKind, TenantId},
    signal::{CLOCK_TOLERANCE, SignalSecret},
};
use serde_json::{Value, json};
use stage::{Signal, SignalAnswer};

use crate::{company::company, scene::Scene};

const SECRET: &str = "e2e-hemlig-0123456789abcdef012345";
const NONCE: &str = "nonce-0123456789";

fn dane(number: u64) -> TenantId {
    TenantId::new(SystemKind::Economic, number)
}

/// The signals in the journal table, without their nonces.
fn kept(scene: &Scene) -> Vec<Value> {
    let items = scene.stage.cloud.scan_table("JournalTable").unwrap().into_iter();
    items.filter(|item| item["sk"].as_str().is_some_and(|sk| sk.starts_with("draft#"))).collect()
}

/// Everything about signals in the journal table.
fn traces(scene: &Scene) -> usize {
    let items = scene.stage.cloud.scan_table("JournalTable").unwrap().into_iter();
    items.filter(|item| item["pk"].as_str().is_some_and(|pk| pk.starts_with("signals#"))).count()
}

fn body(answer: &SignalAnswer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_get_one_answer_and_leave_nothing_and_an_integration_is_heard_once() {
    let scene = Scene::open("signals", vec![company(9301, 1)]).await;
    let stage = &scene.stage;
    let secret = stage.give_secret(&dane(1), "crm", SECRET).unwrap();
    let other = SignalSecret::new(dane(1), "crm", "x".repeat(32)).unwrap();
    let unknown = SignalSecret::new(dane(1), "unknown", SECRET).unwrap();
    let now = stage.cloud.clock().now().timestamp();
    let signal = |tenant: u64, secret: &SignalSecret, at: i64| Signal::new(&dane(tenant), "148", secret, at, NONCE);
    // The test itself takes some of the tolerance.
    let far = (CLOCK_TOLERANCE + TimeDelta::minutes(3)).num_seconds();
    let strangers = [
        ("an unknown tenant", signal(2, &secret, now)),
        ("an unknown key", signal(1, &unknown, now)),
        ("a wrong signature", signal(1, &other, now)),
        ("a stale timestamp", signal(1, &secret, now - far)),
        ("a timestamp to come", signal(1, &secret, now + far)),
        ("no signature", Signal { signature: String::new(), ..signal(1, &secret, now) }),
    ];
    let first = stage.post(&strangers[0].1).await.unwrap();
    assert_eq!((first.status, body(&first)), (401, json!({"error": "unauthorized"})));
    for (who, signal) in &strangers {
        assert_eq!(stage.post(signal).await.unwrap(), first, "{who} is told apart");
    }
    assert_eq!(traces(&scene), 0);
    assert_eq!(stage.dead_letters().await.unwrap(), [].into());

    let valid = signal(1, &secret, now);
    let answer = stage.post(&valid).await.unwrap();
    assert_eq!((answer.status, body(&answer)), (202, json!({"job": "economic-1:148:1"})));
    let [one] = &kept(&scene)[..] else { panic!("one signal: {:?}", kept(&scene)) };
    assert_eq!(
        (&one["pk"], &one["sk"], &one["job"]),
        (&json!("signals#economic-1"), &json!("draft#148"), &json!("economic-1:148:1"))
    );
    let before = kept(&scene);
    assert_eq!(stage.post(&valid).await.unwrap(), answer, "repeated, it's answered the same");
    let replay = Signal::new(&dane(1), "149", &secret, now, NONCE);
    let conflict = stage.post(&replay).await.unwrap();
    assert_eq!((conflict.status, body(&conflict)), (409, json!({"error": "nonce_used"})));
    let malformed = stage.signal(&dane(1), "0148", &secret).await.unwrap();
    assert_eq!((malformed.status, &body(&malformed)["field"]), (400, &json!("draft")));
    assert_eq!(kept(&scene), before);

    // Another secret takes over without a gap.
    let next = stage.give_secret(&dane(1), "crm-2", &SECRET.replace('e', "f")).unwrap();
    assert_eq!(stage.signal(&dane(1), "150", &next).await.unwrap().status, 202);
    assert_eq!(stage.signal(&dane(1), "151", &secret).await.unwrap().status, 202);

    stage.settle().await.unwrap();
    let logs = stage.state().join("logs");
    let evidence = scene.evidence();
    let told = [SECRET, NONCE, &valid.signature, "x-fakturapilot"];
    assert_eq!(evidence.secrets_in_logs(&logs, &told).unwrap(), [""; 0]);
    assert_ne!(evidence.secrets_in_logs(&logs, &["a draft is ready"]).unwrap(), [""; 0]);
}
