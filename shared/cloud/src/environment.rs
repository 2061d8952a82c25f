//! What a function is told, read once at its start. Each field says which variable feeds it.

use std::{fmt, num::NonZeroU32, path::PathBuf, str::FromStr};

use domain::letters::{
    address::MailAddress,
    mime::{ConfigurationSet, SetPrefix},
};

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
    /// `FEEDBACK_QUEUE_URL`
    pub feedback_queue_url: String,
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
            feedback_queue_url: variable("FEEDBACK_QUEUE_URL")?,
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
    /// `SES_CONFIGURATION_SET`: the stack's own one, which the names of the tenants' begin with.
    pub sets: SetPrefix,
    /// `MAIL_EVENT_BUS_ARN`: where what becomes of mails is told.
    pub event_bus: EventBus,
}

/// The account's own event bus, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBus(String);

impl EventBus {
    /// The ARN.
    pub fn arn(&self) -> &str {
        &self.0
    }

    /// The ARN of a configuration set in the same partition, region and account.
    pub(crate) fn set_arn(&self, set: &ConfigurationSet) -> String {
        let mut parts = self.0.split(':').skip(1);
        let mut part = || parts.next().unwrap_or_default();
        let (partition, _events, region, account) = (part(), part(), part(), part());
        format!("arn:{partition}:ses:{region}:{account}:configuration-set/{set}")
    }
}

impl FromStr for EventBus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["arn", partition, "events", region, account, bus]
                if bus.starts_with("event-bus/") && ![partition, region, account].contains(&"") =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err("must be arn:<partition>:events:<region>:<account>:event-bus/<name>"),
        }
    }
}

impl MailEnvironment {
    /// Reads it.
    pub fn read() -> Result<Self, EnvironmentError> {
        let name = "SENDER_ADDRESS";
        let sender = variable(name)?
            .parse()
            .map_err(|problem| EnvironmentError { name, problem: format!("is no mail address: {problem}") })?;
        let name = "SES_CONFIGURATION_SET";
        let sets = variable(name)?.parse().map_err(|problem| EnvironmentError {
            name,
            problem: format!("{problem}: at most {} characters", SetPrefix::MAX_CHARS),
        })?;
        let name = "MAIL_EVENT_BUS_ARN";
        let problem = |problem: &str| EnvironmentError { name, problem: problem.to_owned() };
        let event_bus = variable(name)?.parse().map_err(problem)?;
        Ok(Self { sender, sets, event_bus })
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_configuration_set_is_where_the_event_bus_is() {
        let bus: EventBus = "arn:aws-cn:events:eu-north-1:000000000000:event-bus/default".parse().unwrap();
        let set = "fakturapilot-fortnox-1".parse().unwrap();
        let arn = "arn:aws-cn:ses:eu-north-1:000000000000:configuration-set/fakturapilot-fortnox-1";
        assert_eq!(bus.set_arn(&set), arn);
        for wrong in ["", "default", "arn:aws:events:eu-north-1::event-bus/default", "arn:aws:sqs:a:b:event-bus/c"] {
            assert!(wrong.parse::<EventBus>().is_err(), "{wrong}");
        }
    }
}
