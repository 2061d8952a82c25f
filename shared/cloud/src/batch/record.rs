//! A record as Lambda hands it over.

use std::any::Any;

use aws_lambda_events::sqs::SqsMessage;
use chrono::DateTime;
use workflow::{QueueMessage, WorkQueue, dead_letters::Record};

/// SQS's own attributes of a message. <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>
const TRIES: &str = "ApproximateReceiveCount";
const SENT_AT: &str = "SentTimestamp";

/// What the record says of its message.
pub(super) fn of(queue: WorkQueue, message: SqsMessage) -> Record {
    let attribute = |name| message.attributes.get(name).map(String::as_str);
    Record {
        queue,
        tries: attribute(TRIES).and_then(|text| text.parse().ok()),
        sent_at: attribute(SENT_AT).and_then(|text| DateTime::from_timestamp_millis(text.parse().ok()?)),
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
    }
}

/// Reads the message. One that can't be read never will be: it fails until it's with the dead letters, where a person sees
/// it. The error may quote the text.
pub(super) fn read<M: QueueMessage>(record: &Record) -> Result<M, String> {
    serde_json::from_str(&record.body).map_err(|error| {
        // Where it went wrong, never the text itself.
        let (message_id, line, column) = (&record.id, error.line(), error.column());
        tracing::error!(message_id, line, column, "a message can't be read");
        format!("the message can't be read: {error}")
    })
}

/// What a worker said when it panicked.
pub(super) fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the worker panicked: {}", words.unwrap_or("without a word"))
}
