//! Bad input and refusals: each ends held, failed or as a concern, with a reason and with advice that says what to do; the
//! others are unharmed.

mod refused_by_fortnox;
mod refused_by_us;

use domain::{hold::HoldReason, ids::TenantId, job::JobState};
use stage::{Evidence, StandingConcern};

use crate::scene::job;

/// The one concern about a subject of the tenant's.
fn concern<'a>(evidence: &'a Evidence, tenant: &TenantId, subject: &str) -> &'a StandingConcern {
    let mut own = evidence.concerns.iter().filter(|one| one.tenant == *tenant && one.subject == subject);
    let found =
        own.next().unwrap_or_else(|| panic!("{tenant} has no concern about {subject}: {:?}", evidence.concerns));
    assert!(own.next().is_none());
    found
}

/// Why the agreement's job is held. Its advice must hold `advice`.
fn held<'a>(evidence: &'a Evidence, tenant: &TenantId, agreement: &str, advice: &str) -> &'a HoldReason {
    match &job(evidence, tenant, agreement).job.state {
        JobState::Held { reason, .. } => {
            assert!(reason.advice().contains(advice), "{}", reason.advice());
            reason
        }
        other => panic!("{tenant}, agreement {agreement}: {other:?}"),
    }
}

/// The words that the agreement's job failed with, and the advice.
fn failed<'a>(evidence: &'a Evidence, tenant: &TenantId, agreement: &str) -> (&'a str, &'a str) {
    match &job(evidence, tenant, agreement).job.state {
        JobState::Failed { words, advice, .. } => (words, advice),
        other => panic!("{tenant}, agreement {agreement}: {other:?}"),
    }
}
