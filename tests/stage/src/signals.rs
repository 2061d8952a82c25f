//! An integration that says which drafts are finished.

use std::{path::Path, sync::PoisonError};

use chrono::{DateTime, Utc};
use domain::{
    ids::TenantId,
    signal::{Request, SignalSecret, sign},
};
use judge::Said;
use serde_json::json;

use crate::{Stage, StageError};

/// Where what was said is kept for a later run.
const SNAPSHOT: &str = "signals.json";
const ACCEPTED: u16 = 202;

/// What was said in the run that this one goes on from.
pub(crate) fn of_earlier_run(state: &Path, keep: bool) -> Result<Vec<Said>, StageError> {
    let snapshot = state.join(SNAPSHOT);
    if !keep || !snapshot.exists() {
        return Ok(Vec::new());
    }
    Ok(serde_json::from_slice(&std::fs::read(snapshot)?)?)
}

/// A ready signal as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Signal {
    /// `/tenants/<tenant>/drafts/<draft>/ready`.
    pub path: String,
    /// The secret's id.
    pub key: String,
    /// Seconds since 1970.
    pub timestamp: String,
    /// What makes it one of a kind.
    pub nonce: String,
    /// Over all of that.
    pub signature: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers but for the date, by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Signal {
    /// One about `draft`, signed with `secret`, that was sent at `timestamp`.
    pub fn new(tenant: &TenantId, draft: &str, secret: &SignalSecret, timestamp: i64, nonce: &str) -> Self {
        let (path, timestamp) = (format!("/tenants/{tenant}/drafts/{draft}/ready"), timestamp.to_string());
        let request = Request {
            method: "POST",
            path: &path,
            key: secret.id(),
            timestamp: &timestamp,
            nonce,
            ..Request::default()
        };
        let signature = sign(&request, secret);
        Self { path, timestamp, signature, key: secret.id().to_owned(), nonce: nonce.to_owned() }
    }

    /// What it says, if that's about a draft.
    fn said(&self, at: DateTime<Utc>) -> Option<Said> {
        let mut parts = self.path.trim_start_matches("/tenants/").split('/');
        let tenant = parts.next()?.parse().ok()?;
        let draft = parts.nth(1)?.parse().ok()?;
        Some(Said { tenant, draft, at, taken: false })
    }
}

impl Stage {
    /// Address of the HTTP API.
    pub fn api_url(&self) -> &str {
        self.cloud.api_url()
    }

    /// Gives a tenant's integration a secret, beside those it has.
    pub fn give_secret(&self, tenant: &TenantId, id: &str, text: &str) -> Result<SignalSecret, StageError> {
        let item = json!({"tenant": tenant.to_string(), "secret_id": id, "secret": text});
        self.cloud.put_item("SignalSecretsTable", &item)?;
        Ok(SignalSecret::new(tenant.clone(), id, text)?)
    }

    /// Says that a draft is finished: signed now, with a nonce of its own.
    pub async fn signal(
        &self,
        tenant: &TenantId,
        draft: &str,
        secret: &SignalSecret,
    ) -> Result<SignalAnswer, StageError> {
        let now = self.cloud.clock().now();
        let nonce = format!("stage-{draft}-{:016}", now.timestamp_micros());
        self.post(&Signal::new(tenant, draft, secret, now.timestamp(), &nonce)).await
    }

    /// All that was said in an integration's name.
    pub(crate) fn said(&self) -> Vec<Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn save_signals(&self) -> Result<(), StageError> {
        Ok(std::fs::write(self.state.join(SNAPSHOT), serde_json::to_vec(&self.said())?)?)
    }

    /// Sends a signal as it stands. What is signed rightly counts as said, whether or not its answer comes.
    pub async fn post(&self, signal: &Signal) -> Result<SignalAnswer, StageError> {
        let at = self.cloud.clock().now();
        let answer = self.send_signal(signal).await;
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        if let Some(said) = signal.said(at).filter(|_| answer.is_err() || status == ACCEPTED) {
            let said = Said { taken: status == ACCEPTED, ..said };
            self.said.lock().unwrap_or_else(PoisonError::into_inner).push(said);
        }
        answer
    }

    async fn send_signal(&self, signal: &Signal) -> Result<SignalAnswer, StageError> {
        let answer = reqwest::Client::new()
            .post(format!("{}{}", self.api_url(), signal.path))
            .header("X-Fakturapilot-Key", &signal.key)
            .header("X-Fakturapilot-Timestamp", &signal.timestamp)
            .header("X-Fakturapilot-Nonce", &signal.nonce)
            .header("X-Fakturapilot-Signature", &signal.signature)
            .send()
            .await?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
        let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
        Ok(SignalAnswer { status, headers: headers.collect(), body: answer.text().await? })
    }
}
