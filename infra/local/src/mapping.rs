//! Event source mappings: polls a queue for its function, as Lambda does.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>
//!
//! One thing differs: a message that failed comes back after a short delay instead of the queue's visibility timeout. That
//! timeout is made for minutes of real time, which nobody wants to wait here.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::{Value as Json, json};
use tokio::{sync::watch, time::Instant};

use crate::{
    emulators::{EmulatorError, Sqs},
    in_hand::InHand,
    lambda::{InvokeError, Lambda},
    template::EventSource,
};

/// Longest wait of one poll, in seconds. A stop waits for the poll to end, since dropping one may lose sight of a message.
const POLL_SECONDS: u64 = 1;

/// Most messages that SQS gives at once.
const MOST_AT_ONCE: usize = 10;

/// Polls one queue for one function; one invocation at a time.
pub(crate) struct Poller {
    pub(crate) sqs: Sqs,
    pub(crate) lambda: Arc<Lambda>,
    pub(crate) function: String,
    pub(crate) source: EventSource,
    /// What all pollers have in hand.
    pub(crate) in_hand: InHand,
    /// How long a failed message stays hidden.
    pub(crate) retry_after: Duration,
    /// Turns true when no more may be polled.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Poller {
    /// Polls until it is told to stop; the batch in hand is finished first.
    pub(crate) async fn run(self) {
        while !*self.stopping.borrow() {
            if let Err(error) = self.round().await {
                // Nothing is lost, since messages become visible again by themselves. Paced, so that the log stays readable.
                tracing::error!(function = self.function, queue = self.source.queue, %error, "a poll failed");
                tokio::time::sleep(Duration::from_secs(POLL_SECONDS)).await;
            }
        }
    }

    async fn round(&self) -> Result<(), EmulatorError> {
        let batch = self.receive().await?;
        if batch.is_empty() {
            return Ok(());
        }
        let event = event(&batch, &self.sqs.queue_arn(&self.source.queue), self.sqs.region());
        let handles = batch.iter().filter_map(|message| message["ReceiptHandle"].as_str());
        let held = self.in_hand.hold(&self.source.queue, handles);
        let answer = self.lambda.invoke(&self.function, &event).await;
        drop(held);
        if let Err(error) = &answer {
            tracing::warn!(function = self.function, %error, "an invocation failed");
        }
        self.settle(&batch, &failed_messages(&batch, &answer, self.source.partial_failures)).await;
        Ok(())
    }

    /// One batch. Waits for the batch to fill for as long as the template's window.
    async fn receive(&self) -> Result<Vec<Json>, EmulatorError> {
        let size = usize::try_from(self.source.batch_size).unwrap_or(usize::MAX);
        let mut batch = self.receive_up_to(size, POLL_SECONDS).await?;
        let full_by = Instant::now() + self.source.window;
        while !batch.is_empty() && batch.len() < size {
            let left = full_by.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            // Whole seconds, rounded up: shorter polls would spin.
            let seconds = (left + Duration::from_millis(999)).as_secs().min(POLL_SECONDS);
            batch.extend(self.receive_up_to(size - batch.len(), seconds).await?);
        }
        Ok(batch)
    }

