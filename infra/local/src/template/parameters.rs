//! Template parameters: their defaults and what overrides them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml_ng::Value;

use super::TemplateError;

/// A parameter as it is declared. Patterns and descriptions are CloudFormation's and cfn-lint's to check.
#[derive(Deserialize)]
pub(super) struct Parameter {
    #[serde(rename = "Default")]
    default: Option<Value>,
    #[serde(rename = "AllowedValues", default)]
    allowed_values: Vec<Value>,
}

/// The value of every parameter: the override, else the default.
pub(super) fn in_force(
    declared: &BTreeMap<String, Parameter>,
    overrides: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let refuse =
        |name: &str, reason: &str| TemplateError::Parameter { name: name.to_owned(), reason: reason.to_owned() };
    if let Some(name) = overrides.keys().find(|name| !declared.contains_key(*name)) {
        return Err(refuse(name, "the template does not declare it"));
    }
    let mut values = BTreeMap::new();
    for (name, parameter) in declared {
        let value = match (overrides.get(name), &parameter.default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => scalar(default).ok_or_else(|| refuse(name, "its default is no plain value"))?,
            (None, None) => return Err(refuse(name, "it has no default, and no value was given")),
        };
        let allowed = parameter.allowed_values.is_empty()
            || parameter.allowed_values.iter().any(|one| scalar(one).as_deref() == Some(&value));
        if !allowed {
            return Err(refuse(name, "the template does not allow this value"));
        }
        values.insert(name.clone(), value);
    }
    Ok(values)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
