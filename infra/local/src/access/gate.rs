//! Stands before an emulator: lets a function's call through if its role allows it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{AUTHORIZATION, CONTENT_LENGTH},
        request::Parts,
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Access, calls};
use crate::tally::{self, CallKind, Tally};

/// Largest body of a request: a mail's, which base64 makes larger by a third.
const MAX_BODY_BYTES: usize = 60 * 1024 * 1024;

/// What stands behind a gate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    DynamoDb,
    Sqs,
    Ses,
    Secrets,
}

/// A gate before a service.
#[derive(Clone)]
pub(crate) struct Gate {
    access: Option<Arc<Access>>,
    service: Service,
    tally: Tally,
}

impl Gate {
    /// Nobody's calls are looked at without `access`.
    pub(crate) fn new(access: Option<Arc<Access>>, service: Service, tally: Tally) -> Self {
        Self { access: access.filter(|access| access.is_needed()), service, tally }
    }

    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self.access.is_none()
    }

    /// Puts itself before a router.
    pub(crate) fn before(&self, router: Router) -> Router {
        match &self.access {
            None => router,
            Some(access) => {
                let state = (Arc::clone(access), self.service, self.tally.clone());
                router.layer(middleware::from_fn_with_state(state, pass))
            }
        }
    }
}

type Guard = (Arc<Access>, Service, Tally);

async fn pass(State((access, service, tally)): State<Guard>, request: Request, next: Next) -> Response {
    let caller = signer(request.headers()).filter(|caller| access.knows(caller)).map(ToOwned::to_owned);
    // A person's or a test's.
    let Some(caller) = caller else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    // What is no JSON has no call in it, and the service refuses it itself.
    let said: Json = serde_json::from_slice(&body).unwrap_or_default();
    let asked = calls::of(service, &access.account, &parts, &said);
    for call in &asked {
        if let Err(refusal) = access.check(&caller, call) {
            return denied(&refusal);
        }
    }
    if !tally.is_kept() {
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    }
    // What has no word of its own is called what IAM calls it.
    let operation = calls::operation(&parts).map(ToOwned::to_owned).or_else(|| Some(asked.first()?.action.to_owned()));
    let kind = CallKind { function: caller, operation: operation.unwrap_or_default(), on: tally::subject(&said) };
    counted(&tally, kind, service, (parts, body, said), next).await
}

/// Counts a call, with what DynamoDB charges for it.
async fn counted(
    tally: &Tally,
    kind: CallKind,
    service: Service,
    (mut parts, body, mut said): (Parts, Bytes, Json),
    next: Next,
) -> Response {
    if !matches!(service, Service::DynamoDb) {
        tally.call(kind, Decimal::ZERO);
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    }
    tally::ask_for_units(&mut said);
    parts.headers.remove(CONTENT_LENGTH);
    let (parts, body) = next.run(Request::from_parts(parts, Body::from(said.to_string()))).await.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
    let units = if parts.status.is_success() { tally::units(&answer) } else { tally::units_of_refusal(&said, &answer) };
    tally.call(kind, units);
    Response::from_parts(parts, Body::from(body))
}

/// Whose key a request is signed with: `AWS4-HMAC-SHA256 Credential=ID/20260101/eu-north-1/sqs/aws4_request, …`.
fn signer(headers: &HeaderMap) -> Option<&str> {
    let credential = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once("Credential=")?.1;
    credential.split('/').next()
}

/// The refusal as both of AWS's JSON protocols read it.
fn denied(words: &str) -> Response {
    const KIND: &str = "AccessDeniedException";
    let kind = [(HeaderName::from_static("x-amzn-errortype"), HeaderValue::from_static(KIND))];
    let body = json!({"__type": KIND, "message": words}).to_string();
    (StatusCode::BAD_REQUEST, kind, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_the_functions_whose_key_it_is_signed_with() {
        let mut headers = HeaderMap::new();
        assert_eq!(signer(&headers), None);
        let signature =
            "AWS4-HMAC-SHA256 Credential=ScanFunction/20260101/eu-north-1/sqs/aws4_request, SignedHeaders=host";
        headers.insert(AUTHORIZATION, HeaderValue::from_static(signature));
        assert_eq!(signer(&headers), Some("ScanFunction"));
    }
}
