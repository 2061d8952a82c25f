//! Our own credentials at the accounting systems, from Secrets Manager: one secret for each system, as JSON.
//!
//! `{"client_id": …, "client_secret": …}` for Fortnox, `{"app_secret_token": …, "app_public_token": …}` for e-conomic.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use accounting::TokenError;
use aws_sdk_secretsmanager::{Client, error::DisplayErrorContext, operation::get_secret_value::GetSecretValueError};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use workflow::ports::{Clock, PortError};

use crate::{clock::SystemClock, environment::AppEnvironment};

/// How long they are used without another look, so that a new one counts soon and a look costs next to nothing.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(5);

/// Our integration at Fortnox.
#[derive(Clone, Deserialize)]
pub(crate) struct FortnoxApp {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

/// Our app at e-conomic.
#[derive(Clone, Deserialize)]
pub(crate) struct EconomicApp {
    /// `X-AppSecretToken`
    pub(crate) app_secret_token: String,
    /// What names the app on the consent page. No secret.
    pub(crate) app_public_token: String,
}

/// Why they can't be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    /// The operator has to put them there.
    #[error("our own credentials at {system} are not in Secrets Manager: {problem}")]
    Missing { system: &'static str, problem: String },
    /// May be tried again.
    #[error("our own credentials at {system} can't be read now: {problem}")]
    Unavailable { system: &'static str, problem: String },
}

impl From<AppError> for TokenError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Missing { .. } => Self::Blocked {
                problem: error.to_string(),
                advice: "put the app's credentials into its secret, as docs/connect.md says".to_owned(),
            },
            AppError::Unavailable { .. } => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<AppError> for PortError {
    fn from(error: AppError) -> Self {
        Self::new("reading our own credentials", error)
    }
}

/// One secret as it was last read.
type Known<T> = Arc<Mutex<Option<(T, DateTime<Utc>)>>>;

/// The secrets. Clones share what they know.
#[derive(Clone)]
pub(crate) struct Apps {
    client: Client,
    names: Option<AppEnvironment>,
    clock: SystemClock,
    fortnox: Known<FortnoxApp>,
    economic: Known<EconomicApp>,
}

/// Without the secrets.
impl fmt::Debug for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apps").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Apps {
    pub(crate) fn new(client: Client, names: Option<AppEnvironment>, clock: SystemClock) -> Self {
        Self { client, names, clock, fortnox: Arc::default(), economic: Arc::default() }
    }

    /// Our integration at Fortnox.
    pub(crate) async fn fortnox(&self) -> Result<FortnoxApp, AppError> {
        self.known_or_read("Fortnox", &self.fortnox, |names| &names.fortnox_app_secret).await
    }

    /// Our app at e-conomic.
    pub(crate) async fn economic(&self) -> Result<EconomicApp, AppError> {
        self.known_or_read("e-conomic", &self.economic, |names| &names.economic_app_secret).await
    }

    /// Has Fortnox's read anew: it was not accepted, so it may have been replaced.
    pub(crate) fn forget_fortnox(&self) {
        *self.fortnox.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Has e-conomic's read anew.
    pub(crate) fn forget_economic(&self) {
        *self.economic.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn known_or_read<T: Clone + DeserializeOwned>(
        &self,
        system: &'static str,
        known: &Known<T>,
        name: impl Fn(&AppEnvironment) -> &String,
    ) -> Result<T, AppError> {
        let now = self.clock.now();
        {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((app, _)) = known.as_ref().filter(|(_, read_at)| (now - *read_at).abs() < KNOWN_FOR) {
                return Ok(app.clone());
            }
        }
        let missing = |problem: &str| AppError::Missing { system, problem: problem.to_owned() };
        let names = self.names.as_ref().ok_or_else(|| missing("this function was given no name of a secret"))?;
        let app: T = self.read(system, name(names)).await?;
        *known.lock().unwrap_or_else(PoisonError::into_inner) = Some((app.clone(), now));
        Ok(app)
    }

    async fn read<T: DeserializeOwned>(&self, system: &'static str, name: &str) -> Result<T, AppError> {
        let missing = |problem: &str| AppError::Missing { system, problem: problem.to_owned() };
        let answer = self.client.get_secret_value().secret_id(name).send().await.map_err(|error| {
            if error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) {
                return missing("the secret has no value");
            }
            AppError::Unavailable { system, problem: DisplayErrorContext(&error).to_string() }
        })?;
        let text = answer.secret_string().ok_or_else(|| missing("the secret is no text"))?;
        // serde's own words would quote the secret.
        serde_json::from_str(text).map_err(|_| missing("the secret is no JSON object with all that it must hold"))
    }
}
