//! A person with the operator's rights: the program's own code, over whatever emulators there are.

use std::{path::PathBuf, time::Duration};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use cloud::{
    DeadLetterUrls, Pipeline, SqsDeadLetters, SqsGiveUp,
    connect::ConnectDesk,
    environment::{ConnectEnvironment, Environment, WorkerEnvironment},
};
use workflow::{WorkQueue, dead_letters::DeadLetterQueue, ports::Ports};

use crate::StageError;

/// Where nobody listens: an operator asks no accounting system.
const NOWHERE: &str = "http://127.0.0.1:9";

/// How long a letter is in somebody's hands: longer than the look of another, and no longer than a test may wait for it.
const HELD_FOR: Duration = Duration::from_secs(3);

/// The ports, with tables and queues at two addresses.
#[derive(Debug)]
pub struct Operator {
    tables: Pipeline,
    queues: Pipeline,
    letters: SqsDeadLetters,
}

impl Operator {
    /// One at the tables of the DynamoDB at `dynamodb` and the queues of the SQS at `sqs`, whose addresses `queue_url` knows,
    /// with the time that `clock_file` moves.
    pub fn new(
        dynamodb: &str,
        sqs: &str,
        region: &'static str,
        queue_url: impl Fn(&str) -> String,
        clock_file: Option<PathBuf>,
    ) -> Result<Self, StageError> {
        let environment = Environment {
            settings_table: "SettingsTable".to_owned(),
            connections_table: "ConnectionsTable".to_owned(),
            journal_table: "JournalTable".to_owned(),
            scan_queue_url: queue_url(queue_name(WorkQueue::Scan)),
            booking_queue_url: queue_url(queue_name(WorkQueue::Booking)),
            delivery_queue_url: queue_url(queue_name(WorkQueue::Delivery)),
            sweep_queue_url: queue_url(queue_name(WorkQueue::Sweep)),
            prices_queue_url: queue_url(queue_name(WorkQueue::Prices)),
            digest_queue_url: queue_url(queue_name(WorkQueue::Digest)),
            fortnox_api_url: NOWHERE.to_owned(),
            fortnox_auth_url: NOWHERE.to_owned(),
            economic_api_url: NOWHERE.to_owned(),
            economic_openapi_url: NOWHERE.to_owned(),
            keep_decisions_days: 1,
            apps: None,
            clock_file,
        };
        let letters_url = |queue| queue_url(letters_name(queue));
        let urls = DeadLetterUrls {
            scan: letters_url(DeadLetterQueue::Scan),
            booking: letters_url(DeadLetterQueue::Booking),
            delivery: letters_url(DeadLetterQueue::Delivery),
            sweep: letters_url(DeadLetterQueue::Sweep),
            prices: letters_url(DeadLetterQueue::Prices),
            digest: letters_url(DeadLetterQueue::Digest),
            schedule: letters_url(DeadLetterQueue::Schedule),
        };
        let queues = Pipeline::over(aws(sqs, region), &environment)?;
        let letters = queues.dead_letters(urls).held_for(HELD_FOR);
        Ok(Self { tables: Pipeline::over(aws(dynamodb, region), &environment)?, queues, letters })
    }

    /// The dead letters.
    pub fn letters(&self) -> &SqsDeadLetters {
        &self.letters
    }

    /// What invites companies to connect.
    pub fn connect_desk(&self) -> ConnectDesk {
        self.tables.connect_desk(ConnectEnvironment {
            consents_table: "ConsentsTable".to_owned(),
            economic_grant_url: NOWHERE.to_owned(),
        })
    }

    /// What a worker with this environment gives up by.
    pub fn worker(&self, environment: WorkerEnvironment) -> SqsGiveUp {
        self.queues.give_up(environment)
    }
}

impl Ports for Operator {
    type Accounting = <Pipeline as Ports>::Accounting;
    type Settings = <Pipeline as Ports>::Settings;
    type Journal = <Pipeline as Ports>::Journal;
    type Signals = <Pipeline as Ports>::Signals;
    type Prices = <Pipeline as Ports>::Prices;
    type Queues = <Pipeline as Ports>::Queues;
    type Clock = <Pipeline as Ports>::Clock;

    fn accounting(&self) -> &Self::Accounting {
        self.tables.accounting()
    }

    fn settings(&self) -> &Self::Settings {
        self.tables.settings()
    }

    fn journal(&self) -> &Self::Journal {
        self.tables.journal()
    }

    fn signals(&self) -> &Self::Signals {
        self.tables.signals()
    }

    fn prices(&self) -> &Self::Prices {
        self.tables.prices()
    }

    fn queues(&self) -> &Self::Queues {
        self.queues.queues()
    }

    fn clock(&self) -> &Self::Clock {
        self.tables.clock()
    }
}

fn aws(url: &str, region: &'static str) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// The template's name of a work queue.
pub fn queue_name(queue: WorkQueue) -> &'static str {
    match queue {
        WorkQueue::Scan => "ScanQueue",
        WorkQueue::Booking => "BookingQueue",
        WorkQueue::Delivery => "DeliveryQueue",
        WorkQueue::Sweep => "SweepQueue",
        WorkQueue::Prices => "PricesQueue",
        WorkQueue::Digest => "DigestQueue",
    }
}

/// The template's name of a dead letter queue.
pub fn letters_name(queue: DeadLetterQueue) -> &'static str {
    match queue {
        DeadLetterQueue::Scan => "ScanDeadLetters",
        DeadLetterQueue::Booking => "BookingDeadLetters",
        DeadLetterQueue::Delivery => "DeliveryDeadLetters",
        DeadLetterQueue::Sweep => "SweepDeadLetters",
        DeadLetterQueue::Prices => "PricesDeadLetters",
        DeadLetterQueue::Digest => "DigestDeadLetters",
        DeadLetterQueue::Schedule => "ScheduleDeadLetters",
    }
}
