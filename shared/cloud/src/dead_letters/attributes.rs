//! What goes with a letter's text, as SQS message attributes. Letters outlive a deployment by up to two weeks, so a name here
//! stays (golden file).

use std::collections::HashMap;

use aws_sdk_sqs::types::{Message, MessageAttributeValue, MessageSystemAttributeName};
use chrono::{DateTime, Utc};
use workflow::{
    dead_letters::{DeadLetterQueue, Told},
    ports::{GivenUp, PortError},
};

use crate::items::{failed, instant};

/// Why the last try failed.
const ERROR: &str = "error";
/// The queue that the message came from.
const SOURCE_QUEUE: &str = "source_queue";
/// How often it was tried.
const TRIES: &str = "tries";
/// When it was sent there.
const FIRST_SENT_AT: &str = "first_sent_at";
/// Its id there.
const ORIGINAL_MESSAGE_ID: &str = "original_message_id";

/// What EventBridge Scheduler says of a tick that it couldn't hand over: its last error, and its tries after the first.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>
const SCHEDULER_ERROR: &str = "ERROR_MESSAGE";
const SCHEDULER_RETRIES: &str = "RETRY_ATTEMPTS";

type Attributes = HashMap<String, MessageAttributeValue>;

/// The attributes of a message that is given up.
pub(super) fn of(letter: &GivenUp<'_>) -> Result<Attributes, PortError> {
    const TEXT: &str = "String";
    const NUMBER: &str = "Number";
    let mut attributes = vec![
        (ERROR, TEXT, sendable(letter.error)),
        (SOURCE_QUEUE, TEXT, DeadLetterQueue::of(letter.queue).to_string()),
        (TRIES, NUMBER, letter.tries.to_string()),
        (ORIGINAL_MESSAGE_ID, TEXT, sendable(letter.id)),
    ];
    attributes.extend(letter.first_sent_at.map(|at| (FIRST_SENT_AT, TEXT, instant(at))));
    // SQS refuses an empty value.
    attributes.retain(|(.., value)| !value.is_empty());
    let build = |(name, kind, value): (&str, &str, String)| {
        let attribute = MessageAttributeValue::builder().data_type(kind).string_value(value).build();
        Ok((name.to_owned(), attribute.map_err(failed("writing a dead letter"))?))
    };
    attributes.into_iter().map(build).collect()
}

/// What is known of a letter as it lies in its queue.
pub(super) fn told(queue: DeadLetterQueue, message: &Message) -> Told {
    use MessageSystemAttributeName::{DeadLetterQueueSourceArn, SentTimestamp};
    let system = |name| message.attributes().and_then(|attributes| attributes.get(&name)).map(String::as_str);
    let sent_at = system(SentTimestamp).and_then(|text| DateTime::from_timestamp_millis(text.parse().ok()?));
    if system(DeadLetterQueueSourceArn).is_some() {
        // Moved by SQS itself, which keeps the time it was first sent. Attributes that it has, it had before: they tell of
        // an earlier time here.
        return Told { first_sent_at: sent_at, ..Told::default() };
    }
    let own = |name| message.message_attributes()?.get(name)?.string_value().map(str::to_owned);
    let number = |name| own(name)?.parse::<u32>().ok();
    let mut told = Told {
        error: own(ERROR),
        tries: number(TRIES),
        first_sent_at: own(FIRST_SENT_AT).and_then(|text| text.parse::<DateTime<Utc>>().ok()),
        arrived_at: sent_at,
        original_id: own(ORIGINAL_MESSAGE_ID),
    };
    if queue == DeadLetterQueue::Schedule {
        told.error = told.error.or_else(|| own(SCHEDULER_ERROR));
        told.tries = told.tries.or_else(|| number(SCHEDULER_RETRIES)?.checked_add(1));
    }
    told
}

/// A text as SQS takes it: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>.
/// One character that it doesn't would cost the whole letter its words.
fn sendable(text: &str) -> String {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().map(|c| if allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::sendable;

    #[test]
    fn only_what_sqs_takes_is_sent() {
        assert_eq!(sendable("å\t\r\n 🧾 \u{10FFFF}"), "å\t\r\n 🧾 \u{10FFFF}");
        assert_eq!(sendable("\u{1b}[31mred\u{0}\u{FFFF}"), "\u{FFFD}[31mred\u{FFFD}\u{FFFD}");
    }
}
