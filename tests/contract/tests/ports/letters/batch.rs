//! A function's batch: each record by itself, and the last words of each last try with the dead letters.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use chrono::Utc;
use cloud::batch::{self, Deadline};
use contract::{letters::book, ports::sample::morning};
use lambda_runtime::Context;
use serde_json::{Value, json};
use simulation::{Call, Fault, MOST_TRIES, Memory, VirtualClock, When};
use workflow::{
    BookingMessage, Outcome, WorkQueue,
    dead_letters::{DeadLetter, DeadLetterQueue},
    ports::PortError,
};

/// A cause of a cause, as errors of an SDK have them.
#[derive(Debug, thiserror::Error)]
#[error("the request failed")]
struct Request(#[source] std::io::Error);

fn memory() -> Memory {
    Memory::new(VirtualClock::new(morning()))
}

/// A record as Lambda hands it over at this try.
fn record(id: &str, body: &str, tries: u32) -> Value {
    json!({
        "messageId": id, "receiptHandle": "r", "body": body, "md5OfBody": "x", "messageAttributes": {},
        "attributes": {
            "ApproximateReceiveCount": tries.to_string(), "SentTimestamp": morning().timestamp_millis().to_string(),
            "SenderId": "A", "ApproximateFirstReceiveTimestamp": "1",
        },
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-north-1:0:q", "awsRegion": "eu-north-1",
    })
}

/// What a worker does with the job of this agreement.
async fn work(message: BookingMessage) -> Result<Outcome, PortError> {
    let BookingMessage::Job { job } = message;
    match job.agreement().unwrap().as_str() {
        "1" => panic!("{job} is one too many"),
        "2" => Err(PortError::new("claiming a job", Request(std::io::Error::other("nobody listens")))),
        "3" => Ok(Outcome::Again(std::time::Duration::ZERO)),
        _ => Ok(Outcome::Settled),
    }
}

/// Works on a batch with that much time left. Gives the ids that come again.
async fn batch_of(memory: &Memory, records: Vec<Value>, seconds_left: i64) -> Vec<String> {
    let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
    let mut context = Context::default();
    context.deadline = u64::try_from(Utc::now().timestamp_millis() + 1000 * seconds_left).unwrap();
    let answer: SqsBatchResponse = batch::handle(memory, memory.queues(), event, Deadline::of(&context), work).await;
    let mut failed: Vec<_> = answer.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    failed.sort();
    failed
}

fn letters(memory: &Memory) -> Vec<DeadLetter> {
    let mut letters = memory.queues().letters(DeadLetterQueue::Booking);
    letters.sort_by_key(|letter| letter.told.original_id.clone());
    letters
}

const ENOUGH: i64 = 100;

fn one_of_each(tries: u32) -> Vec<Value> {
    let ids = ["a panic", "b store", "d done"].into_iter().zip([1, 2, 4]);
    let readable = ids.map(|(id, agreement)| record(id, &book(agreement), tries));
    readable.chain([record("c unreadable", r#"{"kind":"book.v9"}"#, tries)]).collect()
}

#[tokio::test]
async fn before_the_last_try_what_failed_comes_again_alone_and_nothing_is_given_up() {
    let memory = memory();
    for tries in 1..MOST_TRIES {
        assert_eq!(batch_of(&memory, one_of_each(tries), ENOUGH).await, ["a panic", "b store", "c unreadable"]);
    }
    assert_eq!(letters(&memory), []);
}

#[tokio::test]
async fn at_the_last_try_the_whole_reason_of_each_is_kept_and_all_are_dealt_with() {
    let memory = memory();
    assert_eq!(batch_of(&memory, one_of_each(MOST_TRIES), ENOUGH).await, [""; 0]);
    let letters = letters(&memory);
    let told: Vec<_> =
        letters.iter().map(|letter| (letter.told.original_id.as_deref().unwrap(), letter.why())).collect();
    assert_eq!(
        told,
        [
            ("a panic", "the worker panicked: fortnox-1:1:2026-03-01 is one too many"),
            ("b store", "claiming a job: the request failed: nobody listens"),
            (
                "c unreadable",
                "the message can't be read: unknown variant `book.v9`, expected `book.v1` at line 1 column 17"
            ),
        ]
    );
    for letter in &letters {
        assert_eq!(letter.told.tries, Some(MOST_TRIES));
        assert_eq!(letter.told.first_sent_at, Some(morning()));
    }
}

#[tokio::test]
async fn letters_that_cannot_be_sent_are_left_to_the_queue() {
    let memory = memory();
    memory.faults().always(Call::GiveUp, Fault::NoAnswer(When::Before));
    let failed = batch_of(&memory, one_of_each(MOST_TRIES), ENOUGH).await;
    assert_eq!(failed, ["a panic", "b store", "c unreadable"]);
    assert_eq!(letters(&memory), []);
}

#[tokio::test]
async fn what_comes_again_by_its_own_wish_or_for_want_of_time_is_a_new_message_even_at_the_last_try() {
    for (agreement, seconds_left) in [(3, ENOUGH), (4, 1)] {
        let memory = memory();
        let records = vec![record("again", &book(agreement), MOST_TRIES)];
        assert_eq!(batch_of(&memory, records, seconds_left).await, [""; 0]);
        assert_eq!(memory.queues().bodies(WorkQueue::Booking), [book(agreement)]);
        assert_eq!(letters(&memory), []);
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_again_at_its_last_try_is_given_up_with_that_reason() {
    let memory = memory();
    memory.faults().always(Call::SendMessage, Fault::NoAnswer(When::Before));
    assert_eq!(batch_of(&memory, vec![record("again", &book(3), MOST_TRIES)], ENOUGH).await, [""; 0]);
    assert_eq!(letters(&memory)[0].why(), "sending a message: no answer");
}