    async fn receive_up_to(&self, count: usize, seconds: u64) -> Result<Vec<Json>, EmulatorError> {
        let wanted = json!({
            "QueueUrl": self.sqs.queue_url(&self.source.queue),
            "MaxNumberOfMessages": count.min(MOST_AT_ONCE),
            "WaitTimeSeconds": seconds,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        let mut answer = self.sqs.call("ReceiveMessage", wanted).await?;
        match answer["Messages"].take() {
            Json::Array(messages) => Ok(messages),
            _ => Ok(Vec::new()),
        }
    }

    /// Deletes what succeeded and lets the rest come back soon. One message that is not in hand any more, because its
    /// visibility timeout passed, must not keep the others from being settled.
    async fn settle(&self, batch: &[Json], failed: &BTreeSet<String>) {
        let url = self.sqs.queue_url(&self.source.queue);
        for message in batch {
            let handle = &message["ReceiptHandle"];
            let settled = if failed.contains(id(message)) {
                let seconds = self.retry_after.as_secs();
                let back = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
                self.sqs.call("ChangeMessageVisibility", back).await
            } else {
                self.sqs.call("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle})).await
            };
            if let Err(error) = settled {
                tracing::warn!(queue = self.source.queue, message = id(message), %error, "a message was not in hand");
            }
        }
    }
}

fn id(message: &Json) -> &str {
    message["MessageId"].as_str().unwrap_or_default()
}

/// The event that Lambda hands to a function.
fn event(batch: &[Json], queue_arn: &str, region: &str) -> Json {
    let records: Vec<Json> = batch
        .iter()
        .map(|message| {
            json!({
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "md5OfBody": message["MD5OfBody"],
                "attributes": message["Attributes"],
                "messageAttributes": message_attributes(&message["MessageAttributes"]),
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": region,
            })
        })
        .collect();
    json!({"Records": records})
}

/// SQS writes `StringValue` where Lambda writes `stringValue`, beside lists that have no use yet.
fn message_attributes(attributes: &Json) -> Json {
    let Some(attributes) = attributes.as_object() else {
        return json!({});
    };
    attributes
        .iter()
        .map(|(name, value)| {
            let mut attribute = json!({"dataType": value["DataType"], "stringListValues": [], "binaryListValues": []});
            for (theirs, ours) in [("StringValue", "stringValue"), ("BinaryValue", "binaryValue")] {
                if let Some(text) = value.get(theirs) {
                    attribute[ours] = text.clone();
                }
            }
            (name.clone(), attribute)
        })
        .collect()
}

/// Ids of the messages that failed. As in Lambda, an answer that names anything but messages of this batch fails all of it.
fn failed_messages(batch: &[Json], answer: &Result<Json, InvokeError>, partial: bool) -> BTreeSet<String> {
    let all: BTreeSet<String> = batch.iter().map(|message| id(message).to_owned()).collect();
    let answer = match answer {
        Ok(answer) if partial => answer,
        Ok(_) => return BTreeSet::new(),
        Err(_) => return all,
    };
    let named = match answer.get("batchItemFailures") {
        None | Some(Json::Null) => return BTreeSet::new(),
        Some(Json::Array(named)) => named,
        Some(_) => return all,
    };
    let failed: Option<BTreeSet<String>> = named
        .iter()
        .map(|failure| failure["itemIdentifier"].as_str().filter(|id| all.contains(*id)).map(ToOwned::to_owned))
        .collect();
    failed.unwrap_or(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(answer: &Result<Json, InvokeError>, partial: bool) -> Vec<String> {
        let batch = [json!({"MessageId": "a"}), json!({"MessageId": "b"})];
        failed_messages(&batch, answer, partial).into_iter().collect()
    }

    #[test]
    fn only_the_named_messages_fail() {
        assert_eq!(failed(&Ok(json!({"batchItemFailures": [{"itemIdentifier": "b"}]})), true), ["b"]);
        assert_eq!(failed(&Ok(json!({"batchItemFailures": []})), true), [""; 0]);
        assert_eq!(failed(&Ok(Json::Null), true), [""; 0]);
    }

    #[test]
    fn an_answer_that_makes_no_sense_fails_the_batch() {
        assert_eq!(failed(&Ok(json!({"batchItemFailures": [{"itemIdentifier": "c"}]})), true), ["a", "b"]);
        assert_eq!(failed(&Ok(json!({"batchItemFailures": [{"itemIdentifier": ""}]})), true), ["a", "b"]);
        assert_eq!(failed(&Ok(json!({"batchItemFailures": "b"})), true), ["a", "b"]);
    }

    #[test]
    fn an_error_fails_the_batch_and_without_partial_failures_an_answer_succeeds() {
        assert_eq!(failed(&Err(InvokeError::Unknown("f".into())), true), ["a", "b"]);
        assert_eq!(failed(&Ok(json!({"batchItemFailures": [{"itemIdentifier": "b"}]})), false), [""; 0]);
    }

    #[test]
    fn an_event_looks_like_lambdas_own() {
        let message = json!({
            "MessageId": "m", "ReceiptHandle": "r", "Body": "{}", "MD5OfBody": "x",
            "Attributes": {"ApproximateReceiveCount": "1"},
            "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "v"}},
        });
        let event = event(&[message], "arn:aws:sqs:eu-north-1:0:q", "eu-north-1");
        assert_eq!(
            event["Records"][0],
            json!({
                "messageId": "m", "receiptHandle": "r", "body": "{}", "md5OfBody": "x",
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {
                    "kind": {"dataType": "String", "stringValue": "v", "stringListValues": [], "binaryListValues": []},
                },
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-north-1:0:q", "awsRegion": "eu-north-1",
            })
        );
    }
}
