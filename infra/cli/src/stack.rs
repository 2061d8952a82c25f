//! Where the stack's tables and queues are: its outputs, as SAM lists them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use cloud::{
    Belongings, DeadLetterUrls, Pipeline, SettingsDesk, SqsDeadLetters, TenantTables,
    connect::ConnectDesk,
    environment::{AppEnvironment, ConnectEnvironment, Environment},
};
use serde::Deserialize;

use crate::error::CliError;

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
            fortnox_api_url: self.output("FortnoxApi")?,
            fortnox_auth_url: self.output("FortnoxAuth")?,
            economic_api_url: self.output("EconomicApi")?,
            economic_openapi_url: self.output("EconomicOpenApi")?,
            keep_decisions_days: self.keep_days()?,
            apps: Some(AppEnvironment {
                fortnox_app_secret: self.output("FortnoxAppSecretArn")?,
                economic_app_secret: self.output("EconomicAppSecretArn")?,
            }),
            clock_file: std::env::var_os("FAKTURAPILOT_CLOCK_FILE").map(PathBuf::from),
        };
        Ok(Pipeline::connect(&environment).await?)
    }

    fn keep_days(&self) -> Result<u32, CliError> {
        let days = self.output("KeepDecisions")?;
        days.parse().map_err(|_| CliError::Stack {
            path: self.path.clone(),
            why: format!("KeepDecisions is {days}, which is no number of days"),
        })
    }

    /// What makes invitations.
    pub(crate) fn connect_desk(&self, pipeline: &Pipeline) -> Result<ConnectDesk, CliError> {
        let environment = ConnectEnvironment {
            consents_table: self.output("ConsentsTableName")?,
            economic_grant_url: self.output("EconomicGrant")?,
        };
        Ok(pipeline.connect_desk(environment))
    }

    /// Where the HTTP API is.
    pub(crate) fn public(&self) -> Result<String, CliError> {
        Ok(self.output("HttpApiUrl")?.trim_end_matches('/').to_owned())
    }

    /// Settings as they're written.
    pub(crate) fn settings(&self, pipeline: &Pipeline) -> Result<SettingsDesk, CliError> {
        Ok(pipeline.settings_desk(self.output("SettingsTableName")?))
    }

    /// All that is stored of companies.
    pub(crate) fn belongings(&self, pipeline: &Pipeline) -> Result<Belongings, CliError> {
        Ok(pipeline.belongings(TenantTables {
            consents: self.output("ConsentsTableName")?,
            settings: self.output("SettingsTableName")?,
            connections: self.output("ConnectionsTableName")?,
            signal_secrets: self.output("SignalSecretsTableName")?,
            journal: self.output("JournalTableName")?,
        }))
    }

    /// What the names of the companies' configuration sets begin with.
    pub(crate) fn mail_sets(&self) -> Result<String, CliError> {
        self.output("MailConfigurationSetName")
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
