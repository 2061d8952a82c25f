//! One API call, taken apart.

use serde_json::{Map, Value};
use sim_kit::{Method, Plus, SimRequest, decode, parse_form};

use super::refusal::{Refusal, code};

/// A call on either surface.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) segments: Vec<String>,
    query: Vec<(String, String)>,
    /// What links begin with: where the client found us.
    pub(crate) base: String,
    pub(crate) raw_path: &'a str,
    request: &'a SimRequest,
}

impl<'a> Call<'a> {
    pub(crate) fn parse(request: &'a SimRequest) -> Self {
        let segments = request.path.split('/').filter(|part| !part.is_empty());
        let base = match request.header("host") {
            Some(host) => format!("http://{host}"),
            None => "https://restapi.e-conomic.com".to_owned(),
        };
        Self {
            method: request.method,
            segments: segments.map(|part| decode(part, Plus::Kept)).collect(),
            query: parse_form(&request.query),
            base,
            raw_path: &request.path,
            request,
        }
    }

    pub(crate) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `name=value` as sent.
    pub(crate) fn raw_parameter(&self, name: &str) -> Option<&str> {
        self.request.query.split('&').find(|pair| pair.split('=').next() == Some(name))
    }

    pub(crate) fn accepts_only_pdf(&self) -> bool {
        self.request.header("accept").is_some_and(|accept| accept.trim().eq_ignore_ascii_case("application/pdf"))
    }

    pub(crate) fn body(&self) -> Result<Map<String, Value>, Refusal> {
        if !self.request.header("content-type").is_some_and(|kind| kind.contains("json")) {
            return Err(Refusal::new(415, None, "Unsupported media type."));
        }
        serde_json::from_slice(&self.request.body)
            .map_err(|_| Refusal::new(400, Some(code::TYPE), "The body is no JSON object."))
    }
}
