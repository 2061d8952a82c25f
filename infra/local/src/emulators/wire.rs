//! What is changed in a request on its way to the SQS emulator.

use std::time::Duration;

use axum::body::Bytes;
use serde_json::Value as Json;

/// Adapts the body of an SQS request. Two things differ from AWS:
///
/// - The emulator refuses a `MessageGroupId` on a standard queue, which AWS takes for fair queues. It only shares out
///   capacity between tenants there, so it is left out.
/// - Delays run in real time and not on the movable clock: a month in a minute must not wait a quarter of an hour for a
///   message. `longest` bounds them.
pub(super) fn adapted(target: &str, body: Bytes, longest: Option<Duration>) -> Bytes {
    let sends = matches!(target, "AmazonSQS.SendMessage" | "AmazonSQS.SendMessageBatch");
    if !sends {
        return body;
    }
    // Not JSON: the emulator says so itself.
    let Ok(mut request) = serde_json::from_slice::<Json>(&body) else {
        return body;
    };
    let fifo = request["QueueUrl"].as_str().is_some_and(|url| url.strip_suffix(".fifo").is_some());
    if !fifo {
        adapt(&mut request, longest);
    }
    if let Some(entries) = request.get_mut("Entries").and_then(Json::as_array_mut).filter(|_| !fifo) {
        for entry in entries {
            adapt(entry, longest);
        }
    }
    Bytes::from(request.to_string())
}

fn adapt(message: &mut Json, longest: Option<Duration>) {
    let Some(message) = message.as_object_mut() else { return };
    message.remove("MessageGroupId");
    if let (Some(longest), Some(delay)) = (longest, message.get_mut("DelaySeconds"))
        && delay.as_u64().is_some_and(|seconds| seconds > longest.as_secs())
    {
        *delay = longest.as_secs().into();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_loses_its_groups_and_long_delays() {
        let body = json!({"QueueUrl": "q", "Entries": [{"Id": "1", "MessageGroupId": "t", "DelaySeconds": 900}]});
        let body = adapted("AmazonSQS.SendMessageBatch", Bytes::from(body.to_string()), Some(Duration::from_secs(1)));
        let request: Json = serde_json::from_slice(&body).unwrap();
        assert_eq!(request["Entries"], json!([{"Id": "1", "DelaySeconds": 1}]));
    }

    #[test]
    fn other_requests_pass_as_they_are() {
        let body = Bytes::from_static(b"{ \"QueueUrl\": \"q\" }");
        assert_eq!(adapted("AmazonSQS.ReceiveMessage", body.clone(), None), body);
    }
}
