//! The use case of the pre-flight: a tenant's company, agreements or drafts, and customers are looked at, and what is found is kept
//! as one report. It reads and never changes anything in the accounting system.

mod agreements;
mod customers;
mod drafts;
mod keep;
mod message;
mod mode;

use std::time::Duration;

use accounting::{AccountingSystem, Capabilities, Error};
use domain::{
    ids::{SystemKind, TenantId},
    preflight::{About, Looked, Part, Report, What, judge},
    settings::TenantSettings,
};

use self::customers::Customers;
pub(crate) use self::message::work;
pub use self::mode::{ModeError, ModeSet, set_mode};
use crate::{
    looking::TimeLeft,
    ports::{Clock, PortError, Ports, Settings},
};

/// Nothing more is begun with less time left than this: a paced call that has to wait for its turn.
const A_LOOK_NEEDS: Duration = Duration::from_mins(1);

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// A tenant without a profile. Repeating changes nothing until somebody writes one.
    #[error("there are no settings for the tenant {0}")]
    Unknown(TenantId),
    /// Our own pacing. May be repeated after `retry_in`.
    #[error("the accounting system's rate is used up for the next {} ms", retry_in.as_millis())]
    Busy {
        /// When to come again.
        retry_in: Duration,
    },
    /// The accounting system doesn't answer, so nothing can be said of the company. May be repeated later.
    #[error("the accounting system doesn't answer: {what}")]
    NoAnswer {
        /// What was seen.
        what: String,
    },
    /// A store or queue. May be repeated.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Looks at everything and keeps the report, which counts from then on: with a blocking finding the tenant isn't in `full`.
pub async fn run<P: Ports>(ports: &P, tenant: &TenantId, time: &impl TimeLeft) -> Result<Report, PreflightError> {
    let settings = ports.settings().of_tenant(tenant).await?;
    let settings = settings.ok_or_else(|| PreflightError::Unknown(tenant.clone()))?;
    let report = look(ports, tenant, &settings, time).await?;
    tracing::info!(tenant = %tenant, worst = ?report.worst(), "pre-flight done");
    keep::keep(ports, &report).await?;
    Ok(report)
}

async fn look<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    settings: &TenantSettings,
    time: &impl TimeLeft,
) -> Result<Report, PreflightError> {
    let now = ports.clock().now();
    let profile = match settings.profile() {
        Ok(profile) => profile,
        Err(reason) => {
            let mut report = Report::new(tenant.clone(), now, now.date_naive());
            report.add(About::Tenant, What::BrokenSettings { reason, all: true });
            return Ok(report);
        }
    };
    let today = now.with_timezone(&profile.tenant.time_zone).date_naive();
    let mut report = Report::new(tenant.clone(), now, today);
    let wants = settings.wants();
    let facts = match ports.accounting().company_facts(tenant, &wants, today).await {
        Ok(facts) => facts,
        Err(error) => {
            let (problem, advice) = for_a_person(error)?;
            report.add(About::Tenant, What::NotConnected { problem, advice });
            return Ok(report);
        }
    };
    for what in judge(tenant, &facts, &wants, today) {
        report.add(About::Tenant, what);
    }
    for reason in settings.broken() {
        report.add(About::Tenant, What::BrokenSettings { reason, all: false });
    }
    if facts.number.known().is_some_and(|number| *number != tenant.number()) {
        // What that company holds is none of this tenant's business.
        return Ok(report);
    }
    let can = Capabilities::of(tenant.system());
    let mut customers = Customers::default();
    let mut looking = Looking { ports, tenant, settings, today, time, report };
    if can.has_agreements && facts.grants(Part::Agreements) {
        agreements::look(&mut looking, &facts, &mut customers).await?;
    }
    if can.books_drafts && facts.grants(Part::Drafts) {
        drafts::look(&mut looking, &mut customers).await?;
    }
    // e-conomic's customers have no scope of their own.
    if tenant.system() == SystemKind::Economic || facts.grants(Part::Customers) {
        customers.look(&mut looking).await?;
    }
    Ok(looking.report)
}

/// What the parts of a pre-flight share.
struct Looking<'a, P: Ports, T> {
    ports: &'a P,
    tenant: &'a TenantId,
    settings: &'a TenantSettings,
    today: chrono::NaiveDate,
    time: &'a T,
    report: Report,
}

impl<P: Ports, T: TimeLeft> Looking<'_, P, T> {
    /// Whether another call may be made. If not, the report says what was left out.
    fn has_time(&mut self, at: Looked, left: impl FnOnce() -> String) -> bool {
        let has_time = self.time.time_left() >= A_LOOK_NEEDS;
        if !has_time {
            self.report.add(About::Tenant, What::NotLookedAt { at, why: left() });
        }
        has_time
    }

    /// That agreements, drafts or customers can't be read, which is for a person; or why that can't be told now.
    fn unreadable(&mut self, part: Part, error: Error) -> Result<(), PreflightError> {
        let (words, advice) = for_a_person(error)?;
        self.report.add(About::Tenant, What::Unreadable { part, words, advice });
        Ok(())
    }
}

/// What a person can do about the error; or, of one that passes by itself, why there is no report now.
fn for_a_person(error: Error) -> Result<(String, String), PreflightError> {
    match error {
        Error::Busy { retry_in } => Err(PreflightError::Busy { retry_in }),
        Error::NotTaken { what } | Error::NoAnswer { what } => Err(PreflightError::NoAnswer { what }),
        Error::TenantBlocked { problem: words, advice } | Error::Refused { words, advice } => Ok((words, advice)),
        Error::NotFound { words } => Ok((words, "check that the connection is to the right company".to_owned())),
    }
}
