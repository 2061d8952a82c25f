//! The whole system on one machine.

mod start;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use tokio::{
    sync::{Mutex, watch},
    task::JoinSet,
};

use crate::{
    access::Access,
    activity::Activity,
    clock::Clock,
    emulators::{Emulator, EmulatorError, Emulators, Listeners, Mail, MailSet, Setting, listen, url},
    http_api::HttpApi,
    in_hand::InHand,
    lambda::{InvokeError, Lambda, Process, Surroundings},
    options::Options,
    schedule::{FireError, Firing, Schedules},
    tally::{Spent, Tally},
    template::{Function, Place, Queue, Table, Template, TemplateError},
};
use start::{absolute, launches, poll, prepare};

/// Region of every ARN. Where it is makes no difference here.
pub(crate) const REGION: &str = "eu-north-1";

/// Account of every ARN.
pub(crate) const ACCOUNT: &str = "000000000000";

/// Template parameter that names the domain or address that mails may be sent under.
pub(crate) const SENDER_IDENTITY: &str = "SenderIdentity";

/// The output with the HTTP API's address.
const API_URL: &str = "HttpApiUrl";

/// How often [`LocalCloud::idle`] looks again although nothing was said to have changed: a queue moves a message to its dead
/// letters by itself.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Why the local cloud does not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The template cannot be run.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An emulator did not do what was asked.
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// The template names a binary that was not built.
    #[error("{function} is the binary {binary}, which was not built")]
    NoBinary {
        /// Logical name.
        function: String,
        /// From the template.
        binary: String,
    },
    /// The state folder cannot be used. May be repeated once that is put right.
    #[error("state folder {}: {source}", path.display())]
    State {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The running system. Dropping it stops everything at once; [`LocalCloud::shutdown`] does so cleanly.
pub struct LocalCloud {
    template: Template,
    access: Arc<Access>,
    tally: Tally,
    state: PathBuf,
    keep: bool,
    activity: Activity,
    clock: Arc<Clock>,
    emulators: Emulators,
    lambda: Arc<Lambda>,
    http_api: HttpApi,
    schedules: Schedules,
    in_hand: InHand,
    stopping: watch::Sender<bool>,
    pollers: Mutex<JoinSet<()>>,
}

impl LocalCloud {
    /// Starts the emulators with the template's tables and queues, and polls the queues for the functions. The functions
    /// themselves start with their first invocation.
    pub async fn start(options: Options) -> Result<Self, CloudError> {
        let clock = Arc::new(prepare(&options)?);
        let activity = Activity::new();
        let listeners = Listeners {
            dynamodb: listen(options.ports.dynamodb).await?,
            sqs: listen(options.ports.sqs).await?,
            ses: listen(options.ports.ses).await?,
            secrets: listen(options.ports.secrets).await?,
        };
        let api = listen(options.ports.api).await?;
        let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url: url(&listeners.sqs)? };
        let template = Template::read(&options.template, &options.parameters, &place)?;
        let identity = template.parameters.get(SENDER_IDENTITY).map(String::as_str);
        let access = Arc::new(Access::new(&template, &place, identity, &options.state)?);
        let tally = Tally::new(options.tally);
        let setting = Setting {
            place: &place,
            activity: &activity,
            state: &options.state,
            keep: options.keep,
            sender_identity: identity,
            longest_delay: options.longest_delay,
            access: Some(&access),
            tally: &tally,
        };
        let emulators = Emulators::start(listeners, &template, &setting).await?;
        if options.keep {
            emulators.sqs.restore(&options.state).await?;
        }
        let or_its_own = |front: &Option<String>, own: &String| front.clone().unwrap_or_else(|| own.clone());
        let around = Surroundings {
            region: place.region.clone(),
            dynamodb_url: or_its_own(&options.fronts.dynamodb, &emulators.dynamodb.url),
            sqs_url: or_its_own(&options.fronts.sqs, &emulators.sqs.url),
            ses_url: or_its_own(&options.fronts.ses, &emulators.ses.url),
            secrets_url: emulators.secrets.url.clone(),
            clock_file: absolute(&options.state, clock.file())?,
            logs: options.state.join("logs"),
            tally: tally.clone(),
        };
        let lambda = Arc::new(Lambda::new(launches(&template, &options, &place, &around)?, activity.clone()));
        let schedules = Schedules::new(&template.functions, Arc::clone(&lambda), emulators.sqs.clone(), clock.now());
        let api_url = url(&api)?;
        let http_api = HttpApi::serve(api, api_url, &template.functions, Arc::clone(&lambda), Arc::clone(&clock));
        let (stopping, in_hand) = (watch::Sender::new(false), InHand::default());
        let pollers = poll(&template, &options, &lambda, &emulators, &in_hand, &stopping);
        Ok(Self {
            template,
            access,
            tally,
            state: options.state,
            keep: options.keep,
            activity,
            clock,
            emulators,
            lambda,
            http_api,
            schedules,
            in_hand,
            stopping,
            pollers: Mutex::new(pollers),
        })
    }

    /// The stack's outputs, as `sam list stack-outputs --output json` prints them, for tools that work with a stack. The HTTP API's
    /// address is its own here.
    pub fn outputs(&self) -> Json {
        let value = |(key, value): (&String, &String)| {
            let value = if key == API_URL { self.api_url() } else { value };
            json!({"OutputKey": key, "OutputValue": value})
        };
        self.template.outputs.iter().map(value).collect()
    }

    /// Address of the DynamoDB emulator.
    pub fn dynamodb_url(&self) -> &str {
        &self.emulators.dynamodb.url
    }

    /// Address of the SQS emulator.
    pub fn sqs_url(&self) -> &str {
        &self.emulators.sqs.url
    }

    /// Address of the SES emulator.
    pub fn ses_url(&self) -> &str {
        &self.emulators.ses.url
    }

    /// Address of the Secrets Manager emulator.
    pub fn secrets_url(&self) -> &str {
        &self.emulators.secrets.url
    }

    /// Address of the template's HTTP API.
    pub fn api_url(&self) -> &str {
        &self.http_api.url
    }

    /// Region that a client must name.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// Where state, logs and mails are.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The tables, by logical name, which is their name here.
    pub fn tables(&self) -> &BTreeMap<String, Table> {
        &self.template.tables
    }

    /// The queues, by logical name, which is their name here.
    pub fn queues(&self) -> &BTreeMap<String, Queue> {
        &self.template.queues
    }

    /// The functions, by logical name.
    pub fn functions(&self) -> &BTreeMap<String, Function> {
        &self.template.functions
    }

    /// What functions asked for and their roles don't allow, in IAM's words: in AWS, too, it would have been refused.
    pub fn denied(&self) -> Vec<String> {
        self.access.denied()
    }

    /// What the functions cost so far. Nothing unless [`Options::tally`] was set.
    pub fn spent(&self) -> Spent {
        self.tally.spent()
    }

    /// Address of a queue.
    pub fn queue_url(&self, queue: &str) -> Result<String, EmulatorError> {
        self.known_queue(queue)?;
        Ok(self.emulators.sqs.queue_url(queue))
    }

    /// The clock that the functions go by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Invokes a function and waits for its answer.
    pub async fn invoke(&self, function: &str, event: &Json) -> Result<Json, InvokeError> {
        self.lambda.invoke(function, event).await
    }

    /// Fires a schedule now and waits for the run.
    pub async fn fire(&self, schedule: &str) -> Result<Firing, FireError> {
        self.schedules.fire(schedule).await
    }

    /// Moves the clock to `instant`, fires every schedule that had an occurrence meanwhile, once each, and waits for the
    /// runs. What they queue goes on after that: see [`LocalCloud::idle`].
    pub async fn advance_to(&self, instant: DateTime<Utc>) -> Result<Vec<Firing>, FireError> {
        self.clock.set(instant)?;
        self.schedules.advanced(instant).await
    }

    /// Waits until no function is running and every queue that a function consumes is empty: nothing visible, in hand or
    /// delayed. Dead letters have no consumer and do not count.
    pub async fn idle(&self) -> Result<(), EmulatorError> {
        let mut changes = self.activity.watch();
        loop {
            let before = *changes.borrow_and_update();
            if before.running == 0 && self.consumed_queues_are_empty().await? && *changes.borrow() == before {
                return Ok(());
            }
            // The sender lives in self. Time running out only means to look again.
            let _ = tokio::time::timeout(LOOK_AGAIN_AFTER, changes.changed()).await;
        }
    }

    async fn consumed_queues_are_empty(&self) -> Result<bool, EmulatorError> {
        for function in self.template.functions.values() {
            for source in function.event_sources.values() {
                if !self.emulators.sqs.counts(&source.queue).await?.is_empty() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Every mail that SES accepted on this state, earlier starts' included, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.emulators.ses.mails()
    }

    /// The mail service's configuration sets, by name.
    pub fn mail_sets(&self) -> BTreeMap<String, MailSet> {
        self.emulators.ses.sets()
    }

    /// Bodies of the messages in a dead letter queue, oldest first. They stay there.
    pub async fn dead_letters(&self, queue: &str) -> Result<Vec<String>, EmulatorError> {
        let messages = self.messages(queue).await?;
        Ok(messages.iter().map(|message| message["Body"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Messages in a queue that nobody consumes as SQS gives them, attributes and all, oldest first. They stay there.
    pub async fn messages(&self, queue: &str) -> Result<Vec<Json>, EmulatorError> {
        self.known_queue(queue)?;
        self.emulators.sqs.peek(queue).await
    }

    /// Sends a message.
    pub async fn send(&self, queue: &str, body: &str) -> Result<(), EmulatorError> {
        self.known_queue(queue)?;
        self.emulators.sqs.send(queue, body).await
    }

    /// Has every message that a function has in hand handed out again at once, as a standard queue may at any time. Gives
    /// how many.
    pub async fn redeliver(&self) -> usize {
        let mut again = 0;
        for (queue, handle) in self.in_hand.all() {
            let url = self.emulators.sqs.queue_url(&queue);
            let visible = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 0});
            // One that was deleted meanwhile is refused.
            again += usize::from(self.emulators.sqs.call("ChangeMessageVisibility", visible).await.is_ok());
        }
        again
    }

    /// Stops an emulator: nothing listens on its port any more, which is kept for it. The local cloud's own calls don't go
    /// by the port.
    pub async fn stop_emulator(&self, which: Emulator) -> Result<(), EmulatorError> {
        self.emulators.stop(which).await
    }

    /// Starts an emulator again on its port, with what it had; with `keep`, the tables are read anew from their file.
    pub async fn restart_emulator(&self, which: Emulator) -> Result<(), EmulatorError> {
        self.emulators.restart(which).await
    }

    /// Writes an item, given as plain JSON.
    pub fn put_item(&self, table: &str, item: &Json) -> Result<(), EmulatorError> {
        self.emulators.dynamodb.put(table, item)
    }

    /// Gives a secret of the template a value, in the place of the last. It's kept in memory only.
    pub fn put_secret(&self, secret: &str, value: &str) -> Result<(), EmulatorError> {
        self.emulators.secrets.put(secret, value)
    }

    /// Every item of a table, as plain JSON. Whole numbers are numbers; others are text, so that they keep every digit.
    pub fn scan_table(&self, table: &str) -> Result<Vec<Json>, EmulatorError> {
        self.emulators.dynamodb.scan(table)
    }

    /// Kills one process of a function with SIGKILL: a busy one, if there is any. Gives its process id.
    pub fn kill_one(&self, function: &str) -> Result<Option<u32>, InvokeError> {
        self.lambda.kill_one(function)
    }

    /// Kills every process of a function that has an invocation in hand with SIGKILL, and waits until they are dead. Gives
    /// how many were hit; one that answered before it died is none.
    pub async fn kill_at_work(&self, function: &str) -> Result<usize, InvokeError> {
        self.lambda.kill_at_work(function).await
    }

    /// The live processes of a function.
    pub fn processes(&self, function: &str) -> Result<Vec<Process>, InvokeError> {
        self.lambda.processes(function)
    }

    /// Stops: no more polls, the invocations in hand are finished, and with `keep` what is left in the queues is stored.
    pub async fn shutdown(&self) -> Result<(), CloudError> {
        self.stopping.send_replace(true);
        let mut pollers = self.pollers.lock().await;
        while pollers.join_next().await.is_some() {}
        self.lambda.stop();
        if self.keep {
            self.emulators.sqs.store(&self.template.queues, &self.state).await?;
        }
        Ok(())
    }

    fn known_queue(&self, queue: &str) -> Result<(), EmulatorError> {
        let known = self.template.queues.contains_key(queue);
        known.then_some(()).ok_or_else(|| EmulatorError::Unknown { kind: "queue", name: queue.to_owned() })
    }
}
