//! Fortnox's errors in the workflow's terms.

use fortnox::{Effect, PaceError, Refusal};

use super::TokenError;
use crate::error::Error;

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Blocked { problem, advice } => Self::TenantBlocked { problem, advice },
            TokenError::Unavailable(what) => Self::NotTaken { what },
        }
    }
}

impl From<fortnox::Error> for Error {
    fn from(error: fortnox::Error) -> Self {
        use fortnox::Error as F;
        match error {
            F::Paced(PaceError::Busy { retry_in }) => Self::Busy { retry_in },
            F::Unauthorized { .. } => Self::TenantBlocked {
                problem: "Fortnox does not accept the connection, not even with a fresh access token".to_owned(),
                advice: "connect the company again: the consent was revoked or the service account removed".to_owned(),
            },
            F::Refused { refusal, code, message, .. } => refused(refusal, code, &message),
            // The same call will never be possible, so it isn't one that Fortnox might take later.
            F::InvalidArgument { .. } => {
                Self::Refused { words: error.to_string(), advice: advice(Refusal::InvalidRequest).to_owned() }
            }
            error if error.effect() == Effect::Unknown => Self::NoAnswer { what: error.to_string() },
            error => Self::NotTaken { what: error.to_string() },
        }
    }
}

fn refused(refusal: Refusal, code: Option<i64>, message: &str) -> Error {
    let words = match (message.trim(), code) {
        ("", None) => "Fortnox refused the call without a word".to_owned(),
        ("", Some(code)) => format!("Fortnox refused the call with code {code}"),
        (message, None) => format!("Fortnox: {message}"),
        (message, Some(code)) => format!("Fortnox: {message} ({code})"),
    };
    let blocked = |advice: &str| Error::TenantBlocked { problem: words.clone(), advice: advice.to_owned() };
    match refusal {
        Refusal::FeatureUnavailable => blocked(
            "activate Avtalsfakturering in Fortnox (Inställningar > Fakturering > Avtalsfakturering); the company's licence must include it",
        ),
        Refusal::MissingScope => {
            blocked("connect the company again, so that the consent covers everything that is needed")
        }
        Refusal::MissingLicence => blocked("add the missing licence in Fortnox, then connect the company again"),
        Refusal::Forbidden => blocked("give the connected user or service account the right to invoice in Fortnox"),
        Refusal::NotFound => Error::NotFound { words },
        other => Error::Refused { words, advice: advice(other).to_owned() },
    }
}

fn advice(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownReference => {
            "enter again in Fortnox what the agreement refers to and is gone, then approve the job"
        }
        Refusal::AccountSettings => "correct the accounts in Fortnox's settings, then approve the job",
        Refusal::MissingBankDetails => "enter the company's bank details in Fortnox, then approve the job",
        Refusal::NotRegistered => "register the company for Fortnox's print service, then approve the job",
        Refusal::InvalidData => "correct the agreement or customer in Fortnox, then approve the job",
        Refusal::InvalidFilter | Refusal::InvalidRequest => {
            "report this: the program asked in a way that Fortnox does not take"
        }
        _ => "mend in Fortnox what its words say, then approve the job; or finish by hand and skip it",
    }
}
