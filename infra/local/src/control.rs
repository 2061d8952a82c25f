//! A small HTTP API over a running local cloud, for curl and scripts. Loopback only.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /` | these calls, endpoints, names and the time |
//! | `GET /clock`, `PUT /clock` with `{"now": "2026-02-01T06:00:00Z"}` | tells the time; moves it and fires what was due |
//! | `POST /schedules/{name}/fire` | fires a schedule |
//! | `POST /functions/{name}/invoke` with an event | invokes a function |
//! | `PUT /secrets/{name}` with a text | gives a secret of the template a value, until this ends |
//! | `GET /idle` | answers once nothing is going on |
//! | `GET /mails` | the mails sent, and where their files are |
//! | `GET /dead-letters/{queue}` | bodies of the messages given up |

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    Json as JsonBody, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::{Firing, InvokeError, LocalCloud};

type Answer = Result<JsonBody<Json>, (StatusCode, JsonBody<Json>)>;

/// What can be asked, as the overview tells a person.
const CALLS: [&str; 8] = [
    "GET /clock",
    "PUT /clock {\"now\":\"2026-02-01T06:00:00Z\"}: moves it and fires the schedules that were due",
    "POST /schedules/{name}/fire",
    "POST /functions/{name}/invoke with an event as JSON (Content-Type: application/json)",
    "PUT /secrets/{name} with its value: until this ends",
    "GET /idle: answers once nothing is going on",
    "GET /mails",
    "GET /dead-letters/{queue}",
];

/// Binds the port of the control API; 0 is any free one.
pub async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves the control API until it is dropped.
pub async fn serve(listener: TcpListener, cloud: Arc<LocalCloud>) -> std::io::Result<()> {
    let router = Router::new()
        .route("/", get(overview))
        .route("/clock", get(clock).put(move_clock))
        .route("/schedules/{name}/fire", post(fire))
        .route("/functions/{name}/invoke", post(invoke))
        .route("/secrets/{name}", put(put_secret))
        .route("/idle", get(idle))
        .route("/mails", get(mails))
        .route("/dead-letters/{queue}", get(dead_letters))
        .with_state(cloud);
    axum::serve(listener, router).await
}

/// The calls, endpoints, names and the time: what a person or a script needs to go on.
pub fn describe(cloud: &LocalCloud) -> Json {
    let schedules: Vec<&String> = cloud.functions().values().flat_map(|function| function.schedules.keys()).collect();
    json!({
        "calls": CALLS,
        "api": cloud.api_url(),
        "dynamodb": cloud.dynamodb_url(),
        "sqs": cloud.sqs_url(),
        "ses": cloud.ses_url(),
        "secrets": cloud.secrets_url(),
        "region": cloud.region(),
        "now": cloud.clock().now(),
        "state": cloud.state(),
        "tables": cloud.tables().keys().collect::<Vec<_>>(),
        "queues": cloud.queues().keys().collect::<Vec<_>>(),
        "functions": cloud.functions().keys().collect::<Vec<_>>(),
        "schedules": schedules,
    })
}

async fn overview(State(cloud): State<Arc<LocalCloud>>) -> JsonBody<Json> {
    JsonBody(describe(&cloud))
}

async fn clock(State(cloud): State<Arc<LocalCloud>>) -> JsonBody<Json> {
    JsonBody(json!({"now": cloud.clock().now()}))
}

#[derive(Deserialize)]
struct Instant {
    now: DateTime<Utc>,
}

async fn move_clock(State(cloud): State<Arc<LocalCloud>>, JsonBody(wanted): JsonBody<Instant>) -> Answer {
    let firings =
        cloud.advance_to(wanted.now).await.map_err(|error| failed(StatusCode::INTERNAL_SERVER_ERROR, &error))?;
    Ok(JsonBody(json!({
        "now": cloud.clock().now(),
        "fired": firings.iter().map(fired).collect::<Vec<_>>(),
    })))
}

async fn fire(State(cloud): State<Arc<LocalCloud>>, Path(name): Path<String>) -> Answer {
    let firing = cloud.fire(&name).await.map_err(|error| failed(StatusCode::NOT_FOUND, &error))?;
    Ok(JsonBody(fired(&firing)))
}

async fn invoke(
    State(cloud): State<Arc<LocalCloud>>,
    Path(name): Path<String>,
    JsonBody(event): JsonBody<Json>,
) -> Answer {
    cloud.invoke(&name, &event).await.map(JsonBody).map_err(|error| match &error {
        InvokeError::Unknown(_) => failed(StatusCode::NOT_FOUND, &error),
        _ => failed(StatusCode::BAD_GATEWAY, &error),
    })
}

async fn idle(State(cloud): State<Arc<LocalCloud>>) -> Answer {
    cloud.idle().await.map_err(|error| failed(StatusCode::INTERNAL_SERVER_ERROR, &error))?;
    Ok(JsonBody(json!({"idle": true})))
}

async fn mails(State(cloud): State<Arc<LocalCloud>>) -> JsonBody<Json> {
    let mails = cloud.mails();
    let list: Vec<Json> = mails
        .iter()
        .map(|mail| {
            json!({
                "message_id": mail.message_id,
                "source": mail.source,
                "destinations": mail.destinations,
                "configuration_set": mail.configuration_set,
                "tags": mail.tags,
                "bytes": mail.raw.len(),
                "file": mail.file,
            })
        })
        .collect();
    JsonBody(Json::Array(list))
}

async fn put_secret(State(cloud): State<Arc<LocalCloud>>, Path(name): Path<String>, value: String) -> Answer {
    cloud.put_secret(&name, &value).map_err(|error| failed(StatusCode::NOT_FOUND, &error))?;
    Ok(JsonBody(json!({"secret": name})))
}

async fn dead_letters(State(cloud): State<Arc<LocalCloud>>, Path(queue): Path<String>) -> Answer {
    let bodies = cloud.dead_letters(&queue).await.map_err(|error| failed(StatusCode::NOT_FOUND, &error))?;
    Ok(JsonBody(json!(bodies)))
}

fn fired(firing: &Firing) -> Json {
    match &firing.outcome {
        Ok(answer) => json!({"schedule": firing.schedule, "tries": firing.tries, "answer": answer}),
        Err(error) => json!({"schedule": firing.schedule, "tries": firing.tries, "error": error.to_string()}),
    }
}

fn failed(status: StatusCode, error: &dyn std::error::Error) -> (StatusCode, JsonBody<Json>) {
    (status, JsonBody(json!({"error": error.to_string()})))
}
