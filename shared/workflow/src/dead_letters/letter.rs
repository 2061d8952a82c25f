//! A dead letter as a person sees it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    digest,
    message::{Message, WorkQueue},
    prices, scan, sweep,
};

/// Said of a letter that came without a text: the queue itself moved it, since no try came to an end.
pub const NOBODY_LIVED: &str = "no worker lived to say why: killed, out of time or out of memory";

/// One of the dead letter queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadLetterQueue {
    /// Of the scan queue.
    Scan,
    /// Of the booking queue.
    Booking,
    /// Of the delivery queue.
    Delivery,
    /// Of the sweep queue.
    Sweep,
    /// Of the prices' queue.
    Prices,
    /// Of the mail service's events.
    Feedback,
    /// Of `digest`.
    Digest,
    /// Of the schedules: ticks that reached no function, or whose every run failed.
    Schedule,
}

/// A text that names no dead letter queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a dead letter queue is scan, booking, delivery, sweep, prices, feedback, digest or schedule")]
pub struct UnknownQueue;

impl DeadLetterQueue {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Scan,
        Self::Booking,
        Self::Delivery,
        Self::Sweep,
        Self::Prices,
        Self::Feedback,
        Self::Digest,
        Self::Schedule,
    ];

    /// The dead letters of a work queue.
    pub fn of(queue: WorkQueue) -> Self {
        match queue {
            WorkQueue::Scan => Self::Scan,
            WorkQueue::Booking => Self::Booking,
            WorkQueue::Delivery => Self::Delivery,
            WorkQueue::Sweep => Self::Sweep,
            WorkQueue::Prices => Self::Prices,
            WorkQueue::Feedback => Self::Feedback,
            WorkQueue::Digest => Self::Digest,
        }
    }

    /// The queue that its letters come from and go back to. Ticks come from no queue.
    pub fn source(self) -> Option<WorkQueue> {
        WorkQueue::ALL.into_iter().find(|queue| Self::of(*queue) == self)
    }

    /// Its name, as people type it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Booking => "booking",
            Self::Delivery => "delivery",
            Self::Sweep => "sweep",
            Self::Prices => "prices",
            Self::Feedback => "feedback",
            Self::Digest => "digest",
            Self::Schedule => "schedule",
        }
    }
}

impl fmt::Display for DeadLetterQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeadLetterQueue {
    type Err = UnknownQueue;

    fn from_str(text: &str) -> Result<Self, UnknownQueue> {
        Self::ALL.into_iter().find(|queue| queue.as_str() == text).ok_or(UnknownQueue)
    }
}

/// A letter's id in its dead letter queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LetterId(String);

impl LetterId {
    /// The id as the queue gives it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as the queue gives it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for LetterId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A schedule's tick, whichever function it's for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnyTick {
    /// For `scan`.
    Scan(scan::Tick),
    /// For `sweep`.
    Sweep(sweep::SweepTick),
    /// For `prices`.
    Prices(prices::PriceTick),
    /// Of `digest`.
    Digest(digest::DigestTick),
}

/// What a letter's text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A message that this version knows.
    Message(Message),
    /// A schedule's tick.
    Tick(AnyTick),
    /// Nothing that this version knows.
    Unreadable {
        /// Why, in serde's words, which may quote the text.
        why: String,
    },
}

/// What came with a letter's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Why its last try failed.
    pub error: Option<String>,
    /// How often it was tried.
    pub tries: Option<u32>,
    /// When it was sent to its own queue.
    pub first_sent_at: Option<DateTime<Utc>>,
    /// When it came to the dead letters. A queue that moves a letter by itself doesn't say.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Its id in its own queue: the one that the worker's log goes by.
    pub original_id: Option<String>,
}

/// A message, or a tick, that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Where it lies.
    pub queue: DeadLetterQueue,
    /// Its id there.
    pub id: LetterId,
    /// Its text as it was sent.
    pub body: String,
    /// What the text says to this version.
    pub content: Content,
    /// What came with it.
    pub told: Told,
}

impl DeadLetter {
    /// Reads a letter as it lies in its queue.
    pub fn read(queue: DeadLetterQueue, id: LetterId, body: String, mut told: Told) -> Self {
        let content = match queue.source() {
            Some(source) => source.read(&body).map(Content::Message),
            None => Record::read(&body).map(|record| record.tick(&mut told)),
        };
        let content = content.unwrap_or_else(|error| Content::Unreadable { why: error.to_string() });
        Self { queue, id, body, content, told }
    }

