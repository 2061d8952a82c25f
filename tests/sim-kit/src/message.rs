//! What goes into the world and what comes out of it, free of any HTTP library.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The HTTP methods that accounting systems know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read; at some systems also "send this invoice".
    Get,
    /// Create.
    Post,
    /// Change, or do something to a document.
    Put,
    /// Remove.
    Delete,
    /// Anything else: answered with an error.
    Other,
}

impl Method {
    /// The method with this name, upper case as HTTP writes it.
    pub fn named(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Other => "OTHER",
        })
    }
}

/// One request as it arrives.
#[derive(Clone)]
pub struct SimRequest {
    /// The method.
    pub method: Method,
    /// The path as sent, still percent-encoded: `/3/contracts/7`.
    pub path: String,
    /// The query without its question mark, still encoded; empty when there is none.
    pub query: String,
    /// Headers in order. Names are compared without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body, empty when there is none.
    pub body: Vec<u8>,
}

/// Headers and body are left out: they carry tokens and addresses.
impl fmt::Debug for SimRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl SimRequest {
    /// A request without headers or body.
    pub fn new(method: Method, path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Self { method, path: path.to_owned(), query: query.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with a JSON body and its content type.
    #[must_use]
    pub fn with_json(self, body: &serde_json::Value) -> Self {
        let mut request = self.with_header("Content-Type", "application/json");
        request.body = body.to_string().into_bytes();
        request
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What the transport does with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Send it.
    Answer,
    /// Send it after this many milliseconds.
    DelayThenAnswer(u64),
    /// Cut the connection without a byte.
    DropConnection,
    /// Say nothing until the client gives up.
    HoldUntilClientGivesUp,
}

/// One answer. Unless `delivery` is an answering one, nobody ever sees status, headers and body.
#[derive(Clone)]
pub struct SimResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What the transport does with it.
    pub delivery: Delivery,
}

/// The body is left out: on the token endpoint it holds tokens.
impl fmt::Debug for SimResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimResponse")
            .field("status", &self.status)
            .field("delivery", &self.delivery)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl SimResponse {
    /// An answer with this status, content type and body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
            delivery: Delivery::Answer,
        }
    }

    /// An answer in JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// The body as JSON, or null when it is none (a PDF, an empty 429).
    pub fn json_body(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
