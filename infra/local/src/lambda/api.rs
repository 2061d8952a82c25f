//! The Lambda Runtime API, 2018-06-01: four routes.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    Json as JsonAnswer, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinSet,
};

/// Largest answer of a function: Lambda takes 6 MB.
const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024;

/// One event on its way to the process.
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) event: Bytes,
}

/// What the process says.
pub(super) enum Signal {
    /// It fetched the event.
    Taken,
    /// Its answer to an invocation.
    Answered { request_id: String, answer: Bytes },
    /// Its error on an invocation.
    Failed { request_id: String, kind: String, message: String },
    /// It cannot start.
    InitFailed { kind: String, message: String },
}

/// Serves one process. A new process gets a new server, so a late answer of a dead one reaches nobody.
pub(super) struct Api {
    pub(super) invocations: mpsc::Sender<Invocation>,
    pub(super) signals: mpsc::Receiver<Signal>,
    /// When the process first asked for an event.
    pub(super) first_asked: Arc<OnceLock<Instant>>,
    _server: JoinSet<()>,
}

struct Shared {
    arn: String,
    timeout: Duration,
    invocations: Mutex<mpsc::Receiver<Invocation>>,
    signals: mpsc::Sender<Signal>,
    first_asked: Arc<OnceLock<Instant>>,
}

/// Body of the two error routes.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Report {
    error_type: String,
    error_message: String,
}

impl Api {
    pub(super) fn serve(listener: TcpListener, arn: String, timeout: Duration) -> Self {
        // One invocation at a time; a process has at most two things to say about it.
        let (invocations, next) = mpsc::channel(1);
        let (signals, said) = mpsc::channel(2);
        let first_asked = Arc::new(OnceLock::new());
        let invocations_to_come = Mutex::new(next);
        let shared =
            Shared { arn, timeout, invocations: invocations_to_come, signals, first_asked: Arc::clone(&first_asked) };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_invocation))
            .route("/2018-06-01/runtime/invocation/{request_id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{request_id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .layer(DefaultBodyLimit::max(MAX_ANSWER_BYTES))
            .with_state(Arc::new(shared));
        let mut server = JoinSet::new();
        server.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
        Self { invocations, signals: said, first_asked, _server: server }
    }
}

type Accepted = (StatusCode, JsonAnswer<Json>);

impl Shared {
    /// The receiver lives as long as the server, so nothing is lost but what nobody waits for.
    async fn say(&self, signal: Signal) -> Accepted {
        let _ = self.signals.send(signal).await;
        (StatusCode::ACCEPTED, JsonAnswer(json!({"status": "OK"})))
    }
}

/// Waits, as Lambda does, until there is an event.
async fn next_invocation(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.first_asked.get_or_init(Instant::now);
    let next = shared.invocations.lock().await.recv().await;
    let Some(invocation) = next else {
        return status(StatusCode::GONE);
    };
    let _ = shared.signals.send(Signal::Taken).await;
    let timeout = i64::try_from(shared.timeout.as_millis()).unwrap_or(i64::MAX);
    let deadline = Utc::now().timestamp_millis().saturating_add(timeout);
    Response::builder()
        .header("content-type", "application/json")
        .header("Lambda-Runtime-Aws-Request-Id", &invocation.request_id)
        .header("Lambda-Runtime-Deadline-Ms", deadline)
        .header("Lambda-Runtime-Invoked-Function-Arn", &shared.arn)
        .header("Lambda-Runtime-Trace-Id", trace_id(&invocation.request_id))
        .body(Body::from(invocation.event))
        .unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn response(State(shared): State<Arc<Shared>>, Path(request_id): Path<String>, answer: Bytes) -> Accepted {
    shared.say(Signal::Answered { request_id, answer }).await
}

async fn error(State(shared): State<Arc<Shared>>, Path(request_id): Path<String>, body: Bytes) -> Accepted {
    let report = Report::read(&body);
    shared.say(Signal::Failed { request_id, kind: report.error_type, message: report.error_message }).await
}

async fn init_error(State(shared): State<Arc<Shared>>, body: Bytes) -> Accepted {
    let report = Report::read(&body);
    shared.say(Signal::InitFailed { kind: report.error_type, message: report.error_message }).await
}

impl Report {
    /// A report that cannot be read is still a report.
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An X-Ray header that says "not sampled": there is no X-Ray here.
fn trace_id(request_id: &str) -> String {
    let digits: String = request_id.chars().filter(char::is_ascii_hexdigit).collect();
    let (epoch, unique) = digits.split_at(digits.len().min(8));
    format!("Root=1-{epoch}-{unique};Sampled=0")
}
