//! Lambda functions, with the event sources, schedules and routes that start them.

mod properties;

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use serde_json::Value as Json;
use serde_yaml_ng::{Mapping, Value};

use super::{Resolver, Route, TemplateError};
use properties::{EventInvokeConfig, Properties, ScheduleProperties, SqsProperties};

/// One Lambda function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Name of the binary: `Metadata.BuildProperties.Binary`.
    pub binary: String,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// In megabytes. Told to the function, not enforced.
    pub memory_mb: u32,
    /// Variables, those of `Globals` included.
    pub environment: BTreeMap<String, String>,
    /// Queues it consumes, by the event's name.
    pub event_sources: BTreeMap<String, EventSource>,
    /// Schedules that start it, by the event's name.
    pub schedules: BTreeMap<String, Schedule>,
    /// Routes of HTTP APIs that lead to it, by the event's name.
    pub routes: BTreeMap<String, Route>,
    /// What happens when an asynchronous invocation, such as a schedule's, fails.
    pub asynchronous: AsyncInvocation,
    /// Logical name of its role. SAM makes one for a function that names none.
    pub role: Option<String>,
    /// Log group of its own, if it has one.
    pub log_group: Option<String>,
    /// Lambda traces it (`Tracing: Active`).
    pub traced: bool,
}

/// An SQS event source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSource {
    /// Logical name of the queue.
    pub queue: String,
    /// Most messages in one invocation.
    pub batch_size: u32,
    /// How long to wait for a batch to fill.
    pub window: Duration,
    /// Most invocations at once, if the template bounds them.
    pub max_concurrency: Option<u32>,
    /// The function names the messages that failed (`ReportBatchItemFailures`).
    pub partial_failures: bool,
}

/// An EventBridge Scheduler schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From one occurrence to the next.
    pub every: TimeDelta,
    /// The event, JSON.
    pub input: String,
    /// Whether it fires at all.
    pub enabled: bool,
    /// Tries to hand the event to the function, after the first. Handing over cannot fail on one machine.
    pub delivery_retries: u32,
    /// Logical name of the queue for events that could not be handed over.
    pub dead_letters: Option<String>,
}

/// Lambda's own handling of an asynchronous invocation whose run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncInvocation {
    /// Runs after the first.
    pub retries: u32,
    /// Logical name of the queue that gets a record of the last failure.
    pub on_failure: Option<String>,
}

/// Lambda's own number of retries of an asynchronous invocation, where the template says none.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const DEFAULT_ASYNC_RETRIES: u32 = 2;

/// AWS's default batch size of an SQS event source.
const DEFAULT_BATCH_SIZE: u32 = 10;

/// EventBridge Scheduler's own number of retries, where the template says none.
const DEFAULT_DELIVERY_RETRIES: u32 = 185;

/// The properties that `Globals` gives to every function.
pub(super) fn globals(resolver: &Resolver<'_>, globals: &Mapping) -> Result<Json, TemplateError> {
    let mut function = Json::Object(serde_json::Map::new());
    for (section, value) in globals {
        if section != "Function" {
            return Err(TemplateError::property("Globals", "the local cloud knows only Function there"));
        }
        function = resolver.json("Globals.Function", value)?;
    }
    Ok(function)
}

impl Function {
    pub(super) fn read(
        resolver: &Resolver<'_>,
        name: &str,
        globals: &Json,
        properties: &Value,
        metadata: &Value,
    ) -> Result<Self, TemplateError> {
        let own = resolver.json(name, properties)?;
        let properties: Properties = serde_json::from_value(merged(globals.clone(), own))
            .map_err(|error| TemplateError::property(name, error))?;
        let metadata = resolver.json(name, metadata)?;
        let binary = metadata
            .pointer("/BuildProperties/Binary")
            .and_then(Json::as_str)
            .ok_or_else(|| TemplateError::property(name, "Metadata.BuildProperties.Binary names no binary"))?;

        let mut event_sources = BTreeMap::new();
        let mut schedules = BTreeMap::new();
        let mut routes = BTreeMap::new();
        for (event_name, event) in properties.events {
            let at = format!("{name}.{event_name}");
            match event.r#type.as_str() {
                "SQS" => {
                    event_sources.insert(event_name, event_source(resolver, &at, event.properties)?);
                }
                "ScheduleV2" => {
                    schedules.insert(event_name, schedule(resolver, &at, event.properties)?);
                }
                "HttpApi" => {
                    routes.insert(event_name, Route::read(resolver, &at, event.properties)?);
                }
                other => {
                    return Err(TemplateError::UnknownType { resource: at, kind: format!("{other} event") });
                }
            }
        }
        Ok(Self {
            binary: binary.to_owned(),
            timeout: Duration::from_secs(properties.timeout),
            memory_mb: properties.memory_size,
            environment: properties.environment.variables,
            event_sources,
            schedules,
            routes,
            asynchronous: asynchronous(resolver, name, properties.event_invoke_config)?,
            role: properties.role.map(|arn| resolver.role_of(name, &arn)).transpose()?,
            log_group: properties.logging_config.map(|logging| logging.log_group),
            traced: properties.tracing.as_deref() == Some("Active"),
        })
    }
}

