//! All ports together, as the functions use them.

use std::{sync::Arc, time::Duration};

use accounting::{EconomicSystem, FortnoxSystem, Systems};
use aws_config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::SharedHttpClient;
use chrono::TimeDelta;
use economic::LocalPacer;
use fortnox::{Client as FortnoxClient, HttpClient, SetupError, Timeouts};
use workflow::ports::Ports;

use crate::{
    apps::Apps,
    belongings::{Belongings, TenantTables},
    clock::SystemClock,
    connect::{ConnectDesk, DynamoConsents, SystemsConnector},
    connections::DynamoConnections,
    counted::Counted,
    dead_letters::{DeadLetterUrls, SqsDeadLetters, SqsGiveUp},
    environment::{ApiEnvironment, ConnectEnvironment, Environment, MailEnvironment, WorkerEnvironment},
    journal::DynamoJournal,
    mailer::SesMailer,
    mails::DynamoMails,
    pace::{LONGEST_WAIT, SharedPacer},
    prices::DynamoPrices,
    queues::SqsQueues,
    random::SystemRandomness,
    settings::{DynamoSettings, SettingsDesk},
    signals::{DynamoSignalSecrets, DynamoSignals},
};

/// A call to an accounting system from its first byte to its last. With the wait for a slot this stays under
/// `domain::job::CALL_LIMIT`, which observers count on.
const ACCOUNTING_ANSWER: Duration = Duration::from_secs(20);
/// A connection to it.
const ACCOUNTING_CONNECT: Duration = Duration::from_secs(5);
/// A call to SES, in all: under `CALL_LIMIT` too.
const SES_ANSWER: Duration = Duration::from_secs(20);
/// What is asked of SES besides is tried so often.
const SES_DESK_TRIES: u32 = 3;
/// And after about this long: SES takes one such call a second (source: SES quotas).
const SES_DESK_PAUSE: Duration = Duration::from_secs(1);
/// One try of a call to DynamoDB or SQS. They answer in milliseconds; a try that hangs is better made anew.
const AWS_TRY: Duration = Duration::from_secs(3);

