//! Whom the accounting system invoices by itself.

use std::collections::BTreeSet;

use accounting::{AccountingSystem, Error};
use domain::{
    ids::{CustomerNumber, TenantId},
    preflight::Fact,
};

use crate::ports::Ports;

/// The customers whom the accounting system invoices by itself, as far as it tells. Where it may not be asked there are none: the
/// pre-flight says that nobody looked. Where it doesn't answer nobody knows, and that's an error.
pub(crate) async fn invoiced_by_itself<P: Ports>(
    ports: &P,
    tenant: &TenantId,
) -> Result<BTreeSet<CustomerNumber>, Error> {
    match ports.accounting().recurring(tenant).await? {
        Fact::Known(recurring) => {
            if recurring.unreadable > 0 {
                tracing::warn!(tenant = %tenant, unreadable = recurring.unreadable, "recurrences that can't be read");
            }
            Ok(recurring.customers)
        }
        Fact::Refused(refused) => {
            tracing::info!(tenant = %tenant, reason = ?refused.why, "recurring billing can't be looked at");
            Ok(BTreeSet::new())
        }
        Fact::NotAsked { .. } => Ok(BTreeSet::new()),
    }
}