fn event_source(resolver: &Resolver<'_>, at: &str, properties: Json) -> Result<EventSource, TemplateError> {
    let properties: SqsProperties =
        serde_json::from_value(properties).map_err(|error| TemplateError::property(at, error))?;
    if let Some(other) = properties.function_response_types.iter().find(|one| *one != "ReportBatchItemFailures") {
        return Err(TemplateError::property(at, format!("there is no response type {other}")));
    }
    Ok(EventSource {
        queue: resolver.queue_of(at, &properties.queue)?,
        batch_size: properties.batch_size.unwrap_or(DEFAULT_BATCH_SIZE),
        window: Duration::from_secs(properties.maximum_batching_window_in_seconds.unwrap_or_default()),
        max_concurrency: properties.scaling_config.map(|scaling| scaling.maximum_concurrency),
        partial_failures: !properties.function_response_types.is_empty(),
    })
}

fn schedule(resolver: &Resolver<'_>, at: &str, properties: Json) -> Result<Schedule, TemplateError> {
    let properties: ScheduleProperties =
        serde_json::from_value(properties).map_err(|error| TemplateError::property(at, error))?;
    let every = rate(&properties.schedule_expression).ok_or_else(|| {
        TemplateError::property(
            at,
            format!("the local cloud knows only rate(), not {}", properties.schedule_expression),
        )
    })?;
    serde_json::from_str::<Json>(&properties.input)
        .map_err(|error| TemplateError::property(at, format!("its input is no JSON: {error}")))?;
    Ok(Schedule {
        every,
        input: properties.input,
        enabled: properties.state.is_none_or(|state| state == "ENABLED"),
        delivery_retries: properties
            .retry_policy
            .map_or(DEFAULT_DELIVERY_RETRIES, |policy| policy.maximum_retry_attempts),
        dead_letters: properties.dead_letter_config.map(|config| resolver.queue_of(at, &config.arn)).transpose()?,
    })
}

fn asynchronous(
    resolver: &Resolver<'_>,
    name: &str,
    config: Option<EventInvokeConfig>,
) -> Result<AsyncInvocation, TemplateError> {
    let (retries, destination) =
        config.map_or((None, None), |config| (config.maximum_retry_attempts, config.destination_config));
    let on_failure = destination
        .map(|config| match config.on_failure.r#type.as_str() {
            "SQS" => resolver.queue_of(name, &config.on_failure.destination),
            other => Err(TemplateError::property(name, format!("a failure cannot be sent to {other}"))),
        })
        .transpose()?;
    Ok(AsyncInvocation { retries: retries.unwrap_or(DEFAULT_ASYNC_RETRIES), on_failure })
}

/// `rate(5 minutes)` as a span.
fn rate(expression: &str) -> Option<TimeDelta> {
    let inner = expression.strip_prefix("rate(")?.strip_suffix(')')?;
    let (count, unit) = inner.trim().split_once(' ')?;
    let count: i64 = count.parse().ok().filter(|count| *count > 0)?;
    match unit.trim() {
        "minute" | "minutes" => TimeDelta::try_minutes(count),
        "hour" | "hours" => TimeDelta::try_hours(count),
        "day" | "days" => TimeDelta::try_days(count),
        _ => None,
    }
}

/// SAM's merge of `Globals` with a function: maps are merged, anything else is replaced.
fn merged(base: Json, over: Json) -> Json {
    match (base, over) {
        (Json::Object(mut base), Json::Object(over)) => {
            for (key, value) in over {
                let value = match base.remove(&key) {
                    Some(below) => merged(below, value),
                    None => value,
                };
                base.insert(key, value);
            }
            Json::Object(base)
        }
        (_, over) => over,
    }
}