/// Why a function can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address in the environment is wrong.
    #[error("the address of Fortnox can't be used: {0}")]
    Fortnox(#[source] SetupError),
    /// TLS can't be set up, such as on a machine without root certificates.
    #[error("no accounting system can be called: {0}")]
    NoCalls(#[source] SetupError),
}

/// Both accounting systems, as the functions reach them.
///
/// Fortnox's rate is shared through the journal. e-conomic tells in each answer how much of its own is used, whoever used it,
/// so each worker goes by that.
type Accounting = Systems<
    FortnoxSystem<DynamoConnections, Arc<SharedPacer>>,
    EconomicSystem<DynamoConnections, Counted<Arc<LocalPacer>>>,
>;

/// The ports over AWS and the accounting systems.
#[derive(Debug)]
pub struct Pipeline {
    http: HttpClient,
    accounting: Accounting,
    connections: DynamoConnections,
    connector: SystemsConnector,
    settings: DynamoSettings,
    journal: DynamoJournal,
    signals: DynamoSignals,
    prices: DynamoPrices,
    mails: DynamoMails,
    queues: SqsQueues,
    clock: SystemClock,
    aws: aws_config::SdkConfig,
}

/// One HTTP client for all of AWS's services. Each of the SDK's clients would otherwise make its own, with a TLS configuration and
/// connections that no other can use.
fn https() -> SharedHttpClient {
    use aws_smithy_http_client::{
        Builder,
        tls::{Provider, rustls_provider::CryptoMode},
    };
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
}

impl Pipeline {
    /// Makes the clients for the AWS account that this process belongs to. No call goes out yet.
    pub async fn connect(environment: &Environment) -> Result<Self, StartError> {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(AWS_TRY).build();
        let aws = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).http_client(https());
        Self::over(aws.load().await, environment)
    }

    /// Makes the clients for the AWS of `aws`, such as an emulator. No call goes out yet.
    pub fn over(aws: aws_config::SdkConfig, environment: &Environment) -> Result<Self, StartError> {
        let dynamo = aws_sdk_dynamodb::Client::new(&aws);
        let clock = SystemClock::new(environment.clock_file.clone());
        let http = HttpClient::new(Timeouts { connect: ACCOUNTING_CONNECT, answer: ACCOUNTING_ANSWER });
        let pacer = Arc::new(SharedPacer::new(dynamo.clone(), environment.journal_table.clone(), clock.clone()));
        let secrets = aws_sdk_secretsmanager::Client::new(&aws);
        let apps = Apps::new(secrets, environment.apps.clone(), clock.clone());
        let connections = DynamoConnections::new(
            dynamo.clone(),
            environment.connections_table.clone(),
            http.clone(),
            environment.fortnox_auth_url.clone(),
            apps.clone(),
            clock.clone(),
        );
        let fortnox = FortnoxClient::new(http.clone(), &environment.fortnox_api_url, Arc::clone(&pacer))
            .map_err(StartError::Fortnox)?;
        let at = economic::Settings {
            rest_url: environment.economic_api_url.clone(),
            open_api_url: environment.economic_openapi_url.clone(),
            ..economic::Settings::default()
        };
        let connector = SystemsConnector {
            client: dynamo.clone(),
            pacer,
            connections_table: environment.connections_table.clone(),
            apps,
            http: http.clone(),
            fortnox_auth_url: environment.fortnox_auth_url.clone(),
            fortnox_api_url: environment.fortnox_api_url.clone(),
            economic: at.clone(),
            economic_grant_url: String::new(),
            clock: clock.clone(),
        };
        let economic = EconomicSystem::new(
            http.clone(),
            at,
            Counted(Arc::new(LocalPacer::new(LONGEST_WAIT))),
            connections.clone(),
        );
        let queues = SqsQueues::new(aws_sdk_sqs::Client::new(&aws), environment);
        let keep_pages = TimeDelta::days(i64::from(environment.keep_decisions_days));
        Ok(Self {
            http,
            accounting: Systems::new(FortnoxSystem::new(fortnox, connections.clone()), economic),
            connections,
            connector,
            settings: DynamoSettings::new(dynamo.clone(), environment.settings_table.clone()),
            signals: DynamoSignals::new(dynamo.clone(), environment.journal_table.clone()),
            prices: DynamoPrices::new(dynamo.clone(), environment.journal_table.clone()),
            mails: DynamoMails::new(dynamo.clone(), environment.journal_table.clone(), keep_pages),
            journal: DynamoJournal::new(dynamo, environment.journal_table.clone(), keep_pages),
            queues,
            clock,
            aws,
        })
    }

    /// Gets ready to call accounting systems, and opens the connection to DynamoDB. For a function's start: until it first asks for work
    /// it has two whole processors, and afterwards as much of one as its memory is of 1 769 MB, which a TLS handshake and the reading of
    /// root certificates would feel. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
    pub async fn warm(&self) -> Result<(), StartError> {
        self.ready_to_call()?;
        self.connections.warm().await;
        Ok(())
    }

    /// Gets ready to call accounting systems, which a function that calls none is spared.
    pub fn ready_to_call(&self) -> Result<(), StartError> {
        self.http.set_up().map_err(StartError::NoCalls)
    }

    /// The mail service. The client that sends never repeats a call: SES has no idempotency key, so a lost answer must stay unknown. What
    /// else is asked of SES may be repeated, and is, at the pace of its one such call a second.
    pub fn mailer(&self, environment: MailEnvironment) -> SesMailer {
        let config = |retries: RetryConfig, timeouts: TimeoutConfig| {
            let config = aws_sdk_sesv2::config::Builder::from(&self.aws);
            aws_sdk_sesv2::Client::from_conf(config.retry_config(retries).timeout_config(timeouts).build())
        };
        let client = config(RetryConfig::disabled(), TimeoutConfig::builder().operation_timeout(SES_ANSWER).build());
        let patient = RetryConfig::standard().with_max_attempts(SES_DESK_TRIES).with_initial_backoff(SES_DESK_PAUSE);
        let desk = config(patient, TimeoutConfig::builder().operation_attempt_timeout(AWS_TRY).build());
        SesMailer::new(client, desk, environment, self.clock.clone())
    }

    /// A worker's way to the dead letters of its queue.
    pub fn give_up(&self, environment: WorkerEnvironment) -> SqsGiveUp {
        SqsGiveUp::new(aws_sdk_sqs::Client::new(&self.aws), environment)
    }

    /// The tenants' credentials.
    pub fn connections(&self) -> &DynamoConnections {
        &self.connections
    }

    /// What connects companies.
    pub fn connect_desk(&self, environment: ConnectEnvironment) -> ConnectDesk {
        let connector =
            SystemsConnector { economic_grant_url: environment.economic_grant_url, ..self.connector.clone() };
        let client = aws_sdk_dynamodb::Client::new(&self.aws);
        ConnectDesk {
            consents: DynamoConsents::new(client, environment.consents_table),
            connector,
            profiles: self.settings.clone(),
            clock: self.clock.clone(),
            randomness: SystemRandomness,
            queues: self.queues.clone(),
        }
    }

    /// What integrations sign with. Only the HTTP API has a right to it.
    pub fn signal_secrets(&self, environment: ApiEnvironment) -> DynamoSignalSecrets {
        DynamoSignalSecrets::new(aws_sdk_dynamodb::Client::new(&self.aws), environment.signal_secrets_table)
    }

    /// A person's way to settings as they're written. The functions have no right to write them.
    pub fn settings_desk(&self, table: String) -> SettingsDesk {
        SettingsDesk::new(aws_sdk_dynamodb::Client::new(&self.aws), table)
    }

    /// All that is stored of tenants, for whoever may erase it.
    pub fn belongings(&self, tables: TenantTables) -> Belongings {
        Belongings::new(aws_sdk_dynamodb::Client::new(&self.aws), tables)
    }

    /// A person's way to all dead letters. The functions have no right to it.
    pub fn dead_letters(&self, urls: DeadLetterUrls) -> SqsDeadLetters {
        SqsDeadLetters::new(aws_sdk_sqs::Client::new(&self.aws), urls)
    }
}

