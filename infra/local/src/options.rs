//! How the local cloud is to run.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};

use crate::binaries::Binaries;

/// How the local cloud is to run. [`Options::new`] gives what most want.
#[derive(Clone, Debug)]
pub struct Options {
    /// `template.yaml`.
    pub template: PathBuf,
    /// Overrides of the template's parameters, such as the address of a Fortnox simulator.
    pub parameters: BTreeMap<String, String>,
    /// Executables of the functions, by name: see [`crate::build`].
    pub binaries: Binaries,
    /// Folder for the clock, the logs, the mails and, with `keep`, the tables and queues.
    pub state: PathBuf,
    /// Go on where an earlier run stopped. Tables are in a file then. Messages are kept by [`LocalCloud::shutdown`](crate::LocalCloud::shutdown) only:
    /// what is in a queue when this process is killed is lost.
    pub keep: bool,
    /// Where the clock starts. Without it: where an earlier run left it with `keep`, else the system clock.
    pub start: Option<DateTime<Utc>>,
    /// Ports; 0 is any free one.
    pub ports: Ports,
    /// Most processes of one function at once, unless the template allows fewer.
    pub sandboxes: usize,
    /// How long a failed message stays hidden, in whole seconds. AWS waits for the queue's visibility timeout.
    pub retry_after: Duration,
    /// Longest delay of a message, in real time; none is as the sender says.
    pub longest_delay: Option<Duration>,
    /// Where the functions find the emulators.
    pub fronts: Fronts,
    /// Keep a tally of what the functions cost: see [`LocalCloud::spent`](crate::LocalCloud::spent).
    pub tally: bool,
}

/// Addresses under which the functions find the emulators, where something stands in between; without one, the
/// emulator's own.
#[derive(Clone, Debug, Default)]
pub struct Fronts {
    /// DynamoDB.
    pub dynamodb: Option<String>,
    /// SQS.
    pub sqs: Option<String>,
    /// SES.
    pub ses: Option<String>,
}

/// Ports of the emulators and of the HTTP API; 0 is any free one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// DynamoDB.
    pub dynamodb: u16,
    /// SQS.
    pub sqs: u16,
    /// SES.
    pub ses: u16,
    /// Secrets Manager.
    pub secrets: u16,
    /// The template's HTTP API.
    pub api: u16,
}

impl Options {
    /// Two processes a function, a second between tries, everything else as the template says.
    pub fn new(template: impl Into<PathBuf>, binaries: Binaries, state: impl Into<PathBuf>) -> Self {
        Self {
            template: template.into(),
            parameters: BTreeMap::new(),
            binaries,
            state: state.into(),
            keep: false,
            start: None,
            ports: Ports::default(),
            // Two find the races that one hides; more only compete for the cores.
            sandboxes: 2,
            retry_after: Duration::from_secs(1),
            longest_delay: Some(Duration::from_secs(1)),
            fronts: Fronts::default(),
            tally: false,
        }
    }
}
