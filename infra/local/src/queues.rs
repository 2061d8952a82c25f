//! The queues alone, for tests of what sends and receives.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;
use tokio::task::JoinSet;

use crate::{
    activity::Activity,
    cloud::{ACCOUNT, CloudError, REGION},
    emulators::{EmulatorError, Setting, Sqs, listen, url},
    tally::Tally,
    template::{Place, Template},
};

/// The template's queues in an SQS emulator of their own: no tables, no mails, and nobody who polls. Dropping it ends them.
pub struct LocalQueues {
    sqs: Sqs,
    _server: JoinSet<()>,
}

impl LocalQueues {
    /// Makes the queues of the template at `template`, with the defaults of its parameters.
    pub async fn start(template: &Path) -> Result<Self, CloudError> {
        let listener = listen(0).await?;
        let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url: url(&listener)? };
        let template = Template::read(template, &BTreeMap::new(), &place)?;
        let (activity, mut server) = (Activity::new(), JoinSet::new());
        let setting = Setting {
            place: &place,
            activity: &activity,
            // Queues are in memory.
            state: Path::new(""),
            keep: false,
            sender_identity: None,
            longest_delay: None,
            access: None,
            tally: &Tally::default(),
        };
        let sqs = Sqs::start(listener, &setting, &mut server)?;
        sqs.create_queues(&template.queues).await?;
        Ok(Self { sqs, _server: server })
    }

    /// Address of the emulator.
    pub fn url(&self) -> &str {
        &self.sqs.url
    }

    /// Region that a client must name.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// Address of a queue, by its logical name.
    pub fn queue_url(&self, queue: &str) -> String {
        self.sqs.queue_url(queue)
    }

    /// Carries out a request of the SQS API, named and written as in its JSON protocol.
    pub async fn call(&self, action: &str, body: Json) -> Result<Json, EmulatorError> {
        self.sqs.call(action, body).await
    }

    /// Messages in a queue as SQS gives them, attributes and all, oldest first. They stay there.
    pub async fn messages(&self, queue: &str) -> Result<Vec<Json>, EmulatorError> {
        self.sqs.peek(queue).await
    }
}
