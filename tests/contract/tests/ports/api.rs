//! The HTTP API's handler over the stores in memory: who is let in, and what becomes of a signal.

use chrono::{DateTime, TimeDelta, Utc};
use cloud::api::{self, HttpAnswer, HttpRequest};
use contract::ports::{
    sample::{date, kronor, morning},
    signals::dane,
};
use domain::{
    draft::{Fingerprint, FinishedDraft, Sign},
    hold::HoldReason,
    job::{Ending, Job, JobState},
    signal::{CLOCK_TOLERANCE, Request, SignalSecret, sign},
};
use serde_json::{Value, json};
use simulation::{Memory, VirtualClock};
use workflow::{WorkQueue, ports::Journal};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const NONCE: &str = "nonce-0123456789";

/// A request of the integration of company 1, signed, with what a test changes.
#[derive(Clone)]
struct Call {
    tenant: &'static str,
    draft: &'static str,
    key: &'static str,
    secret: &'static str,
    sent_at: DateTime<Utc>,
    nonce: &'static str,
    body: &'static str,
}

fn call() -> Call {
    let (tenant, draft, key, secret) = ("economic-1", "148", "crm", SECRET);
    Call { tenant, draft, key, secret, sent_at: morning(), nonce: NONCE, body: "" }
}

impl Call {
    fn request(&self) -> HttpRequest {
        let path = format!("/tenants/{}/drafts/{}/ready", self.tenant, self.draft);
        let timestamp = self.sent_at.timestamp().to_string();
        let (key, nonce, body) = (self.key, self.nonce, self.body.as_bytes());
        let request = Request { method: "POST", path: &path, key, timestamp: &timestamp, nonce, signature: "", body };
        let signature = sign(&request, &SignalSecret::new(dane(1), self.key, self.secret).unwrap());
        let event = json!({
            "version": "2.0",
            "routeKey": "POST /tenants/{tenant}/drafts/{draft}/ready",
            "rawPath": path,
            "headers": {
                "x-fakturapilot-key": key, "x-fakturapilot-timestamp": timestamp, "x-fakturapilot-nonce": nonce,
                "x-fakturapilot-signature": signature,
            },
            "requestContext": {"http": {"method": "POST", "path": path}, "stage": "$default"},
            "body": (!self.body.is_empty()).then_some(self.body),
            "isBase64Encoded": false,
        });
        serde_json::from_value(event).unwrap()
    }
}

fn memory() -> Memory {
    let memory = Memory::new(VirtualClock::new(morning()));
    memory.signals().put_secret(SignalSecret::new(dane(1), "crm", SECRET).unwrap());
    memory
}

async fn send(memory: &Memory, call: &Call) -> HttpAnswer {
    api::answer(memory, memory.signals(), &call.request()).await
}

