//! EventBridge rules: the events of mails, and the queues they go to.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// The only source of events that there is here.
const MAILS: &str = "aws.ses";

/// A rule: which events it's about, and where they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What an event must look like.
    pattern: Json,
    /// The logical names of the queues that get it.
    pub queues: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(rename = "Description")]
    _description: Option<String>,
    event_pattern: Json,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Target {
    #[serde(rename = "Id")]
    _id: String,
    arn: String,
}

impl Rule {
    pub(super) fn read(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Self, TemplateError> {
        let Properties { event_pattern: pattern, targets, .. } = resolver.read(name, properties)?;
        if pattern["source"] != serde_json::json!([MAILS]) {
            let reason = format!("the local cloud knows no other source of events than {MAILS}");
            return Err(TemplateError::property(name, reason));
        }
        if let Some(unknown) = unknown_part(&pattern) {
            let reason = format!("the local cloud does not know this part of an event pattern: {unknown}");
            return Err(TemplateError::property(name, reason));
        }
        let queues = targets.iter().map(|target| resolver.queue_of(name, &target.arn)).collect::<Result<_, _>>()?;
        Ok(Self { pattern, queues })
    }

    /// Whether an event is one of those that it's about.
    pub fn matches(&self, event: &Json) -> bool {
        matches(&self.pattern, event)
    }
}

/// Every field that a pattern names must have one of the values it lists; of a field with several values, one of them must (source:
/// EventBridge user guide, event patterns).
fn matches(pattern: &Json, value: &Json) -> bool {
    match (pattern, value) {
        (Json::Object(fields), _) => fields.iter().all(|(name, pattern)| matches(pattern, &value[name])),
        (Json::Array(wanted), Json::Array(values)) => {
            wanted.iter().any(|wanted| values.iter().any(|value| is_wanted(wanted, value)))
        }
        (Json::Array(wanted), value) => wanted.iter().any(|wanted| is_wanted(wanted, value)),
        _ => false,
    }
}

/// A value as it is, or what it begins with.
fn is_wanted(wanted: &Json, value: &Json) -> bool {
    match (wanted["prefix"].as_str(), value.as_str()) {
        (Some(prefix), Some(text)) => text.starts_with(prefix),
        (Some(_), None) => false,
        (None, _) => wanted == value,
    }
}

fn unknown_part(pattern: &Json) -> Option<&Json> {
    match pattern {
        Json::Object(fields) => fields.values().find_map(unknown_part),
        Json::Array(wanted) => wanted.iter().find(|wanted| match wanted {
            Json::Object(operator) => operator.len() != 1 || !wanted["prefix"].is_string(),
            Json::Array(_) => true,
            _ => false,
        }),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_must_have_one_of_the_values_or_begin_with_one() {
        let pattern = json!({"source": ["aws.ses"], "detail": {"set": ["own", {"prefix": "own-"}]}});
        assert_eq!(unknown_part(&pattern), None);
        let event = |set: Json| json!({"source": "aws.ses", "detail": {"set": set, "more": 1}});
        for set in [json!("own"), json!(["own"]), json!(["own-fortnox-1"]), json!(["other", "own-x"])] {
            assert!(matches(&pattern, &event(set.clone())), "{set}");
        }
        for set in [json!("owner"), json!(["other-own-1"]), json!([]), json!(null), json!([null]), json!(["other"])] {
            assert!(!matches(&pattern, &event(set.clone())), "{set}");
        }
        assert!(!matches(&pattern, &json!({"source": "aws.s3", "detail": {"set": "own"}})));
    }

    #[test]
    fn what_it_does_not_know_is_no_pattern() {
        for unknown in [json!({"a": [{"suffix": "x"}]}), json!({"a": "x"}), json!({"a": [{"prefix": "x", "b": 1}]})] {
            assert!(unknown_part(&unknown).is_some(), "{unknown}");
        }
    }
}
