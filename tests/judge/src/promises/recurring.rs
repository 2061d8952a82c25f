//! Promise 1: whom Fortnox invoices by itself isn't invoiced a second time from an agreement, unless somebody said so.

use domain::hold::HoldReason;
use serde_json::Value;

use super::{Broken, broken, made::Made};
use crate::Evidence;

pub(super) fn invoiced_twice(evidence: &Evidence, made: &Made) -> Option<Broken> {
    if !fortnox_invoices(evidence, made) {
        return None;
    }
    let minds_not = made.some_settings(evidence, made.at, |settings| !settings.hold_if_recurring.value);
    let of_agreement = evidence.jobs.iter().filter(|record| {
        record.job.key.tenant() == &made.tenant && record.job.key.agreement() == Some(&made.agreement)
    });
    let mut approved = of_agreement.flat_map(|record| record.job.approved());
    let fine = minds_not || approved.any(|reason| *reason == HoldReason::AlreadyRecurring);
    (!fine).then(|| broken(1, format!("Fortnox invoices the customer by itself, and nobody said yes: {}", made.name())))
}

/// Whether Fortnox invoices the customer by itself, and tells whoever asks. Recurrences neither come nor go in a run.
fn fortnox_invoices(evidence: &Evidence, made: &Made) -> bool {
    let companies = evidence.fortnox["companies"].as_array().into_iter().flatten();
    let mut its = companies.filter(|company| {
        let tells = company["switches"]["recurring_billing"] == "open";
        tells && company["DatabaseNumber"] == made.tenant.number()
    });
    let is_theirs = |recurrence: &&Value| {
        let automatic = recurrence["status"] == "ACTIVE" && recurrence["invoice_handling"] != "MANUAL";
        automatic && recurrence["customer"]["number"] == made.customer.as_str()
    };
    its.any(|company| company["recurrings"].as_array().into_iter().flatten().any(|one| is_theirs(&one)))
}