    /// Why it's here, in words.
    pub fn why(&self) -> &str {
        self.told.error.as_deref().unwrap_or(NOBODY_LIVED)
    }

    /// What a letter is sorted by: the earliest time that is known of it.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.told.first_sent_at.or(self.told.arrived_at)
    }
}

/// What lies in the schedules' dead letters: the tick itself, as the scheduler couldn't hand it over, or Lambda's record of a
/// tick whose every run failed (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>).
#[derive(Deserialize)]
#[serde(untagged)]
enum Record {
    Tick(AnyTick),
    #[serde(rename_all = "camelCase")]
    Failed {
        request_payload: AnyTick,
        #[serde(default)]
        request_context: Value,
        #[serde(default)]
        response_payload: Value,
    },
}

impl Record {
    fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// The tick. What the record says of its runs goes to `told`.
    fn tick(self, told: &mut Told) -> Content {
        match self {
            Self::Tick(tick) => Content::Tick(tick),
            Self::Failed { request_payload, request_context, response_payload } => {
                if let Some(words) = response_payload["errorMessage"].as_str() {
                    told.error.get_or_insert_with(|| words.to_owned());
                }
                let runs = request_context["approximateInvokeCount"].as_u64().and_then(|runs| u32::try_from(runs).ok());
                told.tries = told.tries.or(runs);
                Content::Tick(request_payload)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn read(queue: DeadLetterQueue, body: &str) -> DeadLetter {
        DeadLetter::read(queue, LetterId::new("1"), body.to_owned(), Told::default())
    }

    #[test]
    fn every_queue_has_a_name_of_its_own_and_all_but_the_schedules_a_source() {
        for queue in DeadLetterQueue::ALL {
            assert_eq!(queue.to_string().parse(), Ok(queue));
            assert_eq!(serde_json::to_value(queue).unwrap(), json!(queue.as_str()));
            assert_eq!(queue.source().map(DeadLetterQueue::of), (queue != DeadLetterQueue::Schedule).then_some(queue));
        }
        assert_eq!("Scan".parse::<DeadLetterQueue>(), Err(UnknownQueue));
    }

    #[test]
    fn a_text_is_read_as_what_its_queue_holds() {
        let body = r#"{"kind":"book.v1","job":"fortnox-1:7:2026-01-31"}"#;
        let letter = read(DeadLetterQueue::Booking, body);
        assert!(matches!(letter.content, Content::Message(Message::Booking(_))), "{letter:?}");
        let letter = read(DeadLetterQueue::Delivery, body);
        assert!(matches!(&letter.content, Content::Unreadable { why } if why.contains("book.v1")), "{letter:?}");
        assert_eq!(letter.why(), NOBODY_LIVED);
    }

    #[test]
    fn a_tick_is_read_alone_or_from_lambda_s_record_of_its_failure() {
        let letter = read(DeadLetterQueue::Schedule, r#"{"tick":"register"}"#);
        assert_eq!(
            (letter.content, letter.told),
            (Content::Tick(AnyTick::Scan(scan::Tick::Register)), Told::default())
        );
        let record = json!({
            "version": "1.0",
            "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
            "requestPayload": {"tick": "scan"},
            "responsePayload": {"errorMessage": "finding waiting jobs: no answer", "errorType": "PortError"},
        });
        let letter = read(DeadLetterQueue::Schedule, &record.to_string());
        assert_eq!(letter.content, Content::Tick(AnyTick::Scan(scan::Tick::Scan)));
        assert_eq!(letter.why(), "finding waiting jobs: no answer");
        assert_eq!(letter.told.tries, Some(3));
        let letter = read(DeadLetterQueue::Schedule, r#"{"tick":"sweep"}"#);
        assert_eq!(letter.content, Content::Tick(AnyTick::Sweep(sweep::SweepTick::Sweep)));
        let letter = read(DeadLetterQueue::Schedule, r#"{"tick":"weep"}"#);
        assert!(matches!(letter.content, Content::Unreadable { .. }), "{letter:?}");
    }
}
