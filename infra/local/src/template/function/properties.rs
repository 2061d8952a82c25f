//! A function's properties as the template writes them. One that is not here is refused by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Properties {
    pub(super) timeout: u64,
    pub(super) memory_size: u32,
    #[serde(default)]
    pub(super) environment: Environment,
    #[serde(default)]
    pub(super) events: BTreeMap<String, Event>,
    pub(super) event_invoke_config: Option<EventInvokeConfig>,
    pub(super) role: Option<String>,
    pub(super) tracing: Option<String>,
    pub(super) logging_config: Option<LoggingConfig>,
    // What follows is about deployment: nothing to do on one machine.
    #[serde(rename = "CodeUri")]
    _code: Option<Json>,
    #[serde(rename = "Description")]
    _description: Option<Json>,
    #[serde(rename = "Handler")]
    _handler: Option<Json>,
    #[serde(rename = "Runtime")]
    _runtime: Option<Json>,
    #[serde(rename = "Architectures")]
    _architectures: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct LoggingConfig {
    pub(super) log_group: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Environment {
    pub(super) variables: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Event {
    pub(super) r#type: String,
    pub(super) properties: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SqsProperties {
    pub(super) queue: String,
    /// AWS's default is 10.
    pub(super) batch_size: Option<u32>,
    pub(super) maximum_batching_window_in_seconds: Option<u64>,
    #[serde(default)]
    pub(super) function_response_types: Vec<String>,
    pub(super) scaling_config: Option<ScalingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ScalingConfig {
    pub(super) maximum_concurrency: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ScheduleProperties {
    pub(super) schedule_expression: String,
    pub(super) input: String,
    pub(super) state: Option<String>,
    pub(super) retry_policy: Option<RetryPolicy>,
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    #[serde(rename = "Description")]
    _description: Option<Json>,
    #[serde(rename = "OmitName")]
    _omit_name: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct RetryPolicy {
    pub(super) maximum_retry_attempts: u32,
    #[serde(rename = "MaximumEventAgeInSeconds")]
    _age: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeadLetterConfig {
    pub(super) arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct EventInvokeConfig {
    pub(super) maximum_retry_attempts: Option<u32>,
    pub(super) destination_config: Option<DestinationConfig>,
    #[serde(rename = "MaximumEventAgeInSeconds")]
    _age: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DestinationConfig {
    pub(super) on_failure: Destination,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Destination {
    pub(super) r#type: String,
    pub(super) destination: String,
}
