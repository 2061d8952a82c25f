//! `Idempotency-Key`: an answer is kept for an hour, and given again to the same request.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sim_kit::{Method, SimRequest, SimResponse};

use super::refusal::Refusal;

/// Documented, and seen in production: refused after 54 minutes, carried out again after 141.
const LIFE: TimeDelta = TimeDelta::seconds(3600);

/// The keys of one agreement.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Keys {
    kept: BTreeMap<String, Kept>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    at: DateTime<Utc>,
    method: Method,
    url: String,
    body: Vec<u8>,
    status: u16,
    headers: Vec<(String, String)>,
    answer: Vec<u8>,
}

/// The key of a request that can have one.
pub(crate) fn key(request: &SimRequest) -> Option<&str> {
    request.header("idempotency-key").filter(|_| request.method != Method::Get)
}

fn url(request: &SimRequest) -> String {
    format!("{}?{}", request.path, request.query)
}

impl Keys {
    /// The kept answer, or a refusal of a key that was used for something else. Nothing when the key is new or expired.
    pub(crate) fn replay(&self, now: DateTime<Utc>, request: &SimRequest) -> Option<Result<SimResponse, Refusal>> {
        let kept = self.kept.get(key(request)?).filter(|kept| now - kept.at < LIFE)?;
        let misuse = |word: &str| Some(Err(Refusal::new(400, None, format!("{word}: the idempotency key is in use."))));
        if kept.url != url(request) || kept.method != request.method {
            return misuse("URLChanged");
        }
        if kept.body != request.body {
            return misuse("PayloadChanged");
        }
        let mut answer = SimResponse::new(kept.status, "", kept.answer.clone());
        answer.headers.clone_from(&kept.headers);
        answer.headers.push(("X-ResultFromCache".to_owned(), "true".to_owned()));
        Some(Ok(answer))
    }

    pub(crate) fn keep(&mut self, now: DateTime<Utc>, request: &SimRequest, answer: &SimResponse) {
        let Some(key) = key(request) else {
            return;
        };
        let kept = Kept {
            at: now,
            method: request.method,
            url: url(request),
            body: request.body.clone(),
            status: answer.status,
            headers: answer.headers.clone(),
            answer: answer.body.clone(),
        };
        self.kept.insert(key.to_owned(), kept);
    }
}
