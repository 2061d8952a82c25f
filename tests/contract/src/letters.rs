//! What every way to the dead letters must do, as one suite of checks: a worker's `GiveUp`, a person's `DeadLetters`, and what
//! the use cases make of both.
//!
//! Queues join by implementing [`Office`] and calling `letters_suite!(crate::mine::MyOffice);`. A check looks into the queues
//! around the ports.

pub mod acting;
pub mod giving_up;
pub mod listing;
mod suite;
pub mod taking;

use std::future::Future;

use workflow::{
    WorkQueue,
    dead_letters::{self, DeadLetter, DeadLetterQueue, Record},
    ports::{DeadLetters, GiveUp, Ports},
};

/// Letters in these checks: more than one look gives.
pub const CROWD: usize = 25;

/// More letters than any check has.
pub const ALL: usize = 100;

/// Queues under test with the ports on them, and a way around the ports.
pub trait Office: Sized {
    /// The ports, of which journal, queues and clock are used.
    type Ports: Ports;
    /// A worker's way to the dead letters.
    type Worker: GiveUp;
    /// A person's.
    type Letters: DeadLetters;

    /// Empty queues, that nobody else uses.
    fn open() -> impl Future<Output = Self>;

    /// The ports.
    fn ports(&self) -> &Self::Ports;

    /// The way of the worker on this queue.
    fn worker(&self, queue: WorkQueue) -> &Self::Worker;

    /// A person's way.
    fn letters(&self) -> &Self::Letters;

    /// Sends a text to a queue.
    fn send(&self, queue: WorkQueue, body: &str) -> impl Future<Output = ()>;

    /// Hands out a message as the platform does to a worker, if one can be seen.
    fn hand_out(&self, queue: WorkQueue) -> impl Future<Output = Option<Record>>;

    /// Lets a message that was handed out be seen again, as its time-out does.
    fn come_back(&self, record: &Record) -> impl Future<Output = ()>;

    /// Removes a message that was handed out, as the platform does once it's dealt with.
    fn dealt_with(&self, record: &Record) -> impl Future<Output = ()>;

    /// The texts in a queue.
    fn in_queue(&self, queue: WorkQueue) -> impl Future<Output = Vec<String>>;

    /// Puts a text with the dead letters, from nowhere.
    fn put_letter(&self, queue: DeadLetterQueue, body: &str) -> impl Future<Output = ()>;

    /// The texts of the letters in a queue.
    fn in_letters(&self, queue: DeadLetterQueue) -> impl Future<Output = Vec<String>>;
}

/// A job's message.
pub fn book(agreement: usize) -> String {
    format!(r#"{{"kind":"book.v1","job":"fortnox-1:{agreement}:2026-03-01"}}"#)
}

/// A readable message for each queue.
pub fn message(queue: WorkQueue) -> String {
    match queue {
        WorkQueue::Scan => r#"{"kind":"scan_tenant.v1","tenant":"fortnox-1","page":1,"counted":0}"#.to_owned(),
        WorkQueue::Booking => book(7),
        WorkQueue::Delivery => r#"{"kind":"deliver.v1","job":"fortnox-1:7:2026-03-01"}"#.to_owned(),
        WorkQueue::Sweep => r#"{"kind":"sweep_draft.v1","tenant":"economic-1","draft":148}"#.to_owned(),
        WorkQueue::Prices => r#"{"kind":"prices_tenant.v1","tenant":"fortnox-1"}"#.to_owned(),
        WorkQueue::Digest => r#"{"kind":"digest_tenant.v1","tenant":"fortnox-1"}"#.to_owned(),
    }
}

/// A message that is given up at its last try with these words.
pub async fn given_up<O: Office>(office: &O, queue: WorkQueue, body: &str, error: &str) -> Record {
    office.send(queue, body).await;
    let worker = office.worker(queue);
    for try_ in 1..=worker.most_tries() {
        let record = office.hand_out(queue).await.expect("a message");
        assert_eq!((record.queue, record.body.as_str(), record.tries), (queue, body, Some(try_)));
        if dead_letters::failed(worker, &record, error).await {
            assert_eq!(try_, worker.most_tries(), "given up too early");
            office.dealt_with(&record).await;
            return record;
        }
        office.come_back(&record).await;
    }
    panic!("never given up");
}

/// The letters of a queue, by the port.
pub async fn listed<O: Office>(office: &O, queue: DeadLetterQueue) -> Vec<DeadLetter> {
    let listing = office.letters().list(queue, ALL).await.unwrap();
    assert_eq!(listing.more, 0);
    listing.letters
}

/// The one letter of a queue, by the port.
pub async fn the_letter<O: Office>(office: &O, queue: DeadLetterQueue) -> DeadLetter {
    let letters = listed(office, queue).await;
    let [letter] = &letters[..] else { panic!("one letter: {letters:?}") };
    letter.clone()
}
