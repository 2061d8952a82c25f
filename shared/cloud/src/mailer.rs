//! SES: one raw message, handed over once.

use std::{error::Error, io};

use aws_sdk_ses::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::send_raw_email::SendRawEmailError,
    primitives::Blob,
    types::RawMessage,
};
use domain::letters::address::MailAddress;
use workflow::ports::{MailError, Mailer, RawMail};

use crate::environment::MailEnvironment;

/// Error codes of a mail that was not taken but may be later: too fast, or the account's day is used up.
const LATER: [&str; 5] =
    ["Throttling", "ThrottlingException", "LimitExceeded", "LimitExceededException", "AccountSendingPaused"];

/// SES's raw sending.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    environment: MailEnvironment,
}

impl SesMailer {
    /// `client` must not repeat anything by itself: SES has no idempotency key.
    pub(crate) fn new(client: Client, environment: MailEnvironment) -> Self {
        Self { client, environment }
    }
}

impl Mailer for SesMailer {
    async fn send(&self, mail: RawMail<'_>) -> Result<String, MailError> {
        let broken = |error: aws_sdk_ses::error::BuildError| MailError::Refused(error.to_string());
        let raw = RawMessage::builder().data(Blob::new(mail.raw)).build().map_err(broken)?;
        let answer = self
            .client
            .send_raw_email()
            .source(self.environment.sender.as_str())
            .set_destinations(Some(mail.recipients.to_vec()))
            .configuration_set_name(&self.environment.configuration_set)
            .raw_message(raw)
            .send()
            .await;
        answer.map(|answer| answer.message_id).map_err(|error| classify(&error))
    }

    fn sender(&self) -> &MailAddress {
        &self.environment.sender
    }

    fn configuration_set(&self) -> Option<&str> {
        Some(&self.environment.configuration_set)
    }
}

/// What an error proves. SES's own refusal proves that nothing was sent, and so does a connection that was refused.
fn classify(error: &SdkError<SendRawEmailError>) -> MailError {
    const TOO_MANY_REQUESTS: u16 = 429;
    match error {
        SdkError::ConstructionFailure(_) => MailError::NotTaken(DisplayErrorContext(error).to_string()),
        SdkError::DispatchFailure(_) if was_refused(error) => {
            MailError::NotTaken("the mail service refuses the connection".to_owned())
        }
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code = answer.err().code().unwrap_or("no code");
            // The message may name the recipient, so it's cut off at the first address.
            let words = format!("{code}: {}", without_addresses(answer.err().message().unwrap_or_default()));
            match status {
                _ if LATER.contains(&code) || status == TOO_MANY_REQUESTS => MailError::NotTaken(words),
                400..500 => MailError::Refused(words),
                _ => MailError::NoAnswer(words),
            }
        }
        other => MailError::NoAnswer(DisplayErrorContext(other).to_string()),
    }
}

/// Whether there was no connection to begin with: the client makes one anew only for a call of which nothing has left.
fn was_refused(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |cause| (*cause).source());
    let mut io = causes.filter_map(|cause| cause.downcast_ref::<io::Error>());
    io.any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

fn without_addresses(message: &str) -> String {
    let words = message.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
