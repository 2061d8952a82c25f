//! A request and its answer as an HTTP API hands them over, payload format 2.0.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
//!
//! Only what is read: the library's own type brings two crates for what isn't.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// A request. It has no `Debug`, since it may be anybody's.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    /// The path as it was asked for.
    pub raw_path: String,
    /// The query as it was sent, without its question mark.
    #[serde(default)]
    pub raw_query_string: String,
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
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The API's own name, by which it was called.
    #[serde(default)]
    pub domain_name: String,
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
    /// The host that was called, as the gateway says: a client's own header doesn't count.
    pub(crate) fn host(&self) -> &str {
        &self.request_context.domain_name
    }

    pub(crate) fn method(&self) -> &str {
        &self.request_context.http.method
    }

    /// A header's value; one that isn't there is as good as an empty one.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body's bytes. What claims to be base64 and isn't stays as it is, and no signature fits it.
    pub(crate) fn body(&self) -> Cow<'_, [u8]> {
        let text = self.body.as_deref().unwrap_or_default().as_bytes();
        match self.is_base64_encoded.then(|| STANDARD.decode(text)) {
            Some(Ok(bytes)) => Cow::Owned(bytes),
            _ => Cow::Borrowed(text),
        }
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpAnswer {
    /// The status.
    pub status_code: u16,
    /// Headers.
    pub headers: BTreeMap<&'static str, Cow<'static, str>>,
    /// The body.
    pub body: String,
}

/// Without headers and body, which may hold what is meant for one browser.
impl fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpAnswer").field("status_code", &self.status_code).finish_non_exhaustive()
    }
}

/// Headers of every page: it's nobody's to keep, to frame or to load anything into, and where it leads learns of no address.
const PAGE_HEADERS: [(&str, &str); 5] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    // No `form-action`: browsers hold it against where a form leads in the end, which is the accounting system's page.
    ("content-security-policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
];

impl HttpAnswer {
    pub(super) fn json(status_code: u16, body: &serde_json::Value) -> Self {
        let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
        Self { status_code, headers: headers.map(fixed).into(), body: body.to_string() }
    }

    /// A page for people.
    pub(crate) fn page(status_code: u16, html: String) -> Self {
        Self { status_code, headers: PAGE_HEADERS.map(fixed).into(), body: html }
    }

    /// Leads a browser on to `address`, by GET.
    pub(crate) fn see_other(address: String) -> Self {
        let mut headers = BTreeMap::from(PAGE_HEADERS.map(fixed));
        headers.insert("location", Cow::Owned(address));
        Self { status_code: 303, headers, body: String::new() }
    }
}

fn fixed((name, value): (&'static str, &'static str)) -> (&'static str, Cow<'static, str>) {
    (name, Cow::Borrowed(value))
}
