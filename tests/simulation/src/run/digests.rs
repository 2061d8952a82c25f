//! Promise 4, of the digests: each is sent once, none says delivered before it was, nothing falls in between two of them, and
//! whatever waits for a person stands in each until it's solved.
//!
//! They're judged by the mails that the mail service took, by the accounting system's ledger, and by how each job stood at which
//! moment.

mod lines;
mod mails;
mod spans;
mod waiting;

use chrono::{DateTime, Utc};
use domain::{
    digest::{Digest, Kept},
    ids::TenantId,
};
use judge::{Evidence, promises::Broken};

use crate::{
    memory::Memory,
    plan::{Plan, TenantPlan},
};

/// What is kept of a company's digests and notices, and what is known of it from outside.
struct Story<'a> {
    tenant: TenantId,
    memory: &'a Memory,
    evidence: &'a Evidence,
    /// When each was kept, in the order of their dates.
    kept: Vec<(DateTime<Utc>, Kept)>,
    /// No worker goes on after its time.
    ends_slow_workers: bool,
}

impl Story<'_> {
    fn digests(&self) -> impl Iterator<Item = (DateTime<Utc>, &Kept, &Digest)> {
        self.kept.iter().filter_map(|(at, kept)| Some((*at, kept, kept.digest()?)))
    }

    fn broken(&self, how: &str) -> Broken {
        Broken { promise: 4, how: format!("{}: {how}", self.tenant) }
    }
}

/// The digests and notices of a run, each with the moment it was kept, for a person.
pub(super) fn told(memory: &Memory, plan: &Plan) -> Vec<(DateTime<Utc>, String)> {
    let kept = plan.tenants.iter().map(TenantPlan::tenant).flat_map(|tenant| {
        let kept = memory.journal().kept_mails(&tenant).into_iter();
        kept.map(move |(at, kept)| (at, format!("{tenant}: {}", in_words(&kept))))
    });
    kept.collect()
}

fn in_words(kept: &Kept) -> String {
    let Some(digest) = kept.digest() else {
        return format!("a notice, {} of {}: {:?}", kept.key.kind.as_str(), kept.key.date, kept.mail);
    };
    let delivered: u64 = digest.delivered.iter().map(|by| by.part.count).sum();
    format!(
        "the digest of {}, from {} to {}: {} created, {} booked, {delivered} delivered, {} held, {} failed: {:?}",
        digest.date,
        digest.span.from,
        digest.span.to,
        digest.created.count,
        digest.booked.count,
        digest.held.count,
        digest.failed.count,
        kept.mail
    )
}

/// Where digests broke a promise, so far.
pub(super) fn broken(memory: &Memory, plan: &Plan, evidence: &Evidence) -> Vec<Broken> {
    if !plan.digests {
        return Vec::new();
    }
    let mailed = mails::by_tenant(memory);
    let of_tenant = |tenant: TenantId| {
        let kept = memory.journal().kept_mails(&tenant);
        let mailed = mailed.get(&tenant).map(Vec::as_slice).unwrap_or_default();
        let story = Story { tenant, memory, evidence, kept, ends_slow_workers: plan.ends_slow_workers };
        [mails::broken(&story, mailed), spans::broken(&story), lines::broken(&story), waiting::broken(&story)]
    };
    plan.tenants.iter().flat_map(|tenant| of_tenant(tenant.tenant())).flatten().collect()
}
