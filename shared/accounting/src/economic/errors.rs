//! e-conomic's errors in the workflow's terms.

use economic::{Effect, PaceError, Refusal, RefusalKind};

use crate::error::Error;

impl From<economic::Error> for Error {
    fn from(error: economic::Error) -> Self {
        use economic::Error as E;
        match error {
            E::Paced(PaceError::Busy { retry_in }) => Self::Busy { retry_in },
            E::Unauthorized(_) => Self::TenantBlocked {
                problem: "e-conomic does not accept the connection's tokens".to_owned(),
                advice: "connect the company again: the grant was revoked, or the app's secret was replaced".to_owned(),
            },
            E::Refused(refusal) => refused(&refusal),
            // The same call will never be possible, so it isn't one that e-conomic might take later.
            E::InvalidArgument { .. } => Self::Refused { words: error.to_string(), advice: REPORT.to_owned() },
            E::NotPdf { .. } => Self::NoAnswer { what: error.to_string() },
            error if error.effect() == Effect::Unknown => Self::NoAnswer { what: error.to_string() },
            error => Self::NotTaken { what: error.to_string() },
        }
    }
}

const REPORT: &str = "report this: the program asked in a way that e-conomic does not take";

fn refused(refusal: &Refusal) -> Error {
    let words = format!("e-conomic: {refusal}");
    let blocked = |advice: &str| Error::TenantBlocked { problem: words.clone(), advice: advice.to_owned() };
    match refusal.kind() {
        RefusalKind::MissingModule => blocked("add the module in e-conomic, then connect the company again"),
        RefusalKind::Forbidden | RefusalKind::NotLoggedIn => {
            blocked("give the user who connected the company the rights that the app asks for, then connect it again")
        }
        RefusalKind::NotFound => Error::NotFound { words },
        RefusalKind::InvalidRequest => Error::Refused { words, advice: REPORT.to_owned() },
        RefusalKind::UnknownReference | RefusalKind::InvalidData | RefusalKind::Other => Error::Refused {
            words,
            advice: "mend in e-conomic what its words say, then approve the job; or finish by hand and skip it"
                .to_owned(),
        },
    }
}

/// e-conomic says that there is none.
pub(super) fn absent(what: &str, number: &str) -> Error {
    Error::NotFound { words: format!("e-conomic has no {what} {number}") }
}

/// What isn't there yet may come.
pub(super) fn not_now(error: Error) -> Error {
    match error {
        Error::NotFound { words } => Error::NoAnswer { what: words },
        other => other,
    }
}
