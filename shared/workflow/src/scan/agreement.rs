//! Deciding on one agreement again, after one of its periods was invoiced and another may be due.

use accounting::{AccountingSystem, Error};
use domain::{
    due::{DayCap, decide},
    ids::{AgreementNumber, TenantId},
    settings::Mode,
};

use super::jobs::{Decided, follow};
use crate::{
    advance::Outcome,
    looking::{
        Moment,
        recurring::invoiced_by_itself,
        turns::{Calls, Turns},
    },
    ports::{Clock, Journal, PortError, Ports, Settings},
};

/// Reads and decides. What goes wrong here is left to the tenant's next daily scan, which meets the agreement again.
pub(super) async fn scan<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    number: &AgreementNumber,
) -> Result<Outcome, PortError> {
    let agreement = match ports.accounting().agreement(tenant, number).await {
        Ok(Ok(agreement)) => agreement,
        Err(Error::Busy { retry_in }) => return Ok(Outcome::Again(retry_in)),
        Ok(Err(_)) | Err(_) => return Ok(Outcome::Settled),
    };
    let Some(settings) = ports.settings().of_agreement(tenant, &agreement.customer, number).await? else {
        return Ok(Outcome::Settled);
    };
    let (Ok(profile), Ok(resolved)) = (settings.profile(), settings.resolve(&agreement.customer, number)) else {
        return Ok(Outcome::Settled);
    };
    if !matches!(resolved.mode.value, Mode::DraftOnly | Mode::Full) {
        return Ok(Outcome::Settled);
    }
    let now = ports.clock().now();
    let today = now.with_timezone(&resolved.time_zone).date_naive();
    let history = ports.journal().history(tenant, number).await?.history;
    let made = ports.journal().jobs_on(tenant, today).await?;
    let mut decision = decide(&agreement, history.last.as_ref(), &resolved.due_policy(), today, &[]);
    let mut looked_at = None;
    if resolved.hold_if_recurring.value && decision.has_due() {
        match invoiced_by_itself(ports, tenant).await {
            Ok(customers) => decision = decision.held_if_among(&customers),
            Err(Error::Busy { retry_in }) => return Ok(Outcome::Again(retry_in)),
            Err(_) => return Ok(Outcome::Settled),
        }
        looked_at = Some(now);
    }
    let decision = DayCap::new(profile.tenant.max_invoices_per_day, made).apply(decision);
    let decided = Decided { decision, looked_at, calls: Calls::fewest_by(&resolved) };
    follow(ports, tenant, &decided, &Turns::of(tenant, now), Moment { today, now }).await?;
    Ok(Outcome::Settled)
}
