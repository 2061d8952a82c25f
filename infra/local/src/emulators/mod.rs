//! DynamoDB, SQS, SES and Secrets Manager in this process, each on a loopback port that any AWS SDK or the AWS CLI can use.

mod dynamodb;
mod item;
mod leftovers;
mod outage;
mod secrets;
mod ses;
mod sqs;
mod wire;

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::body::Bytes;
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    access::{Access, Gate, Service},
    activity::Activity,
    tally::Tally,
    template::{Place, Template},
};

pub(crate) use dynamodb::Dynamo;
pub use outage::Emulator;
pub(crate) use secrets::Secrets;
pub(crate) use ses::{Events, Ses};
pub use ses::{Mail, MailAllowance, MailSet};
pub(crate) use sqs::Sqs;

/// Largest body of a request or an answer, far above what SQS takes.
const MAX_BODY_BYTES: usize = 24 * 1024 * 1024;

/// An emulator did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// Its port cannot be had. Worth repeating with another port.
    #[error("cannot listen on port {port}: {source}")]
    Port {
        /// Port asked for; 0 is any.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// It refused a request, in its own words. Repeating gives the same answer.
    #[error("{service} {action}: {reason}")]
    Refused {
        /// Which.
        service: &'static str,
        /// The request.
        action: String,
        /// Its words.
        reason: String,
    },
    /// Something is missing that the request names.
    #[error("there is no {kind} called {name}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The state folder holds a table with other keys than the template's: it was made by an older template.
    #[error("table {table} in the state folder has other keys than the template; start with a new state folder")]
    OtherTable {
        /// Its name.
        table: String,
    },
    /// The state folder cannot be read or written. Worth repeating once that is put right.
    #[error("state folder: {0}")]
    Io(#[from] std::io::Error),
    /// What the state folder holds is not what this version wrote.
    #[error("state folder: {0}")]
    State(#[from] serde_json::Error),
    /// Messages were still in hand when the queues had to be stored.
    #[error("{queue} still had messages in hand after {waited:?}")]
    NotDrained {
        /// The queue.
        queue: String,
        /// How long it was given.
        waited: Duration,
    },
}

/// Listener of one emulator, on the loopback address only.
pub(crate) async fn listen(port: u16) -> Result<TcpListener, EmulatorError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| EmulatorError::Port { port, source })
}

/// `http://127.0.0.1:PORT` of a listener.
pub(crate) fn url(listener: &TcpListener) -> Result<String, EmulatorError> {
    Ok(format!("http://{}", listener.local_addr()?))
}

/// The listeners, bound before the template is read, since queue addresses are part of what it resolves to.
pub(crate) struct Listeners {
    pub(crate) dynamodb: TcpListener,
    pub(crate) sqs: TcpListener,
    pub(crate) ses: TcpListener,
    pub(crate) secrets: TcpListener,
}

/// The emulators; they serve until this is dropped.
pub(crate) struct Emulators {
    pub(crate) dynamodb: Dynamo,
    pub(crate) sqs: Sqs,
    pub(crate) ses: Ses,
    pub(crate) secrets: Secrets,
    servers: outage::Servers,
}

/// What the emulators need beside the template.
pub(crate) struct Setting<'a> {
    pub(crate) place: &'a Place,
    pub(crate) activity: &'a Activity,
    pub(crate) state: &'a std::path::Path,
    /// Keep the tables in the state folder.
    pub(crate) keep: bool,
    /// Domain or address that mails may be sent under.
    pub(crate) sender_identity: Option<&'a str>,
    /// Longest delay of a message in real time.
    pub(crate) longest_delay: Option<Duration>,
    /// What the functions may do. Everything without it.
    pub(crate) access: Option<&'a Arc<Access>>,
    /// Where their calls are counted.
    pub(crate) tally: &'a Tally,
}

impl Setting<'_> {
    /// What stands before a service.
    fn gate(&self, service: Service) -> Gate {
        Gate::new(self.access.cloned(), service, self.tally.clone())
    }
}

impl Emulators {
    /// Starts them, with the template's tables and queues.
    pub(crate) async fn start(
        listeners: Listeners,
        template: &Template,
        setting: &Setting<'_>,
    ) -> Result<Self, EmulatorError> {
        let (mut tables, mut queues, mut mails) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
        let mut keepers = JoinSet::new();
        let file = setting.keep.then(|| setting.state.join("dynamodb.sqlite"));
        let dynamodb =
            Dynamo::start(listeners.dynamodb, file.as_deref(), setting.gate(Service::DynamoDb), &mut tables)?;
        for (name, table) in &template.tables {
            dynamodb.create_table(name, table)?;
        }
        let sqs = Sqs::start(listeners.sqs, setting, &mut queues)?;
        sqs.create_queues(&template.queues).await?;
        let clock = setting.state.join("clock");
        let events = Events::new(sqs.clone(), template.mail_events.clone(), setting.place.clone(), clock);
        let ses = Ses::start(listeners.ses, setting, &template.mail_sets, events, &mut mails)?;
        let secrets =
            Secrets::start(listeners.secrets, &template.secrets, setting.gate(Service::Secrets), &mut keepers)?;
        let servers = outage::Servers::new([
            (Emulator::DynamoDb, &dynamodb.url, tables),
            (Emulator::Sqs, &sqs.url, queues),
            (Emulator::Ses, &ses.url, mails),
            (Emulator::Secrets, &secrets.url, keepers),
        ]);
        Ok(Self { dynamodb, sqs, ses, secrets, servers })
    }
}

/// The whole body of an emulator's answer.
async fn collect<B>(body: B) -> Result<Bytes, std::io::Error>
where
    B: axum::body::HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    axum::body::to_bytes(axum::body::Body::new(body), MAX_BODY_BYTES).await.map_err(std::io::Error::other)
}
