//! Where the stack's tables and queues are: its outputs, as SAM lists them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use cloud::{DeadLetterUrls, Pipeline, SqsDeadLetters, environment::Environment};
use serde::Deserialize;

use crate::error::CliError;

/// A person at the command line asks no accounting system: nobody listens here.
const NOWHERE: &str = "http://127.0.0.1:9";

/// What is written by a person's deed is kept as long as by default; the functions' own setting isn't an output.
const KEEP_DAYS: u32 = 400;

#[derive(Deserialize)]
struct Output {
    #[serde(rename = "OutputKey")]
    key: String,
    #[serde(rename = "OutputValue")]
    value: String,
}

/// The outputs of a stack.
#[derive(Debug)]
pub(crate) struct Stack {
    path: PathBuf,
    outputs: BTreeMap<String, String>,
}

impl Stack {
    /// Reads them.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let broken = |why: String| CliError::Stack { path: path.to_owned(), why };
        let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
        let outputs: Vec<Output> = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        let outputs = outputs.into_iter().map(|output| (output.key, output.value)).collect();
        Ok(Self { path: path.to_owned(), outputs })
    }

    fn output(&self, key: &str) -> Result<String, CliError> {
        let missing = || CliError::Stack { path: self.path.clone(), why: format!("there is no {key} among them") };
        self.outputs.get(key).cloned().ok_or_else(missing)
    }

    /// The ports at this stack, with the rights of whoever is logged in to AWS.
    pub(crate) async fn pipeline(&self) -> Result<Pipeline, CliError> {
        let environment = Environment {
            settings_table: self.output("SettingsTableName")?,
            connections_table: self.output("ConnectionsTableName")?,
            journal_table: self.output("JournalTableName")?,
            scan_queue_url: self.output("ScanQueueUrl")?,
            booking_queue_url: self.output("BookingQueueUrl")?,
            delivery_queue_url: self.output("DeliveryQueueUrl")?,
            sweep_queue_url: self.output("SweepQueueUrl")?,
            prices_queue_url: self.output("PricesQueueUrl")?,
            feedback_queue_url: self.output("FeedbackQueueUrl")?,
            digest_queue_url: self.output("DigestQueueUrl")?,
            fortnox_api_url: NOWHERE.to_owned(),
            fortnox_auth_url: NOWHERE.to_owned(),
            economic_api_url: NOWHERE.to_owned(),
            economic_openapi_url: NOWHERE.to_owned(),
            keep_decisions_days: KEEP_DAYS,
            apps: None,
            clock_file: std::env::var_os("FAKTURAPILOT_CLOCK_FILE").map(PathBuf::from),
        };
        Ok(Pipeline::connect(&environment).await?)
    }

    /// Its dead letters.
    pub(crate) fn letters(&self, pipeline: &Pipeline) -> Result<SqsDeadLetters, CliError> {
        Ok(pipeline.dead_letters(DeadLetterUrls {
            scan: self.output("ScanDeadLettersUrl")?,
            booking: self.output("BookingDeadLettersUrl")?,
            delivery: self.output("DeliveryDeadLettersUrl")?,
            sweep: self.output("SweepDeadLettersUrl")?,
            prices: self.output("PricesDeadLettersUrl")?,
            feedback: self.output("FeedbackDeadLettersUrl")?,
            digest: self.output("DigestDeadLettersUrl")?,
            schedule: self.output("ScheduleDeadLettersUrl")?,
        }))
    }
}
