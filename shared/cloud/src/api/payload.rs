//! A request and its answer as an HTTP API hands them over, payload format 2.0.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
//!
//! Only what is read: the library's own type brings two crates for what isn't.

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// A request. It has no `Debug`, since it may be anybody's.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    /// The path as it was asked for.
    pub raw_path: String,
    /// Headers, their names in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// Whether the body is in base64, as whatever isn't text is.
    #[serde(default)]
    pub is_base64_encoded: bool,
    /// Where it came by.
    pub request_context: RequestContext,
}

/// How a request came.
#[derive(Clone, Default, Deserialize)]
pub struct RequestContext {
    /// By HTTP.
    pub http: Http,
}

/// What of HTTP isn't in a header.
#[derive(Clone, Default, Deserialize)]
pub struct Http {
    /// The method, in upper case.
    pub method: String,
}

impl HttpRequest {
    pub(super) fn method(&self) -> &str {
        &self.request_context.http.method
    }

    /// A header's value; one that isn't there is as good as an empty one.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body's bytes. What claims to be base64 and isn't stays as it is, and no signature fits it.
    pub(super) fn body(&self) -> Cow<'_, [u8]> {
        let text = self.body.as_deref().unwrap_or_default().as_bytes();
        match self.is_base64_encoded.then(|| STANDARD.decode(text)) {
            Some(Ok(bytes)) => Cow::Owned(bytes),
            _ => Cow::Borrowed(text),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpAnswer {
    /// The status.
    pub status_code: u16,
    /// Headers.
    pub headers: BTreeMap<&'static str, &'static str>,
    /// The body.
    pub body: String,
}

impl HttpAnswer {
    pub(super) fn json(status_code: u16, body: &serde_json::Value) -> Self {
        let headers = BTreeMap::from([("content-type", "application/json"), ("cache-control", "no-store")]);
        Self { status_code, headers, body: body.to_string() }
    }
}
