//! Keeping a report, and telling people what it changes.

use domain::{hold::HoldReason, ids::TenantId, preflight::Report};

use crate::{
    looking::{Moment, concerns::Concerns},
    ports::{Clock, Journal, PortError, Ports, Settings, Subject},
};

/// Keeps the report to read, then what counts of it, then tells. A crash in between leaves a mode that the newest complete report
/// gives, and the next scan tells the same.
pub(super) async fn keep<P: Ports>(ports: &P, report: &Report) -> Result<(), PortError> {
    ports.journal().keep_report(report).await?;
    ports.settings().keep_standing(&report.tenant, &report.standing()).await?;
    tell(ports, &report.tenant).await
}

/// Raises the concern that the mode is less than the profile says, or settles it.
pub(super) async fn tell<P: Ports>(ports: &P, tenant: &TenantId) -> Result<(), PortError> {
    let Some(settings) = ports.settings().of_tenant(tenant).await? else { return Ok(()) };
    let now = ports.clock().now();
    let zone = settings.profile().map(|profile| profile.tenant.time_zone).unwrap_or_default();
    let at = Moment { today: now.with_timezone(&zone).date_naive(), now };
    let mut concerns = Concerns::load(ports.journal(), tenant).await?;
    match settings.held_back() {
        Some(reason) => concerns.set(Subject::Tenant, Some(&reason), at).await,
        None => concerns.settle_where(&Subject::Tenant, is_ours).await,
    }
}

fn is_ours(reason: &HoldReason) -> bool {
    matches!(reason, HoldReason::PreflightBlocks { .. })
}
