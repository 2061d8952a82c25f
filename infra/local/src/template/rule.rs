//! EventBridge rules: the events of mails, and the queues they go to.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// The only source of events that there is here.
const MAILS: &str = "aws.ses";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(rename = "Description")]
    _description: Option<String>,
    event_pattern: Pattern,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    source: Vec<String>,
    /// Which of them. All that the mail service tells here is of this stack, and of the kinds that are asked for.
    #[serde(rename = "detail")]
    _detail: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Target {
    #[serde(rename = "Id")]
    _id: String,
    arn: String,
}

/// The logical names of the queues that a rule's events go to.
pub(super) fn queues_of(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Vec<String>, TemplateError> {
    let Properties { event_pattern, targets, .. } = resolver.read(name, properties)?;
    if event_pattern.source != [MAILS] {
        let reason = format!("the local cloud knows no other source of events than {MAILS}");
        return Err(TemplateError::property(name, reason));
    }
    targets.iter().map(|target| resolver.queue_of(name, &target.arn)).collect()
}
