//! The HTTP API: one route, `POST /tenants/{tenant}/drafts/{draft}/ready`.
//!
//! Nothing that a stranger sends gets into a log, and all strangers get the same answer.

mod payload;

use domain::signal::{Refused, Request, verify};
use serde_json::json;
use workflow::{
    ports::{Clock, PortError, Ports, SignalSecrets},
    ready::{self, AcceptError},
};

pub use self::payload::{HttpAnswer, HttpRequest};

/// Answers a request. What goes wrong on our side is an answer, too: come again.
pub async fn answer<P: Ports, S: SignalSecrets>(ports: &P, secrets: &S, request: &HttpRequest) -> HttpAnswer {
    // Boxed, or the future is nested deeper than the compiler follows.
    match Box::pin(ready_signal(ports, secrets, request)).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(error = error.for_logs(), "a ready signal could not be taken");
            HttpAnswer::json(503, &json!({"error": "unavailable"}))
        }
    }
}

async fn ready_signal<P: Ports, S: SignalSecrets>(
    ports: &P,
    secrets: &S,
    request: &HttpRequest,
) -> Result<HttpAnswer, PortError> {
    let body = request.body();
    let signed = Request {
        method: request.method(),
        path: &request.raw_path,
        key: request.header("x-fakturapilot-key"),
        timestamp: request.header("x-fakturapilot-timestamp"),
        nonce: request.header("x-fakturapilot-nonce"),
        signature: request.header("x-fakturapilot-signature"),
        body: &body,
    };
    let known = match signed.tenant() {
        Some(tenant) => secrets.secrets(&tenant).await?,
        None => Vec::new(),
    };
    let signal = match verify(&signed, &known, ports.clock().now()) {
        Ok(signal) => signal,
        Err(Refused::Stranger(why)) => {
            tracing::warn!(reason = ?why, "a request was not signed by whom it is from");
            return Ok(HttpAnswer::json(401, &json!({"error": "unauthorized"})));
        }
        Err(Refused::Malformed { field, must }) => {
            return Ok(HttpAnswer::json(400, &json!({"error": "malformed", "field": field, "problem": must})));
        }
    };
    match ready::accept(ports, signal).await {
        Ok(job) => {
            tracing::info!(job = %job, "a draft is ready");
            Ok(HttpAnswer::json(202, &json!({"job": job})))
        }
        Err(AcceptError::NonceUsed) => Ok(HttpAnswer::json(409, &json!({"error": "nonce_used"}))),
        Err(AcceptError::Port(error)) => Err(error),
    }
}
