//! Stands before an emulator: lets a function's call through if its role allows it.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::AUTHORIZATION},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde_json::{Value as Json, json};

use super::{Access, calls};

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
}

impl Gate {
    /// Nobody's calls are looked at without `access`.
    pub(crate) fn new(access: Option<Arc<Access>>, service: Service) -> Self {
        Self { access: access.filter(|access| access.is_needed()), service }
    }

    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self.access.is_none()
    }

    /// Puts itself before a router.
    pub(crate) fn before(&self, router: Router) -> Router {
        match &self.access {
            None => router,
            Some(access) => router.layer(middleware::from_fn_with_state((Arc::clone(access), self.service), pass)),
        }
    }
}

async fn pass(State((access, service)): State<(Arc<Access>, Service)>, request: Request, next: Next) -> Response {
    let caller = signer(request.headers()).filter(|caller| access.knows(caller)).map(ToOwned::to_owned);
    // A person's or a test's.
    let Some(caller) = caller else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    // What is no JSON has no call in it, and the service refuses it itself.
    let said: Json = serde_json::from_slice(&body).unwrap_or_default();
    for call in calls::of(service, &access.account, &parts, &said) {
        if let Err(refusal) = access.check(&caller, &call) {
            return denied(&refusal);
        }
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
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
