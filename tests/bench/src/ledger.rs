//! The calls in an accounting system's ledger, by kind.

use std::collections::BTreeMap;

use domain::ids::{SystemKind, TenantId};
use stage::Evidence;

/// How often each kind of call was made by the functions for a tenant: `GET /3/invoices/N`. Token calls are none of a tenant's
/// rate.
pub(crate) fn calls(evidence: &Evidence, tenant: &TenantId) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    let number = Some(tenant.number());
    let kinds: Vec<String> = match tenant.system() {
        SystemKind::Fortnox => {
            let own = evidence.ledger.iter().filter(|entry| entry.actor == fortnox_sim::Actor::App);
            let own = own.filter(|entry| entry.tenant == number && entry.path.starts_with("/3/"));
            own.map(|entry| kind(&entry.method.to_string(), &entry.path)).collect()
        }
        SystemKind::Economic => {
            let own = evidence.economic.iter().filter(|entry| entry.actor == economic_sim::Actor::App);
            own.filter(|entry| entry.tenant == number)
                .map(|entry| kind(&entry.method.to_string(), &entry.path))
                .collect()
        }
    };
    for kind in kinds {
        *calls.entry(kind).or_default() += 1;
    }
    calls
}

/// The call with each number in its path left out.
fn kind(method: &str, path: &str) -> String {
    let mut parts = path.split('/').map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { "N" } else { part }
    });
    let mut shown = String::new();
    // `/3/` is Fortnox's version, no number of anything.
    for (at, part) in path
        .split('/')
        .zip(parts.by_ref())
        .enumerate()
        .map(|(at, (raw, part))| (at, if at == 1 && raw == "3" { raw } else { part }))
    {
        if at > 0 {
            shown.push('/');
        }
        shown.push_str(part);
    }
    format!("{method} {shown}")
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
