//! One API call, taken apart: path segments, query, body.

use serde_json::{Map, Value};
use sim_kit::{Plus, decode, parse_form};

use super::refusal::{Refusal, code};
use sim_kit::{Method, SimRequest};

/// A call below `/3/`.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Decoded, without `3`; a trailing slash leaves nothing behind.
    pub(crate) segments: Vec<String>,
    query: Vec<(String, String)>,
    request: &'a SimRequest,
}

impl<'a> Call<'a> {
    pub(crate) fn parse(request: &'a SimRequest) -> Self {
        let segments = request
            .path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .skip(1)
            .map(|segment| decode(segment, Plus::Kept))
            .collect();
        Self { method: request.method, segments, query: parse_form(&request.query), request }
    }

    /// The decoded segments as slices, for matching.
    pub(crate) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub(crate) fn has_json_content_type(&self) -> bool {
        self.request.header("content-type").is_some_and(|kind| kind.contains("json"))
    }

    /// Refuses what is not JSON on either side. `gives_pdf`: a PDF may be asked for here.
    pub(crate) fn check_types(&self, gives_pdf: bool) -> Result<(), Refusal> {
        if let Some(accept) = self.request.header("accept") {
            let fits =
                accept.contains("json") || accept.contains("*/*") || (gives_pdf && accept.contains("application/pdf"));
            if !fits {
                return Err(Refusal::invalid(code::BAD_ACCEPT, "Ogiltig Accept-rubrik."));
            }
        }
        let has_body = !self.request.body.is_empty();
        if has_body && self.method != Method::Get && !self.has_json_content_type() {
            return Err(Self::bad_content_type());
        }
        Ok(())
    }

    pub(crate) fn bad_content_type() -> Refusal {
        Refusal::invalid(code::BAD_CONTENT_TYPE, "Ogiltig Content-Type.")
    }

    /// The object inside the envelope `{"Contract": {…}}`.
    pub(crate) fn enveloped(&self, key: &str) -> Result<Map<String, Value>, Refusal> {
        self.enveloped_if_any(key)?
            .ok_or_else(|| Refusal::invalid(code::BODY_MISSING, "Anropet saknar innehåll eller har fel innehåll."))
    }

    /// The same where the body may be missing or `{}`.
    pub(crate) fn enveloped_if_any(&self, key: &str) -> Result<Option<Map<String, Value>>, Refusal> {
        if self.request.body.is_empty() {
            return Ok(None);
        }
        let body: Value = serde_json::from_slice(&self.request.body)
            .map_err(|_| Refusal::invalid(code::JSON_SYNTAX, "Felaktig JSON."))?;
        match body {
            Value::Object(mut envelope) => match envelope.remove(key) {
                Some(Value::Object(inner)) => Ok(Some(inner)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }
}
