//! SQS: rustack, in memory.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, Response},
};
use rustack_sqs_core::{config::SqsConfig, handler::RustackSqsHandler, provider::RustackSqs};
use rustack_sqs_http::{dispatch::SqsHandler, response::error_to_response, router::resolve_operation};
use serde_json::{Value as Json, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{EmulatorError, MAX_BODY_BYTES, Setting, collect, url, wire};
use crate::{
    access::{Gate, Service},
    activity::Activity,
    template::{Place, Queue},
};

/// Header that names the action, and the prefix of its value.
const TARGET: &str = "x-amz-target";
const SERVICE: &str = "AmazonSQS.";

/// The SQS emulator.
#[derive(Clone)]
pub(crate) struct Sqs {
    shared: Arc<Shared>,
    gate: Gate,
    pub(crate) url: String,
}

struct Shared {
    handler: RustackSqsHandler,
    activity: Activity,
    longest_delay: Option<Duration>,
    place: Place,
}

/// Messages in a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) visible: u64,
    pub(crate) in_flight: u64,
    pub(crate) delayed: u64,
}

impl Counts {
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Sqs {
    pub(crate) fn start(
        listener: TcpListener,
        setting: &Setting<'_>,
        servers: &mut JoinSet<()>,
    ) -> Result<Self, EmulatorError> {
        let address = listener.local_addr()?;
        let config = SqsConfig {
            default_region: setting.place.region.clone(),
            account_id: setting.place.account.clone(),
            host: address.ip().to_string(),
            port: address.port(),
            ..SqsConfig::default()
        };
        let shared = Arc::new(Shared {
            handler: RustackSqsHandler::new(Arc::new(RustackSqs::new(config))),
            activity: setting.activity.clone(),
            longest_delay: setting.longest_delay,
            place: setting.place.clone(),
        });
        let sqs = Self { shared, gate: setting.gate(Service::Sqs), url: url(&listener)? };
        sqs.serve(listener, servers);
        Ok(sqs)
    }

    /// Serves what the queues hold, also after a stop.
    pub(super) fn serve(&self, listener: TcpListener, servers: &mut JoinSet<()>) {
        let shared = Arc::clone(&self.shared);
        let router = Router::new().fallback(answer).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(shared);
        let router = self.gate.before(router);
        servers.spawn(async move {
            // Serving ends with the task: accept errors are retried inside.
            let _ = axum::serve(listener, router).await;
        });
    }

    /// Dead letter queues exist before the queues that name them.
    pub(crate) async fn create_queues(&self, queues: &BTreeMap<String, Queue>) -> Result<(), EmulatorError> {
        let (sources, targets): (Vec<_>, Vec<_>) = queues.iter().partition(|(_, queue)| queue.redrive.is_some());
        for (name, queue) in targets.into_iter().chain(sources) {
            let mut attributes = json!({
                "VisibilityTimeout": queue.visibility_seconds.to_string(),
                "MessageRetentionPeriod": queue.retention_seconds.to_string(),
                "DelaySeconds": queue.delay_seconds.to_string(),
            });
            if let Some(redrive) = &queue.redrive {
                let target = self.shared.place.arn("sqs", &redrive.dead_letters);
                // The emulator takes the count only as a number, AWS as text too.
                let policy = json!({"deadLetterTargetArn": target, "maxReceiveCount": redrive.max_receive_count});
                attributes["RedrivePolicy"] = policy.to_string().into();
            }
            self.call("CreateQueue", json!({"QueueName": name, "Attributes": attributes})).await?;
        }
        Ok(())
    }

    pub(crate) fn queue_url(&self, queue: &str) -> String {
        self.shared.place.queue_url(queue)
    }

    pub(crate) fn queue_arn(&self, queue: &str) -> String {
        self.shared.place.arn("sqs", queue)
    }

    /// ARN of a function at the same place.
    pub(crate) fn function_arn(&self, function: &str) -> String {
        self.shared.place.arn("lambda", &format!("function:{function}"))
    }

    pub(crate) fn region(&self) -> &str {
        &self.shared.place.region
    }

    /// Carries out a request of the SQS API without HTTP.
    pub(crate) async fn call(&self, action: &str, body: Json) -> Result<Json, EmulatorError> {
        let refused = |reason: String| EmulatorError::Refused { service: "SQS", action: action.to_owned(), reason };
        let target = HeaderValue::try_from(format!("{SERVICE}{action}")).map_err(|error| refused(error.to_string()))?;
        let headers = HeaderMap::from_iter([(axum::http::HeaderName::from_static(TARGET), target)]);
        let operation = resolve_operation(&headers).map_err(|error| refused(error.to_string()))?;
        let answer = self
            .shared
            .handler
            .handle_operation(operation, Bytes::from(body.to_string()))
            .await
            .map_err(|error| refused(error.to_string()))?;
        self.shared.note(action);
        let body = collect(answer.into_body()).await?;
        if body.is_empty() { Ok(Json::Null) } else { Ok(serde_json::from_slice(&body)?) }
    }

    /// How many messages a queue holds, by state.
    pub(crate) async fn counts(&self, queue: &str) -> Result<Counts, EmulatorError> {
        let wanted = json!({"QueueUrl": self.queue_url(queue), "AttributeNames": ["All"]});
        let found = self.call("GetQueueAttributes", wanted).await?;
        let count = |name: &str| {
            found["Attributes"][name].as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
                EmulatorError::Refused {
                    service: "SQS",
                    action: "GetQueueAttributes".to_owned(),
                    reason: format!("it gave no {name}"),
                }
            })
        };
        Ok(Counts {
            visible: count("ApproximateNumberOfMessages")?,
            in_flight: count("ApproximateNumberOfMessagesNotVisible")?,
            delayed: count("ApproximateNumberOfMessagesDelayed")?,
        })
    }

    /// Sends a message.
    pub(crate) async fn send(&self, queue: &str, body: &str) -> Result<(), EmulatorError> {
        self.call("SendMessage", json!({"QueueUrl": self.queue_url(queue), "MessageBody": body})).await.map(|_| ())
    }
}

impl Shared {
    /// Looking changes nothing.
    fn note(&self, action: &str) {
        if !matches!(action, "GetQueueAttributes" | "GetQueueUrl" | "ListQueues" | "ReceiveMessage") {
            self.activity.changed();
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let target = headers.get(TARGET).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answer = match resolve_operation(&headers) {
        Ok(operation) => {
            let body = wire::adapted(target, body, shared.longest_delay);
            shared.handler.handle_operation(operation, body).await
        }
        Err(error) => Err(error),
    };
    shared.note(target.trim_start_matches(SERVICE));
    answer.unwrap_or_else(|error| error_to_response(&error, "local")).map(Body::new)
}
