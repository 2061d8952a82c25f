//! Promise 1: at most one invoice per tenant, agreement and period; and none before its time, which is the next period's
//! invoice made twice over, seen from the other side.

use std::collections::BTreeMap;

use domain::hold::HoldReason;
use domain::job::StepName;
use fortnox_sim::Actor;

use super::{
    Broken, broken,
    made::{Made, approvals},
};
use crate::Evidence;

pub(super) fn one_invoice_a_period(evidence: &Evidence, made: &[Made]) -> Vec<Broken> {
    let mut by_period: BTreeMap<_, Vec<&Made>> = BTreeMap::new();
    for invoice in made {
        by_period.entry((&invoice.tenant, &invoice.agreement, invoice.period.start())).or_default().push(invoice);
    }
    let twice = by_period.into_values().filter(|made| {
        // The first may be anybody's; each of ours after it is one too many.
        let ours = made.iter().skip(1).filter(|one| one.by == Actor::App && !one.raced);
        ours.count() > asked_again(evidence, made)
    });
    twice
        .map(|made| {
            let names: Vec<_> = made.iter().map(|one| format!("{} by {:?}", one.name(), one.by)).collect();
            broken(1, format!("twice: {}", names.join(" and ")))
        })
        .collect()
}

/// How often a person said that an invoice is to be made although it may have been made already.
fn asked_again(evidence: &Evidence, made: &[&Made]) -> usize {
    let unknown = |reason: &HoldReason| matches!(reason, HoldReason::OutcomeUnknown { step: StepName::Create, .. });
    let jobs = evidence.jobs.iter().filter(|record| {
        let key = &record.job.key;
        made.iter().any(|one| key.tenant() == &one.tenant && key.agreement() == Some(&one.agreement))
    });
    let asked = jobs.filter(|record| record.job.approved().iter().any(unknown));
    asked.map(|record| approvals(record, None)).sum()
}

pub(super) fn none_too_early(evidence: &Evidence, made: &[Made]) -> Vec<Broken> {
    let ours = made.iter().filter(|made| made.by == Actor::App && !made.raced);
    let early = ours.filter(|made| made.is_early(evidence));
    early.map(|made| broken(1, format!("before its time: {} at {}", made.name(), made.at))).collect()
}
