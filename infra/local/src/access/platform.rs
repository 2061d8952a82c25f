//! What Lambda itself does in the name of a function.

use super::Call;
use crate::template::{Function, Place};

/// Polls the function's queues, puts away what failed, writes its log and its traces.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions>
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
pub(super) fn calls(place: &Place, function: &Function) -> Vec<Call> {
    let mut calls = Vec::new();
    for source in function.event_sources.values() {
        let queue = place.arn("sqs", &source.queue);
        let polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
        calls.extend(polls.map(|action| Call::new(action, queue.clone())));
    }
    if let Some(queue) = &function.asynchronous.on_failure {
        calls.push(Call::new("sqs:SendMessage", place.arn("sqs", queue)));
    }
    if let Some(group) = &function.log_group {
        let stream = place.arn("logs", &format!("log-group:{group}:log-stream:local"));
        calls.extend(["logs:CreateLogStream", "logs:PutLogEvents"].map(|action| Call::new(action, stream.clone())));
    }
    if function.traced {
        calls.extend(["xray:PutTraceSegments", "xray:PutTelemetryRecords"].map(|action| Call::new(action, "*")));
    }
    calls
}
