//! The world over HTTP: turns requests and answers into each other and carries out how an answer is delivered.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method as HttpMethod, StatusCode, Uri};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::clock::{ClockNotOurs, SimulatedTime};
use crate::cut::Scissors;
use crate::message::{Delivery, Method, SimRequest, SimResponse};
use crate::world::{SnapshotError, World};

/// What every handler shares.
pub(crate) struct Shell<W> {
    state: Arc<Mutex<Shared<W>>>,
    /// Waited before every answer: a network that takes its time.
    latency: Duration,
    /// Becomes true when the simulator stops.
    stopped: watch::Receiver<bool>,
}

/// By hand, since a world need not be cloned for it.
impl<W> Clone for Shell<W> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), latency: self.latency, stopped: self.stopped.clone() }
    }
}

struct Shared<W> {
    world: W,
    time: SimulatedTime,
}

/// `PUT /_sim/clock`: one of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum ClockChange {
    Now { now: DateTime<Utc> },
    Offset { offset_ms: i64 },
}

impl<W: World> Shell<W> {
    pub(crate) fn new(world: W, time: SimulatedTime, latency: Duration, stopped: watch::Receiver<bool>) -> Self {
        Self { state: Arc::new(Mutex::new(Shared { world, time })), latency, stopped }
    }

    pub(crate) fn router(self) -> Router {
        Router::new().fallback(answer::<W>).with_state(self)
    }

    /// Uses the world. A panic of an earlier user leaves it as it was then: still good enough to read a ledger.
    pub(crate) fn with_world<R>(&self, use_it: impl FnOnce(&mut W) -> R) -> R {
        use_it(&mut self.lock().world)
    }

    /// The world's snapshot, and simulated time minus system time.
    pub(crate) fn snapshot(&self) -> (Value, TimeDelta) {
        let shared = self.lock();
        (shared.world.snapshot(), shared.time.offset())
    }

    /// Makes the world anew from its own snapshot.
    pub(crate) fn restore_from_snapshot(&self) -> Result<(), SnapshotError> {
        let mut shared = self.lock();
        shared.world = W::restore(shared.world.snapshot())?;
        Ok(())
    }

    /// Simulated time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.lock().time.now()
    }

    /// Sets simulated time; it goes on running from there.
    pub(crate) fn set_now(&self, now: DateTime<Utc>) -> Result<(), ClockNotOurs> {
        self.lock().time.set_now(now)
    }

    fn lock(&self) -> MutexGuard<'_, Shared<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, request: &SimRequest) -> SimResponse {
        if request.path.trim_end_matches('/') == "/_sim/clock" {
            return self.clock(request);
        }
        let mut shared = self.lock();
        let now = shared.time.now();
        shared.world.handle(now, request)
    }

    fn clock(&self, request: &SimRequest) -> SimResponse {
        let refused = |status, error: &dyn Error| SimResponse::json(status, &json!({"error": error.to_string()}));
        let mut shared = self.lock();
        if request.method == Method::Put {
            let change = match serde_json::from_slice(&request.body) {
                Ok(change) => change,
                Err(error) => return refused(400, &error),
            };
            let changed = match change {
                ClockChange::Now { now } => shared.time.set_now(now),
                ClockChange::Offset { offset_ms } => shared.time.set_offset(TimeDelta::milliseconds(offset_ms)),
            };
            if let Err(error) = changed {
                return refused(409, &error);
            }
        }
        let body = json!({
            "now": shared.time.now(),
            "offset_ms": shared.time.offset().num_milliseconds(),
        });
        SimResponse::json(200, &body)
    }

    async fn until_stopped(&self) {
        // An error means that the simulator is gone, which is also a stop.
        self.stopped.clone().wait_for(|stopped| *stopped).await.ok();
    }
}

async fn answer<W: World>(
    State(shell): State<Shell<W>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    method: HttpMethod,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let response = shell.handle(&to_request(&method, &uri, &headers, &body));
    let wait = match response.delivery {
        Delivery::Answer => shell.latency,
        Delivery::DelayThenAnswer(ms) => shell.latency.saturating_add(Duration::from_millis(ms)),
        Delivery::DropConnection => scissors.cut().await,
        Delivery::HoldUntilClientGivesUp => {
            // The library drops this future when the client closes its end.
            shell.until_stopped().await;
            scissors.cut().await
        }
    };
    if !wait.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shell.until_stopped() => scissors.cut().await,
        }
    }
    to_response(response)
}

fn to_request(method: &HttpMethod, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> SimRequest {
    SimRequest {
        method: Method::named(method.as_str()),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect(),
        body: body.to_vec(),
    }
}

fn to_response(response: SimResponse) -> Response {
    let mut builder = Response::builder().status(response.status);
    for (name, value) in response.headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(response.body)).unwrap_or_else(|_| unsendable())
}

/// An injected fault can ask for a status or content type that HTTP cannot carry.
fn unsendable() -> Response {
    let mut response = Response::new(Body::from("the injected answer is no valid HTTP"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
