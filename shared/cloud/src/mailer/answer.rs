//! What SES's refusals prove.

use std::{error::Error, fmt, io};

use aws_sdk_sesv2::{
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
};
use workflow::ports::MailError;

/// Codes of a mail that was not taken but may be later: too fast, the day is used up, or the whole account is stopped, which SES may
/// lift (source: SES API v2, `SendEmail` and its common errors).
const LATER: [&str; 6] = [
    "TooManyRequestsException",
    "Throttling",
    "ThrottlingException",
    "LimitExceeded",
    "LimitExceededException",
    "AccountSuspendedException",
];

/// A configuration set that isn't there. Of what a raw mail names, nothing else can be missing.
const NO_SET: &str = "NotFoundException";

/// Sending is switched off: for the account as the API's words go, and by the same code for a configuration set (an assumption: v2
/// lists no other), so the set is asked.
const PAUSED: &str = "SendingPausedException";

/// Why SES has no id of a mail for us.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As the port tells it.
    Said(MailError),
    /// Not taken: the configuration set isn't there.
    NoSet,
    /// Not taken: sending is switched off, in these words.
    Paused(String),
}

/// What an error proves. SES's own refusal proves that nothing was sent, and so does a connection that was refused.
pub(super) fn classify(error: &SdkError<SendEmailError>) -> Refusal {
    match error {
        SdkError::ConstructionFailure(_) => Refusal::Said(MailError::NotTaken(DisplayErrorContext(error).to_string())),
        SdkError::DispatchFailure(_) if was_refused(error) => {
            Refusal::Said(MailError::NotTaken("the mail service refuses the connection".to_owned()))
        }
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or(NO_CODE);
            of_answer(answer.raw().status().as_u16(), code, words(answer.err()))
        }
        other => Refusal::Said(MailError::NoAnswer(DisplayErrorContext(other).to_string())),
    }
}

/// What an answer that is an error proves.
fn of_answer(status: u16, code: &str, words: String) -> Refusal {
    const TOO_MANY_REQUESTS: u16 = 429;
    match status {
        _ if LATER.contains(&code) || status == TOO_MANY_REQUESTS => Refusal::Said(MailError::NotTaken(words)),
        _ if code == NO_SET => Refusal::NoSet,
        _ if code == PAUSED => Refusal::Paused(words),
        400..500 => Refusal::Said(MailError::Refused(words)),
        _ => Refusal::Said(MailError::NoAnswer(words)),
    }
}

const NO_CODE: &str = "no code";

/// Any call's error: an answer's own words, else what was in the way.
pub(super) fn shown<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
    R: fmt::Debug,
{
    match error {
        SdkError::ServiceError(answer) => words(answer.err()),
        other => DisplayErrorContext(other).to_string(),
    }
}

/// Code and message. The message may name the recipient, so addresses are cut out.
fn words(error: &impl ProvideErrorMetadata) -> String {
    let (code, message) = (error.code().unwrap_or(NO_CODE), error.message().unwrap_or_default());
    format!("{code}: {}", without_addresses(message))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, code: &str) -> &'static str {
        match of_answer(status, code, String::new()) {
            Refusal::Said(MailError::NotTaken(_)) => "later",
            Refusal::Said(MailError::Refused(_)) => "never",
            Refusal::Said(MailError::NoAnswer(_)) => "unknown",
            Refusal::Said(MailError::MadeReady(_)) => "made ready",
            Refusal::NoSet => "no set",
            Refusal::Paused(_) => "paused",
        }
    }

    #[test]
    fn what_proves_that_nothing_was_sent_and_may_pass_is_offered_again() {
        for (status, code) in [
            (429, "TooManyRequestsException"),
            (429, "whatever"),
            (400, "ThrottlingException"),
            (400, "LimitExceededException"),
            (400, "AccountSuspendedException"),
        ] {
            assert_eq!(said(status, code), "later", "{status} {code}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_mail_or_its_sender_is_refused_for_good() {
        let codes =
            ["MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException", "AccessDeniedException"];
        for code in codes {
            assert_eq!(said(400, code), "never", "{code}");
        }
        assert_eq!(said(403, "InvalidClientTokenId"), "never");
    }

    #[test]
    fn a_set_that_is_missing_or_switched_off_is_seen_to() {
        assert_eq!(said(404, "NotFoundException"), "no set");
        assert_eq!(said(400, "SendingPausedException"), "paused");
    }

    #[test]
    fn a_server_that_failed_may_have_sent_it() {
        for status in [500, 503, 504, 302] {
            assert_eq!(said(status, "InternalFailure"), "unknown", "{status}");
        }
    }

    #[test]
    fn no_address_gets_into_the_words() {
        assert_eq!(without_addresses("Address <kund@kund.example> is on no list"), "Address … is on no list");
    }
}
