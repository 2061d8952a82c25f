//! What only SQS can get wrong: the attributes that letters are kept with, and letters that come from elsewhere.

use std::path::Path;

use contract::letters::{ALL, Office, book, the_letter};
use serde_json::{Value, json};
use stage::{letters_name, queue_name};
use workflow::{
    WorkQueue,
    dead_letters::{AnyTick, Content, DeadLetterQueue, NOBODY_LIVED},
    ports::{DeadLetters, GiveUp, GivenUp},
    scan::Tick,
};

use super::sqs::SqsOffice;

const GOLDEN: &str = "letter";

/// A letter as this version leaves it in SQS, under `golden/`: it must be read for as long as anybody may have it.
/// `UPDATE_GOLDEN=1` writes the file anew.
#[tokio::test]
async fn a_letter_is_written_and_read_as_ever() {
    let office = SqsOffice::open().await;
    let first_sent_at = Some("2026-03-29T04:00:00.125Z".parse().unwrap());
    let letter = GivenUp {
        queue: WorkQueue::Booking,
        id: "0d1e9f1e-7a57-4a5e-8f3c-5d1f1f0e4c2b",
        body: &book(7),
        error: "claiming a job: no answer",
        tries: 5,
        first_sent_at,
    };
    office.worker(WorkQueue::Booking).give_up(&letter).await.unwrap();
    let name = letters_name(DeadLetterQueue::Booking);
    let [lies] = &office.queues.messages(name).await.unwrap()[..] else { panic!("one letter") };
    let written = json!({"MessageBody": lies["Body"], "MessageAttributes": lies["MessageAttributes"]});

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(GOLDEN).with_extension("json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{written:#}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(written, kept, "a letter is written otherwise than before");

    let office = SqsOffice::open().await;
    office.put(name, kept).await;
    let read = the_letter(&office, DeadLetterQueue::Booking).await;
    assert_eq!((read.body.as_str(), read.why(), read.told.tries), (letter.body, letter.error, Some(letter.tries)));
    assert_eq!((read.told.first_sent_at, read.told.original_id.as_deref()), (first_sent_at, Some(letter.id)));
}

/// The emulator takes what SQS refuses: its whole message, for one such character.
#[tokio::test]
async fn words_are_written_as_sqs_takes_them() {
    let office = SqsOffice::open().await;
    let letter = GivenUp {
        queue: WorkQueue::Scan,
        id: "1",
        body: "gibberish",
        error: "\u{1b}[31mred\u{0}",
        tries: 5,
        first_sent_at: None,
    };
    office.worker(WorkQueue::Scan).give_up(&letter).await.unwrap();
    let [lies] = &office.queues.messages(letters_name(DeadLetterQueue::Scan)).await.unwrap()[..] else {
        panic!("one letter")
    };
    assert_eq!(lies["MessageAttributes"]["error"]["StringValue"], "\u{FFFD}[31mred\u{FFFD}");
    assert_eq!(lies["MessageAttributes"]["first_sent_at"], Value::Null);
}

/// AWS's own redrive takes a letter back to its queue with its attributes. When it then dies without a word, what they say
/// is of an earlier death.
#[tokio::test]
async fn words_of_an_earlier_death_are_not_this_one_s() {
    let office = SqsOffice::open().await;
    let (queue, word) = (WorkQueue::Booking, json!({"DataType": "String", "StringValue": "the first death"}));
    let message = json!({"MessageBody": book(7), "MessageAttributes": {"error": word, "original_message_id": word}});
    office.put(queue_name(queue), message).await;
    while let Some(record) = office.hand_out(queue).await {
        office.come_back(&record).await;
    }
    let letter = the_letter(&office, DeadLetterQueue::Booking).await;
    assert_eq!((letter.why(), &letter.told.original_id), (NOBODY_LIVED, &None));
}

/// With what EventBridge Scheduler tells of it.
#[tokio::test]
async fn a_tick_that_the_scheduler_could_not_hand_over_is_read() {
    let office = SqsOffice::open().await;
    let text = |value: &str| json!({"DataType": "String", "StringValue": value});
    let attributes = json!({
        "ERROR_CODE": text("AWS.Scheduler.InternalServerError"), "ERROR_MESSAGE": text("Too many requests"),
        "RETRY_ATTEMPTS": text("5"), "EXHAUSTED_RETRY_CONDITION": text("MaximumRetryAttempts"),
    });
    let body = r#"{"tick":"scan"}"#;
    let message = json!({"MessageBody": body, "MessageAttributes": attributes});
    office.put(letters_name(DeadLetterQueue::Schedule), message).await;
    let letter = the_letter(&office, DeadLetterQueue::Schedule).await;
    assert_eq!((&letter.content, letter.why()), (&Content::Tick(AnyTick::Scan(Tick::Scan)), "Too many requests"));
    assert_eq!(letter.told.tries, Some(6));
}

/// SQS gives an error for a queue that isn't there: it's told, and nothing hangs.
#[tokio::test]
async fn a_queue_that_is_not_there_is_an_error_that_names_what_was_done() {
    let office = SqsOffice::open().await;
    let gone = json!({"QueueUrl": office.queues.queue_url(letters_name(DeadLetterQueue::Scan))});
    office.queues.call("DeleteQueue", gone).await.unwrap();
    let error = office.letters().list(DeadLetterQueue::Scan, ALL).await.unwrap_err();
    assert!(error.to_string().starts_with("looking at the dead letters: "), "{error}");
}
