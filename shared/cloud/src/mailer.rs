//! SES: one raw message, handed over once, under the company's own configuration set.

pub(crate) mod account;
mod answer;
mod quota;
pub(crate) mod sets;

use aws_sdk_sesv2::{
    Client,
    primitives::Blob,
    types::{Destination, EmailContent, RawMessage},
};
use domain::{
    ids::TenantId,
    letters::{address::MailAddress, mime::ConfigurationSet},
};
use workflow::ports::{MailError, Mailer, NoRoom, RawMail};

use self::{
    account::Account,
    answer::{Refusal, classify},
    sets::Sets,
};
use crate::{clock::SystemClock, environment::MailEnvironment};

/// SES's raw sending.
#[derive(Debug)]
pub struct SesMailer {
    client: Client,
    environment: MailEnvironment,
    account: Account,
    sets: Sets,
}

impl SesMailer {
    /// `client` sends and must not repeat anything by itself: SES has no idempotency key. What `desk` does may be repeated.
    pub(crate) fn new(client: Client, desk: Client, environment: MailEnvironment, clock: SystemClock) -> Self {
        let sets = Sets::new(desk.clone(), environment.event_bus.clone(), clock.clone());
        Self { client, environment, account: Account::new(desk, clock), sets }
    }

    /// The one call. Which call of v2 takes the raw form, and that recipients named here are all who get it, is as with v1's
    /// `SendRawEmail` (source: SES API v2, `SendEmail`).
    async fn hand_over(&self, set: &ConfigurationSet, mail: &RawMail<'_>) -> Result<String, Refusal> {
        let broken = |error: aws_sdk_sesv2::error::BuildError| Refusal::Said(MailError::Refused(error.to_string()));
        let raw = RawMessage::builder().data(Blob::new(mail.raw)).build().map_err(broken)?;
        let answer = self
            .client
            .send_email()
            .from_email_address(self.environment.sender.as_str())
            .destination(Destination::builder().set_to_addresses(Some(mail.recipients.to_vec())).build())
            .configuration_set_name(set.as_str())
            .content(EmailContent::builder().raw(raw).build())
            .send()
            .await;
        match answer {
            Ok(answer) => answer.message_id.ok_or_else(|| {
                Refusal::Said(MailError::NoAnswer("the mail service answered without an id of the mail".to_owned()))
            }),
            Err(error) => Err(classify(&error)),
        }
    }
}

impl Mailer for SesMailer {
    async fn room(&self, recipients: usize) -> Result<(), NoRoom> {
        self.account.room(recipients).await.map_err(NoRoom)
    }

    async fn send(&self, mail: RawMail<'_>) -> Result<String, MailError> {
        let set = self.environment.sets.set_of(mail.tenant);
        self.account.turn(mail.recipients.len()).await.map_err(MailError::NotTaken)?;
        let answer = self.hand_over(&set, &mail).await;
        if matches!(answer, Ok(_) | Err(Refusal::Said(MailError::NoAnswer(_)))) {
            self.account.sent(mail.recipients.len());
        }
        match answer {
            Ok(id) => Ok(id),
            Err(Refusal::Said(error)) => Err(error),
            // Nothing was sent, and nothing is sent again here: the mail is offered anew, as after any refusal that may pass.
            Err(Refusal::NoSet) => Err(self.sets.make(&set).await),
            Err(Refusal::Paused(words)) => Err(self.sets.go_on(&set, words).await),
        }
    }

    fn sender(&self) -> &MailAddress {
        &self.environment.sender
    }

    fn configuration_set(&self, tenant: &TenantId) -> Option<ConfigurationSet> {
        Some(self.environment.sets.set_of(tenant))
    }
}
