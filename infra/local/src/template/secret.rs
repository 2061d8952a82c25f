//! Secrets Manager secrets, which are made without a value.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// A value in a template would be none that is secret, so it's refused by name.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(rename = "Description")]
    _description: Option<String>,
    #[serde(rename = "KmsKeyId")]
    _key: Option<String>,
    #[serde(rename = "Tags")]
    _tags: Option<Json>,
}

/// Refuses a secret that isn't just a place for one.
pub(super) fn check(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<(), TemplateError> {
    resolver.read::<Option<Properties>>(name, properties).map(|_| ())
}
