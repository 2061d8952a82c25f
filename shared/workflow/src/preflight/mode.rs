//! Setting a tenant's mode. `full` only after a pre-flight that found nothing that blocks.

use domain::{
    hold::HoldReason,
    ids::TenantId,
    preflight::{Report, Severity},
    settings::Mode,
};

use super::{PreflightError, keep, run};
use crate::{
    looking::TimeLeft,
    ports::{PortError, Ports, Settings},
};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModeSet {
    /// The mode is set. With the report of the pre-flight, where one was run for it.
    Set {
        /// The report.
        report: Option<Box<Report>>,
    },
    /// Something blocks: the mode is as it was.
    Refused {
        /// The report, which says what.
        report: Box<Report>,
    },
}

/// Why the mode couldn't be set. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ModeError {
    /// No pre-flight.
    #[error(transparent)]
    Preflight(#[from] PreflightError),
    /// The profile is broken: its mode can't be told.
    #[error("{0}")]
    Broken(HoldReason),
    /// Somebody set another mode at the same time. Look at it, and ask again.
    #[error("somebody else has just set the tenant's mode")]
    Moved,
}

impl From<PortError> for ModeError {
    fn from(error: PortError) -> Self {
        Self::Preflight(PreflightError::Port(error))
    }
}

/// Sets the tenant's mode. For `full` a pre-flight is run first, however new the last one is.
pub async fn set_mode<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    mode: Mode,
    time: &impl TimeLeft,
) -> Result<ModeSet, ModeError> {
    let settings = ports.settings().of_tenant(tenant).await?;
    let settings = settings.ok_or_else(|| PreflightError::Unknown(tenant.clone()))?;
    let from = settings.profile().map_err(ModeError::Broken)?.stated_mode();
    let report = match mode {
        Mode::Full => Some(Box::new(run(ports, tenant, time).await?)),
        Mode::Off | Mode::Preview | Mode::DraftOnly => None,
    };
    if let Some(report) = report.clone().filter(|report| report.worst() == Severity::Blocking) {
        return Ok(ModeSet::Refused { report });
    }
    if from != mode && !ports.settings().set_mode(tenant, from, mode).await? {
        return Err(ModeError::Moved);
    }
    keep::tell(ports, tenant).await?;
    Ok(ModeSet::Set { report })
}
