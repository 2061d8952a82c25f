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

use crate::{memory::Memory, plan::Plan};

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
