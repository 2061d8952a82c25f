//! Secrets Manager: `GetSecretValue` alone, which is all that a function may call. The values are in memory: whoever starts the
//! local cloud puts them there.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, StatusCode},
};
use serde_json::{Value as Json, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{EmulatorError, url};
use crate::access::Gate;

/// The call that is answered.
const GET: &str = "secretsmanager.GetSecretValue";

/// The version of each value: there are no others.
const VERSION: &str = "00000000-0000-0000-0000-000000000001";

/// The Secrets Manager emulator.
pub(crate) struct Secrets {
    shared: Arc<Shared>,
    gate: Gate,
    pub(crate) url: String,
}

struct Shared {
    /// ARN by name.
    arns: BTreeMap<String, String>,
    /// Value by ARN.
    values: Mutex<BTreeMap<String, String>>,
}

impl Secrets {
    /// Serves the template's secrets on `listener`. None has a value yet.
    pub(super) fn start(
        listener: TcpListener,
        arns: &BTreeMap<String, String>,
        gate: Gate,
        servers: &mut JoinSet<()>,
    ) -> Result<Self, EmulatorError> {
        let shared = Arc::new(Shared { arns: arns.clone(), values: Mutex::default() });
        let secrets = Self { shared, gate, url: url(&listener)? };
        secrets.serve(listener, servers);
        Ok(secrets)
    }

    /// Serves, also after a stop, with what it had.
    pub(super) fn serve(&self, listener: TcpListener, servers: &mut JoinSet<()>) {
        let router = self.gate.before(Router::new().fallback(answer).with_state(Arc::clone(&self.shared)));
        servers.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
    }

    /// Gives a secret a value, in the place of the last.
    pub(crate) fn put(&self, name: &str, value: &str) -> Result<(), EmulatorError> {
        let arn = self.shared.arns.get(name);
        let arn = arn.ok_or_else(|| EmulatorError::Unknown { kind: "secret", name: name.to_owned() })?;
        let mut values = self.shared.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(arn.clone(), value.to_owned());
        Ok(())
    }
}

impl Shared {
    /// By ARN or by name, as in AWS.
    fn get(&self, id: &str) -> Option<Json> {
        let (name, arn) = self.arns.iter().find(|(name, arn)| *name == id || *arn == id)?;
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.get(arn)?;
        Some(json!({
            "ARN": arn, "Name": name, "SecretString": value, "VersionId": VERSION, "VersionStages": ["AWSCURRENT"],
        }))
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let action = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let request: Json = serde_json::from_slice(&body).unwrap_or_default();
    let id = request["SecretId"].as_str().unwrap_or_default();
    if action != GET {
        return respond(StatusCode::BAD_REQUEST, &json!({"__type": "UnknownOperationException"}));
    }
    let Some(found) = shared.get(id) else {
        let message = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
        let refusal = json!({"__type": "ResourceNotFoundException", "Message": message});
        return respond(StatusCode::BAD_REQUEST, &refusal);
    };
    respond(StatusCode::OK, &found)
}

fn respond(status: StatusCode, body: &Json) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}
