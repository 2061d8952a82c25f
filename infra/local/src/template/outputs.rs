//! The stack's outputs, which tools outside of it go by.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// An output as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    #[serde(rename = "Value")]
    value: Value,
    #[serde(rename = "Description")]
    _description: Option<String>,
}

/// The outputs' values.
pub(super) fn read(
    resolver: &Resolver<'_>,
    outputs: &BTreeMap<String, Output>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let value = |(name, output): (&String, &Output)| match resolver.json(name, &output.value)? {
        Json::String(text) => Ok((name.clone(), text)),
        _ => Err(TemplateError::property(name, "an output is a text")),
    };
    outputs.iter().map(value).collect()
}