impl Ports for Pipeline {
    type Accounting = Accounting;
    type Settings = DynamoSettings;
    type Journal = DynamoJournal;
    type Signals = DynamoSignals;
    type Prices = DynamoPrices;
    type Mails = DynamoMails;
    type Queues = SqsQueues;
    type Clock = SystemClock;

    fn accounting(&self) -> &Self::Accounting {
        &self.accounting
    }

    fn settings(&self) -> &Self::Settings {
        &self.settings
    }

    fn journal(&self) -> &Self::Journal {
        &self.journal
    }

    fn signals(&self) -> &Self::Signals {
        &self.signals
    }

    fn prices(&self) -> &Self::Prices {
        &self.prices
    }

    fn mails(&self) -> &Self::Mails {
        &self.mails
    }

    fn queues(&self) -> &Self::Queues {
        &self.queues
    }

    fn clock(&self) -> &Self::Clock {
        &self.clock
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::job::{CALL_LIMIT, LEASE};

    use super::{ACCOUNTING_ANSWER, SES_ANSWER};
    use crate::{
        mailer::{account, sets},
        pace::{LONGEST_SEARCH, LONGEST_WAIT},
    };

    /// An observer takes an effect for not done once a call can't be on its way any more: so no call may take longer.
    #[test]
    fn no_call_takes_longer_than_observers_count_on() {
        let fortnox = LONGEST_SEARCH + LONGEST_WAIT + ACCOUNTING_ANSWER;
        assert!(TimeDelta::from_std(fortnox).is_ok_and(|longest| longest <= CALL_LIMIT && longest < LEASE));
        let mail = account::LONGEST_WAIT + SES_ANSWER;
        assert!(TimeDelta::from_std(mail).is_ok_and(|longest| longest <= CALL_LIMIT));
        // And a company's first mail is through with its configuration set before another worker takes its job.
        assert!(TimeDelta::from_std(mail + sets::MADE_WITHIN).is_ok_and(|longest| longest < LEASE));
    }
}