fn body(answer: &HttpAnswer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

fn traces(memory: &Memory) -> (usize, Vec<String>) {
    (memory.signals().all().len(), memory.queues().bodies(WorkQueue::Sweep))
}

#[tokio::test]
async fn strangers_all_look_alike_and_leave_nothing() {
    let memory = memory();
    let strangers = [
        Call { tenant: "economic-2", ..call() },
        Call { tenant: "economic-x", ..call() },
        Call { tenant: "fortnox-1", ..call() },
        Call { key: "other", ..call() },
        Call { key: "", ..call() },
        Call { secret: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ..call() },
        Call { secret: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", draft: "x", ..call() },
        Call { sent_at: morning() - CLOCK_TOLERANCE - TimeDelta::seconds(1), ..call() },
        Call { sent_at: morning() + CLOCK_TOLERANCE + TimeDelta::seconds(1), ..call() },
    ];
    let first = send(&memory, &strangers[0]).await;
    assert_eq!((first.status_code, body(&first)), (401, json!({"error": "unauthorized"})));
    for stranger in &strangers {
        assert_eq!(send(&memory, stranger).await, first);
    }
    assert_eq!(traces(&memory), (0, Vec::new()));
}

#[tokio::test]
async fn a_signal_is_answered_with_its_job_and_again_with_the_same() {
    let memory = memory();
    let answer = send(&memory, &call()).await;
    assert_eq!((answer.status_code, body(&answer)), (202, json!({"job": "economic-1:148:1"})));
    let message = r#"{"kind":"sweep_draft.v1","tenant":"economic-1","draft":148}"#;
    assert_eq!(traces(&memory), (1, vec![message.to_owned()]));
    memory.clock().pass(TimeDelta::minutes(4));
    assert_eq!(send(&memory, &call()).await, answer);
    assert_eq!(traces(&memory), (1, vec![message.to_owned(); 2]), "the first message may be lost");
    let other_nonce = Call { nonce: "another-nonce-01", body: r#"{"order":1}"#, ..call() };
    assert_eq!(send(&memory, &other_nonce).await, answer);
    assert_eq!(traces(&memory).0, 1);
}

#[tokio::test]
async fn a_nonce_for_another_draft_is_a_conflict_and_leaves_nothing() {
    let memory = memory();
    send(&memory, &call()).await;
    let before = traces(&memory);
    let answer = send(&memory, &Call { draft: "149", ..call() }).await;
    assert_eq!((answer.status_code, body(&answer)), (409, json!({"error": "nonce_used"})));
    assert_eq!(traces(&memory), before);
}

#[tokio::test]
async fn what_the_integration_got_wrong_it_is_told() {
    let memory = memory();
    for (wrong, field) in [
        (Call { draft: "0148", ..call() }, "draft"),
        (Call { nonce: "short", ..call() }, "nonce"),
        (Call { body: "not json", ..call() }, "body"),
    ] {
        let answer = send(&memory, &wrong).await;
        assert_eq!((answer.status_code, &body(&answer)["field"]), (400, &json!(field)));
    }
    assert_eq!(traces(&memory), (0, Vec::new()));
}

fn job(life: u32, state: JobState) -> Job {
    let print = Fingerprint {
        customer: "10".parse().unwrap(),
        date: date("2026-03-29"),
        net: kronor("100"),
        gross: kronor("125"),
        handle: Some(1),
        content: None,
    };
    let draft = FinishedDraft {
        number: "148".parse().unwrap(),
        print,
        sign: Sign::ReadySignal { at: morning() },
        unheard: None,
    };
    let job = Job::of_draft(dane(1), life, "10".parse().unwrap(), draft, date("2026-03-29"), morning());
    Job { state, ..job }
}

#[tokio::test]
async fn the_job_is_the_first_of_the_number_that_has_not_ended() {
    let done = |ending| JobState::Done { ending, at: morning() };
    let held = JobState::Held { reason: HoldReason::DayLimit { limit: 3 }, since: morning() };
    for (state, expected) in [
        (JobState::Working, "economic-1:148:1"),
        (held, "economic-1:148:1"),
        (done(Ending::NotDue), "economic-1:148:1"),
        (done(Ending::Completed), "economic-1:148:2"),
        (done(Ending::SkippedByPerson), "economic-1:148:2"),
    ] {
        let memory = memory();
        memory.journal().open(&job(1, state.clone()), &[]).await.unwrap();
        assert_eq!(body(&send(&memory, &call()).await), json!({"job": expected}), "{state:?}");
    }
}

/// The request of an earlier draft, recorded and sent again, says nothing of the next draft with its number.
#[tokio::test]
async fn a_recorded_request_says_nothing_of_the_number_s_next_draft() {
    let memory = memory();
    let answer = send(&memory, &call()).await;
    let ended = job(1, JobState::Done { ending: Ending::Completed, at: morning() });
    memory.journal().open(&ended, &[]).await.unwrap();
    workflow::ports::Signals::settle(memory.signals(), &dane(1), "148".parse().unwrap(), &ended.key).await.unwrap();
    assert_eq!(send(&memory, &call()).await, answer);
    assert_eq!(traces(&memory).0, 0);
}
