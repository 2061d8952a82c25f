//! A company's own configuration set: made when its first mail needs it.
//!
//! A crash must never leave a set whose mails nobody follows, so it's made with sending switched off, then followed, then switched on.
//! And a company's mails that a person or SES switched off must stay so, though a making that was cut off before its last call but one
//! looks the same. What tells them apart is a tag that says since when the set is being made, and goes last. Should that last call
//! be lost, the set is one that works and has the tag; so the tag is believed only as long as a job goes on offering its mail,
//! and a pause after that is a pause.

use std::{error::Error, fmt, time::Duration};

use aws_sdk_sesv2::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        create_configuration_set_event_destination::CreateConfigurationSetEventDestinationError as NotFollowed,
        get_configuration_set::GetConfigurationSetOutput,
    },
    types::{EventBridgeDestination, EventDestinationDefinition, EventType, ReputationOptions, SendingOptions, Tag},
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::letters::mime::ConfigurationSet;
use workflow::ports::{Clock, MailError};

use super::answer::shown;
use crate::{clock::SystemClock, environment::EventBus};

/// The tag of a set that is being made. Its value is since when.
const MAKING: &str = "fakturapilot-making-since";

/// A job goes on offering its mail for about two days (`look_later`); a set whose making was cut off longer ago is nobody's work any
/// more. In this time a pause would be taken back where just the last call was lost.
const MAKING_BELIEVED_FOR: TimeDelta = TimeDelta::days(2);

/// All calls for a set, with the pauses that SES's rate of one such call a second may ask for. What isn't done by then goes on with
/// the next mail. With the mail's own call before it this fits into what a record is given.
pub(crate) const MADE_WITHIN: Duration = Duration::from_secs(10);

/// The name of the destination, the same as in the template.
const DESTINATION: &str = "events";

/// What the template's own destination is told of, too.
const FOLLOWED: [EventType; 6] = [
    EventType::Send,
    EventType::Reject,
    EventType::Bounce,
    EventType::Complaint,
    EventType::Delivery,
    EventType::DeliveryDelay,
];

/// Makes sets.
#[derive(Debug)]
pub(super) struct Sets {
    client: Client,
    bus: EventBus,
    clock: SystemClock,
}

/// A call that led nowhere, in SES's words.
#[derive(Debug)]
struct Failed(String);

impl Failed {
    /// An error, while doing `what`.
    fn at<E, R>(what: &'static str) -> impl Fn(SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: fmt::Debug,
    {
        move |error| Self(format!("{what}: {}", shown(&error)))
    }
}

impl Sets {
    pub(super) fn new(client: Client, bus: EventBus, clock: SystemClock) -> Self {
        Self { client, bus, clock }
    }

    /// Makes a set that isn't there. Says what became of the mail that found it missing: it wasn't taken.
    pub(super) async fn make(&self, set: &ConfigurationSet) -> MailError {
        let made = async {
            self.create(set).await?;
            self.complete(set).await
        };
        match tokio::time::timeout(MADE_WITHIN, made).await {
            Ok(made) => made_of(set, "was missing", made),
            Err(_) => MailError::NotTaken(format!("the configuration set {set} was missing, and making it takes long")),
        }
    }

    /// Sees to a set under which SES takes nothing: goes on making one that isn't finished, and leaves alone what was switched
    /// off. `said` is what SES said of the mail.
    pub(super) async fn go_on(&self, set: &ConfigurationSet, said: String) -> MailError {
        match tokio::time::timeout(MADE_WITHIN, self.see_to(set, &said)).await {
            Ok(outcome) => outcome,
            Err(_) => MailError::NotTaken(said),
        }
    }

