//! The calls in an accounting system's ledger, by kind.

use std::collections::BTreeMap;

use domain::ids::{SystemKind, TenantId};
use fortnox_sim::{Actor, LedgerEntry};
use stage::Evidence;

/// Agreements that Fortnox lists in one call.
pub(crate) const PAGE: usize = 500;

/// A tenant's calls of Fortnox by the functions, in their order. Token calls are none of a tenant's rate.
pub(crate) fn of_fortnox<'a>(ledger: &'a [LedgerEntry], tenant: &TenantId) -> impl Iterator<Item = &'a LedgerEntry> {
    let number = Some(tenant.number());
    ledger
        .iter()
        .filter(move |entry| entry.actor == Actor::App && entry.tenant == number && entry.path.starts_with("/3/"))
}

/// How often each kind of call was made by the functions for a tenant: `GET /3/invoices/N`.
pub(crate) fn calls(evidence: &Evidence, tenant: &TenantId) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    let kinds: Vec<String> = match tenant.system() {
        SystemKind::Fortnox => {
            let own = of_fortnox(&evidence.ledger, tenant);
            own.map(|entry| kind(&entry.method.to_string(), &entry.path)).collect()
        }
        SystemKind::Economic => {
            let own = evidence.economic.iter().filter(|entry| entry.actor == economic_sim::Actor::App);
            own.filter(|entry| entry.tenant == Some(tenant.number()))
                .map(|entry| kind(&entry.method.to_string(), &entry.path))
                .collect()
        }
    };
    for kind in kinds {
        *calls.entry(kind).or_default() += 1;
    }
    calls
}

/// The call with each number in its path left out, but for Fortnox's version in front: `/3/`.
fn kind(method: &str, path: &str) -> String {
    let named = |(at, part)| if at > 1 && is_number(part) { "N" } else { part };
    let parts: Vec<&str> = path.split('/').enumerate().map(named).collect();
    format!("{method} {}", parts.join("/"))
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn numbers_are_left_out_of_a_path_and_the_version_is_not() {
        assert_eq!(kind("PUT", "/3/contracts/12/createinvoice"), "PUT /3/contracts/N/createinvoice");
        assert_eq!(kind("GET", "/customers/7/contacts/1"), "GET /customers/N/contacts/N");
    }
}
