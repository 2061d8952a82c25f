//! A tenant that can't be looked at: why, and when it's tried again.

use std::time::Duration;

use accounting::Error;
use chrono::TimeDelta;
use domain::{hold::HoldReason, ids::TenantId, settings::TenantSettings};

use crate::ports::{Clock, PortError, Ports, Settings};

/// A tenant that is switched off or blocked is looked at again this often, so that switching it on works the same day.
pub(crate) const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);

/// An accounting system that doesn't answer is asked again after this.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Has a tenant that couldn't be read tried again after `again_in`. While its accounting system doesn't answer it stays due: it hasn't
/// been looked at. What only its own people can mend is no such case: they're told.
pub(crate) async fn try_again<P: Ports>(ports: &P, tenant: &TenantId, again_in: TimeDelta) -> Result<(), PortError> {
    let at = ports.clock().now() + again_in;
    if again_in == ASK_AGAIN {
        ports.settings().look_again(tenant, at).await
    } else {
        ports.settings().schedule_next(tenant, at).await
    }
}

/// Why a tenant's settings can't be used.
pub(crate) enum Unusable {
    /// There are none: it's no tenant, or none any more. Nothing may be written of it, or one that was erased would be back.
    NoTenant,
    /// They're broken, which holds it.
    Held(HoldReason),
}

/// The tenant's settings, or why they can't be used.
pub(crate) async fn usable<P: Ports>(
    ports: &P,
    tenant: &TenantId,
) -> Result<Result<TenantSettings, Unusable>, PortError> {
    let Some(settings) = ports.settings().of_tenant(tenant).await? else { return Ok(Err(Unusable::NoTenant)) };
    Ok(match settings.profile() {
        Ok(_) => Ok(settings),
        Err(reason) => Err(Unusable::Held(reason)),
    })
}

/// What a read that failed means for the tenant.
pub(crate) enum Unread {
    /// Our own pacing.
    Busy {
        /// When to come again.
        retry_in: Duration,
    },
    /// It can't be read now.
    Blocked {
        /// Why.
        reason: HoldReason,
        /// When it's tried again.
        again_in: TimeDelta,
    },
}

/// Why the tenant couldn't be read.
pub(crate) fn why_unread(tenant: &TenantId, error: Error) -> Unread {
    let blocked =
        |problem, advice, again_in| Unread::Blocked { reason: HoldReason::TenantBlocked { problem, advice }, again_in };
    match error {
        Error::Busy { retry_in } => Unread::Busy { retry_in },
        Error::NotTaken { what } | Error::NoAnswer { what } => {
            tracing::warn!(tenant = %tenant, "the accounting system doesn't answer");
            blocked(what, "nothing: it's tried again every ten minutes".to_owned(), ASK_AGAIN)
        }
        Error::TenantBlocked { problem, advice } | Error::Refused { words: problem, advice } => {
            blocked(problem, advice, LOOK_AGAIN)
        }
        Error::NotFound { words } => {
            blocked(words, "check that the connection is to the right company".to_owned(), LOOK_AGAIN)
        }
    }
}
