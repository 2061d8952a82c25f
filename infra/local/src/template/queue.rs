//! SQS queues.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value as Json;
use serde_yaml_ng::Value;

use super::{Resolver, TemplateError};

/// One SQS queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// How long a received message stays hidden, in seconds.
    pub visibility_seconds: u32,
    /// How long a message is kept, in seconds.
    pub retention_seconds: u32,
    /// How long a new message stays hidden, in seconds.
    pub delay_seconds: u32,
    /// Where a message goes that was received too often.
    pub redrive: Option<Redrive>,
}

/// When a message is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// Logical name of the dead letter queue.
    pub dead_letters: String,
    /// Deliveries before that.
    pub max_receive_count: u32,
}

/// The defaults are those of `AWS::SQS::Queue`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(default = "default_visibility")]
    visibility_timeout: u32,
    #[serde(default = "default_retention")]
    message_retention_period: u32,
    #[serde(default)]
    delay_seconds: u32,
    redrive_policy: Option<RedrivePolicy>,
    #[serde(rename = "SqsManagedSseEnabled")]
    _encrypted: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedrivePolicy {
    dead_letter_target_arn: String,
    #[serde(deserialize_with = "count")]
    max_receive_count: u32,
}

/// A number, or a parameter's value, which is text. SQS takes both.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let value = Json::deserialize(deserializer)?;
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    text.parse().map_err(|_| D::Error::custom(format!("maxReceiveCount must be a number, not {value}")))
}

fn default_visibility() -> u32 {
    30
}

fn default_retention() -> u32 {
    4 * 24 * 60 * 60
}

impl Queue {
    pub(super) fn read(resolver: &Resolver<'_>, name: &str, properties: &Value) -> Result<Self, TemplateError> {
        let properties: Properties = match properties {
            Value::Null => resolver.read(name, &Value::Mapping(serde_yaml_ng::Mapping::new()))?,
            given => resolver.read(name, given)?,
        };
        let redrive = properties
            .redrive_policy
            .map(|policy| {
                Ok::<_, TemplateError>(Redrive {
                    dead_letters: resolver.queue_of(name, &policy.dead_letter_target_arn)?,
                    max_receive_count: policy.max_receive_count,
                })
            })
            .transpose()?;
        Ok(Self {
            visibility_seconds: properties.visibility_timeout,
            retention_seconds: properties.message_retention_period,
            delay_seconds: properties.delay_seconds,
            redrive,
        })
    }
}
