//! What a function is told, read once at its start. Each field says which variable feeds it.

use std::{fmt, num::NonZeroU32, path::PathBuf};

use domain::letters::address::MailAddress;

/// A variable that is missing or wrong.
#[derive(thiserror::Error)]
#[error("the environment variable {name} {problem}")]
pub struct EnvironmentError {
    /// Which.
    pub name: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// A function that can't start ends by showing this, and the sentence is what a person needs.
impl fmt::Debug for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What every function is told.
#[derive(Debug, Clone)]
pub struct Environment {
    /// `SETTINGS_TABLE`
    pub settings_table: String,
    /// `CONNECTIONS_TABLE`
    pub connections_table: String,
    /// `JOURNAL_TABLE`
    pub journal_table: String,
    /// `SCAN_QUEUE_URL`
    pub scan_queue_url: String,
    /// `BOOKING_QUEUE_URL`
    pub booking_queue_url: String,
    /// `DELIVERY_QUEUE_URL`
    pub delivery_queue_url: String,
    /// `SWEEP_QUEUE_URL`
    pub sweep_queue_url: String,
    /// `PRICES_QUEUE_URL`
    pub prices_queue_url: String,
    /// `DIGEST_QUEUE_URL`
    pub digest_queue_url: String,
    /// `FORTNOX_API_URL`
    pub fortnox_api_url: String,
    /// `FORTNOX_AUTH_URL`
    pub fortnox_auth_url: String,
    /// `ECONOMIC_API_URL`: the REST API.
    pub economic_api_url: String,
    /// `ECONOMIC_OPENAPI_URL`: the newer APIs.
    pub economic_openapi_url: String,
    /// `KEEP_DECISIONS_DAYS`: how long the pages of a scan are kept.
    pub keep_decisions_days: u32,
    /// Our own credentials, for a function that calls accounting systems: see [`Environment::with_apps`].
    pub apps: Option<AppEnvironment>,
    /// `FAKTURAPILOT_CLOCK_FILE`, set on one machine only: a file with an offset in milliseconds to the system's clock.
    pub clock_file: Option<PathBuf>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        Ok(Self {
            settings_table: variable("SETTINGS_TABLE")?,
            connections_table: variable("CONNECTIONS_TABLE")?,
            journal_table: variable("JOURNAL_TABLE")?,
            scan_queue_url: variable("SCAN_QUEUE_URL")?,
            booking_queue_url: variable("BOOKING_QUEUE_URL")?,
            delivery_queue_url: variable("DELIVERY_QUEUE_URL")?,
            sweep_queue_url: variable("SWEEP_QUEUE_URL")?,
            prices_queue_url: variable("PRICES_QUEUE_URL")?,
            digest_queue_url: variable("DIGEST_QUEUE_URL")?,
            fortnox_api_url: variable("FORTNOX_API_URL")?,
            fortnox_auth_url: variable("FORTNOX_AUTH_URL")?,
            economic_api_url: variable("ECONOMIC_API_URL")?,
            economic_openapi_url: variable("ECONOMIC_OPENAPI_URL")?,
            keep_decisions_days: days("KEEP_DECISIONS_DAYS")?,
            apps: None,
            clock_file: std::env::var_os("FAKTURAPILOT_CLOCK_FILE").map(PathBuf::from),
        })
    }
}

impl Environment {
    /// The same with the names of our own credentials, for a function that calls accounting systems.
    pub fn with_apps(self) -> Result<Self, EnvironmentError> {
        Ok(Self { apps: Some(AppEnvironment::read()?), ..self })
    }
}

/// Where our own credentials at the accounting systems are, in Secrets Manager.
#[derive(Debug, Clone)]
pub struct AppEnvironment {
    /// `FORTNOX_APP_SECRET`: the secret's ARN.
    pub fortnox_app_secret: String,
    /// `ECONOMIC_APP_SECRET`: the secret's ARN.
    pub economic_app_secret: String,
}

impl AppEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        let (fortnox_app_secret, economic_app_secret) =
            (variable("FORTNOX_APP_SECRET")?, variable("ECONOMIC_APP_SECRET")?);
        Ok(Self { fortnox_app_secret, economic_app_secret })
    }
}

/// What the function that connects companies is told besides.
#[derive(Debug, Clone)]
pub struct ConnectEnvironment {
    /// `CONSENTS_TABLE`
    pub consents_table: String,
    /// `ECONOMIC_GRANT_URL`: where e-conomic's consent page is.
    pub economic_grant_url: String,
}

impl ConnectEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        Ok(Self { consents_table: variable("CONSENTS_TABLE")?, economic_grant_url: variable("ECONOMIC_GRANT_URL")? })
    }
}

/// What the mailing function is told besides.
#[derive(Debug, Clone)]
pub struct MailEnvironment {
    /// `SENDER_ADDRESS`
    pub sender: MailAddress,
    /// `SES_CONFIGURATION_SET`
    pub configuration_set: String,
}

impl MailEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        let name = "SENDER_ADDRESS";
        let sender = variable(name)?
            .parse()
            .map_err(|problem| EnvironmentError { name, problem: format!("is no mail address: {problem}") })?;
        Ok(Self { sender, configuration_set: variable("SES_CONFIGURATION_SET")? })
    }
}

/// What a function that works on a queue is told besides.
#[derive(Debug, Clone)]
pub struct WorkerEnvironment {
    /// `DEAD_LETTERS_URL`: the dead letters of the queue it works on.
    pub dead_letters_url: String,
    /// `MAX_RECEIVE_COUNT`: how often that queue hands a message out before it moves it there by itself.
    pub max_receive_count: NonZeroU32,
}

impl WorkerEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        let name = "MAX_RECEIVE_COUNT";
        let count = variable(name)?;
        let max_receive_count = count
            .parse()
            .map_err(|_| EnvironmentError { name, problem: format!("must be a number from 1, not {count}") })?;
        Ok(Self { dead_letters_url: variable("DEAD_LETTERS_URL")?, max_receive_count })
    }
}

/// What the HTTP API is told besides.
#[derive(Debug, Clone)]
pub struct ApiEnvironment {
    /// `SIGNAL_SECRETS_TABLE`
    pub signal_secrets_table: String,
}

impl ApiEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        Ok(Self { signal_secrets_table: variable("SIGNAL_SECRETS_TABLE")? })
    }
}

fn variable(name: &'static str) -> Result<String, EnvironmentError> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(value),
        _ => Err(EnvironmentError { name, problem: "is not set; template.yaml gives it".to_owned() }),
    }
}

fn days(name: &'static str) -> Result<u32, EnvironmentError> {
    let text = variable(name)?;
    text.parse().map_err(|_| EnvironmentError { name, problem: format!("must be a number of days, not {text}") })
}
