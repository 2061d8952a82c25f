//! HTTP APIs, whose routes are events of functions.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// A route of an HTTP API to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Logical name of the API.
    pub api: String,
    /// In upper case.
    pub method: String,
    /// With a name in braces wherever a segment may be anything.
    pub path: String,
}

/// Throttling, and logs of who came, have no effect on one machine.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(rename = "DefaultRouteSettings")]
    _throttling: Option<Json>,
    #[serde(rename = "AccessLogSettings")]
    _access_log: Option<Json>,
    #[serde(rename = "Tags")]
    _tags: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RouteProperties {
    api_id: String,
    method: String,
    path: String,
}

/// Refuses an API that isn't just its functions' routes.
pub(super) fn check(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<(), TemplateError> {
    resolver.read::<Option<Properties>>(name, properties).map(|_| ())
}

/// A segment of a path without its `%`-escapes.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Route {
    pub(super) fn read(resolver: &Resolver<'_>, at: &str, properties: Json) -> Result<Self, TemplateError> {
        let RouteProperties { api_id, method, path } =
            serde_json::from_value(properties).map_err(|error| TemplateError::property(at, error))?;
        if resolver.kinds.get(api_id.as_str()) != Some(&super::HTTP_API) {
            return Err(TemplateError::property(at, "ApiId must be a reference to an API of this template"));
        }
        if !path.starts_with('/') || path.contains('+') {
            return Err(TemplateError::property(at, "the local cloud knows only paths of whole segments"));
        }
        Ok(Self { api: api_id, method: method.to_uppercase(), path })
    }

    /// `POST /path/{name}`: how API Gateway calls it.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What stands for the names in braces, if the path is this route's.
    pub fn parameters(&self, path: &str) -> Option<Vec<(&str, String)>> {
        let (wanted, found) = (self.path.split('/'), path.split('/'));
        if wanted.clone().count() != found.clone().count() {
            return None;
        }
        let mut parameters = Vec::new();
        for (wanted, found) in wanted.zip(found) {
            match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                // A segment that isn't there is none.
                Some(name) if !found.is_empty() => parameters.push((name, decoded(found))),
                None if wanted == found => {}
                _ => return None,
            }
        }
        Some(parameters)
    }
}
