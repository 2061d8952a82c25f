//! One draft at once, since a ready signal came for it.

use std::collections::BTreeSet;

use domain::{
    due::DayCap,
    ids::{DraftNumber, TenantId},
    settings::{Mode, SweepInterval},
};

use super::{
    desk::{Desk, Halt},
    signals::Standing,
};
use crate::{
    advance::Outcome,
    looking::{
        Moment,
        concerns::Concerns,
        unread::{Unread, usable, why_unread},
    },
    ports::{Clock, Journal, PortError, Ports, Signals},
};

/// Reads the draft and decides on it. A company that doesn't want its drafts booked at once, or can't be read now, meets the
/// signal at its next sweep.
pub(super) async fn sweep<P: Ports>(ports: &P, tenant: &TenantId, number: DraftNumber) -> Result<Outcome, PortError> {
    let now = ports.clock().now();
    let Ok(settings) = usable(ports, tenant).await? else { return Ok(Outcome::Settled) };
    let Ok(profile) = settings.profile() else { return Ok(Outcome::Settled) };
    if profile.tenant.mode == Mode::Off || profile.tenant.sweep != SweepInterval::Immediately {
        return Ok(Outcome::Settled);
    }
    let Some(signal) = ports.signals().of_draft(tenant, number).await? else { return Ok(Outcome::Settled) };
    let at = Moment { today: now.with_timezone(&profile.tenant.time_zone).date_naive(), now };
    let cap = match profile.tenant.max_invoices_per_day {
        None => DayCap::new(None, 0),
        limit => DayCap::new(limit, ports.journal().jobs_on(tenant, at.today).await?),
    };
    let mut desk = Desk {
        ports,
        tenant,
        settings: &settings,
        profile,
        subscription: BTreeSet::new(),
        standing: Standing { undecided: [(number, signal)].into(), ..Standing::default() },
        concerns: Concerns::load(ports.journal(), tenant).await?,
        cap,
        at,
    };
    match desk.read_each(vec![number]).await {
        Ok(_) => Ok(Outcome::Settled),
        Err(Halt::Port(error)) => Err(error),
        Err(Halt::Accounting(error)) => Ok(match why_unread(tenant, error) {
            Unread::Busy { retry_in } => Outcome::Again(retry_in),
            Unread::Blocked { .. } => Outcome::Settled,
        }),
    }
}
