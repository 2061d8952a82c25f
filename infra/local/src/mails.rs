//! The mail service alone, for tests of what sends mails.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;
use tokio::task::JoinSet;

use crate::{
    activity::Activity,
    clock::Clock,
    cloud::{ACCOUNT, CloudError, REGION, SENDER_IDENTITY},
    emulators::{EmulatorError, Events, Mail, MailAllowance, MailSet, Ses, Setting, Sqs, listen, url},
    tally::Tally,
    template::{Place, Template},
};

/// The template's mail service with the queues that its events go to: no tables, and nobody who polls. Dropping it ends them.
pub struct LocalMails {
    ses: Ses,
    sqs: Sqs,
    clock: Clock,
    _servers: JoinSet<()>,
}

impl LocalMails {
    /// Starts it for the template at `template`, with the defaults of its parameters and its state in a folder.
    pub async fn start(template: &Path, state: &Path) -> Result<Self, CloudError> {
        let failed = |source| CloudError::State { path: state.to_owned(), source };
        std::fs::create_dir_all(state).map_err(failed)?;
        let clock = Clock::open(state.join("clock")).map_err(failed)?;
        let (queues, mails) = (listen(0).await?, listen(0).await?);
        let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url: url(&queues)? };
        let template = Template::read(template, &BTreeMap::new(), &place)?;
        let (activity, mut servers) = (Activity::new(), JoinSet::new());
        let setting = Setting {
            place: &place,
            activity: &activity,
            state,
            keep: true,
            sender_identity: template.parameters.get(SENDER_IDENTITY).map(String::as_str),
            longest_delay: None,
            access: None,
            tally: &Tally::default(),
        };
        let sqs = Sqs::start(queues, &setting, &mut servers)?;
        sqs.create_queues(&template.queues).await?;
        let events = Events::new(sqs.clone(), template.mail_events.clone(), place.clone(), clock.file().to_owned());
        let ses = Ses::start(mails, &setting, &template.mail_sets, events, &mut servers)?;
        Ok(Self { ses, sqs, clock, _servers: servers })
    }

    /// Address of the emulator.
    pub fn url(&self) -> &str {
        &self.ses.url
    }

    /// Region that a client must name.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// The account's own event bus.
    pub fn event_bus(&self) -> String {
        format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default")
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The file that says what the clock shows.
    pub fn clock_file(&self) -> PathBuf {
        self.clock.file().to_owned()
    }

    /// Every mail that it accepted, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.ses.mails()
    }

    /// Its configuration sets, by name.
    pub fn sets(&self) -> BTreeMap<String, MailSet> {
        self.ses.sets()
    }

    /// Switches sending under a configuration set on or off, as a person does.
    pub fn switch(&self, set: &str, on: bool) -> Result<(), EmulatorError> {
        self.ses.switch(set, on)
    }

    /// What it allows the account from now on.
    pub fn allow(&self, allowance: MailAllowance) {
        self.ses.allow(allowance);
    }

    /// Lets it carry out so many more calls that change configuration sets, and refuse the others.
    pub fn refuse_changes_after(&self, calls: u32) {
        self.ses.refuse_changes_after(calls);
    }

    /// What it told of its mails, in the queue of this logical name, oldest first.
    pub async fn told(&self, queue: &str) -> Result<Vec<Json>, EmulatorError> {
        let messages = self.sqs.peek(queue).await?;
        let body = |message: &Json| serde_json::from_str(message["Body"].as_str().unwrap_or_default());
        messages.iter().map(body).collect::<Result<_, _>>().map_err(EmulatorError::State)
    }
}