    async fn see_to(&self, set: &ConfigurationSet, said: &str) -> MailError {
        let seen = match self.look(set).await {
            Ok(seen) => seen,
            Err(Failed(why)) => return MailError::NotTaken(format!("{said}; {why}")),
        };
        if seen.sending_options().is_none_or(SendingOptions::sending_enabled) {
            return MailError::NotTaken(format!(
                "{said}: sending is switched off for the whole account; see why in SES"
            ));
        }
        match making_since(&seen) {
            Some(since) if self.clock.now() - since < MAKING_BELIEVED_FOR => {
                made_of(set, "was half made", self.complete(set).await)
            }
            Some(since) => MailError::NotTaken(format!(
                "{said}: the making of the configuration set {set} was cut off at {since}; delete it in SES, and the next mail makes \
                 it anew"
            )),
            None => MailError::NotTaken(format!(
                "{said}: sending is switched off for the configuration set {set}, and stays so until a person switches it on in SES"
            )),
        }
    }

    async fn look(&self, set: &ConfigurationSet) -> Result<GetConfigurationSetOutput, Failed> {
        let answer = self.client.get_configuration_set().configuration_set_name(set.as_str()).send().await;
        answer.map_err(Failed::at("looking at it"))
    }

    /// Sending is off: the client leaves the word out, which the model of the API says is the same (an assumption: SES goes by its model).
    /// One that's there already is another worker's, or isn't seen everywhere yet: the mail comes again, and finds it.
    async fn create(&self, set: &ConfigurationSet) -> Result<(), Failed> {
        let now = self.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let tag = Tag::builder().key(MAKING).value(now).build().map_err(|error| Failed(error.to_string()))?;
        let answer = self
            .client
            .create_configuration_set()
            .configuration_set_name(set.as_str())
            .sending_options(SendingOptions::builder().sending_enabled(false).build())
            .reputation_options(ReputationOptions::builder().reputation_metrics_enabled(true).build())
            .tags(tag)
            .send()
            .await;
        answer.map(drop).map_err(Failed::at("creating it"))
    }

    /// What is to be done of a set that's there. Done again it changes nothing.
    async fn complete(&self, set: &ConfigurationSet) -> Result<(), Failed> {
        self.follow(set).await?;
        let on = self.client.put_configuration_set_sending_options().configuration_set_name(set.as_str());
        on.sending_enabled(true).send().await.map_err(Failed::at("switching it on"))?;
        let arn = self.bus.set_arn(set);
        if let Err(error) = self.client.untag_resource().resource_arn(arn).tag_keys(MAKING).send().await {
            // It works; and the tag is believed for a while only.
            tracing::warn!(%set, error = shown(&error), "a configuration set keeps the tag of its making");
        }
        Ok(())
    }

    async fn follow(&self, set: &ConfigurationSet) -> Result<(), Failed> {
        let bus = EventBridgeDestination::builder().event_bus_arn(self.bus.arn()).build();
        let definition = EventDestinationDefinition::builder()
            .enabled(true)
            .set_matching_event_types(Some(FOLLOWED.to_vec()))
            .event_bridge_destination(bus.map_err(|error| Failed(error.to_string()))?)
            .build();
        let answer = self
            .client
            .create_configuration_set_event_destination()
            .configuration_set_name(set.as_str())
            .event_destination_name(DESTINATION)
            .event_destination(definition)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(NotFollowed::is_already_exists_exception) => Ok(()),
            Err(error) => Err(Failed::at("having it followed")(error)),
        }
    }
}

/// What became of a mail after work on its set.
fn made_of(set: &ConfigurationSet, how: &str, made: Result<(), Failed>) -> MailError {
    match made {
        Ok(()) => {
            tracing::info!(%set, "a configuration set was made");
            MailError::MadeReady(format!("the configuration set {set} {how}, and has been made"))
        }
        Err(Failed(why)) => {
            tracing::warn!(%set, error = why, "a configuration set could not be made");
            MailError::NotTaken(format!("the configuration set {set} {how}, and could not be made: {why}"))
        }
    }
}

fn making_since(set: &GetConfigurationSetOutput) -> Option<DateTime<Utc>> {
    let tag = set.tags().iter().find(|tag| tag.key() == MAKING)?;
    // One that nobody can read is as old as can be.
    Some(tag.value().parse().unwrap_or(DateTime::UNIX_EPOCH))
}
