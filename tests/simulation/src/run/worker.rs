//! What a worker is started for, and what came of it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::job::JobKey;
use workflow::{
    Message, Notebook, Outcome, PeopleError, book,
    dead_letters::{self, DeadLetterQueue},
    digest, feedback, mail,
    ports::{Clock, PortError},
    prices, scan, sweep,
};

use crate::{
    clock::VirtualClock,
    memory::{Memory, Received},
};

/// The functions' time, as the template gives it.
const SCAN_TIME: TimeDelta = TimeDelta::seconds(300);
const JOB_TIME: TimeDelta = TimeDelta::seconds(120);

/// Why a worker runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Work {
    Tick,
    Register,
    DigestTick,
    RegisterDigests,
    Message(Received),
    /// A person's yes, by their own tool.
    Approve(JobKey),
    /// A person's word that a job is dealt with.
    Skip(JobKey),
    /// A person gives dead letters another chance.
    Redrive(DeadLetterQueue),
}

impl Work {
    /// How long the platform lets it run.
    pub(super) fn time(&self) -> TimeDelta {
        match self {
            Self::Message(received) => match received.message {
                Message::Scan(_) | Message::Sweep(_) | Message::Prices(_) | Message::Digest(_) => SCAN_TIME,
                Message::Booking(_) | Message::Delivery(_) | Message::Feedback(_) => JOB_TIME,
            },
            Self::Tick
            | Self::Register
            | Self::DigestTick
            | Self::RegisterDigests
            | Self::Approve(_)
            | Self::Skip(_)
            | Self::Redrive(_) => SCAN_TIME,
        }
    }
}

/// What came of it.
pub(crate) enum Ended {
    /// It did what it could.
    Settled,
    /// The message is to come again.
    Again(Duration),
    /// A store was down: the message comes again by itself, until it has been handed out too often.
    Failed,
}

/// When the platform ends the invocation.
struct Deadline {
    clock: VirtualClock,
    at: DateTime<Utc>,
}

impl workflow::TimeLeft for Deadline {
    fn time_left(&self) -> Duration {
        (self.at - self.clock.now()).to_std().unwrap_or_default()
    }
}

/// Does it.
pub(super) async fn work(memory: &Memory, notebook: Arc<Notebook>, work: Work) -> (Work, Ended) {
    let ended = match &work {
        Work::Tick => nothing(scan::tick(memory).await),
        Work::Register => nothing(scan::register(memory).await),
        Work::DigestTick => nothing(digest::tick(memory).await),
        Work::RegisterDigests => nothing(digest::register(memory).await),
        Work::Message(received) => message(memory, &notebook, received, work.time()).await,
        Work::Redrive(queue) => {
            let redriven = dead_letters::redrive_all(memory, memory.queues(), "anna", *queue).await;
            if redriven.is_ok() { Ended::Settled } else { Ended::Failed }
        }
        Work::Approve(key) => person(workflow::approve(memory, key, "anna").await),
        Work::Skip(key) => person(workflow::skip(memory, key, "anna").await),
    };
    (work, ended)
}

pub(crate) async fn message(memory: &Memory, notebook: &Notebook, received: &Received, time: TimeDelta) -> Ended {
    let clock = memory.clock().clone();
    let deadline = Deadline { at: clock.now() + time, clock };
    let outcome = match &received.message {
        Message::Scan(message) => scan::work(memory, message, &deadline).await,
        Message::Sweep(message) => sweep::work(memory, message, &deadline).await,
        Message::Prices(message) => prices::work(memory, message, &deadline).await,
        Message::Feedback(message) => feedback::work(memory, message).await,
        Message::Digest(message) => digest::work(memory, memory.mailer(), message).await,
        Message::Booking(message) => book::work(memory, notebook, message).await,
        Message::Delivery(message) => mail::work(memory, memory.mailer(), notebook, message).await,
    };
    match outcome {
        Ok(Outcome::Settled) => Ended::Settled,
        Ok(Outcome::Again(after)) => Ended::Again(after),
        // On its last try it goes to the dead letters with its words; then the queue is done with it.
        Err(error) if dead_letters::failed(memory.queues(), &received.record, &error.in_full()).await => Ended::Settled,
        Err(_) => Ended::Failed,
    }
}

fn nothing(result: Result<(), PortError>) -> Ended {
    result.map_or(Ended::Failed, |()| Ended::Settled)
}

fn person(result: Result<(), PeopleError>) -> Ended {
    result.map_or(Ended::Failed, |()| Ended::Settled)
}
