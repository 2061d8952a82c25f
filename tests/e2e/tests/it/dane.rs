//! Companies in e-conomic for the tests.

use domain::{
    ids::TenantId,
    job::{Ending, JobState},
    signal::SignalSecret,
};
use economic_sim::{Actor, CompanyFile, EffectKind, LedgerEntry};
use stage::{Evidence, JobRecord, SignalAnswer};

use crate::scene::Scene;
pub(crate) use stage::companies::danish::{REPLY_TO, address, contact, profile};

/// Who gave consent in each company.
pub(crate) const CONSENTED: &str = "maja@sonderaa.example";
/// With which the integrations sign.
pub(crate) const SECRET: &str = "not-a-secret-of-an-integration-0123";

/// A company with drafts 1 to `drafts`, which may all be booked.
pub(crate) fn dane(number: u64, drafts: u64) -> CompanyFile {
    stage::companies::danish::company(number, drafts).unwrap()
}

impl Scene {
    /// The company's integration, which signs with a secret of its own.
    pub(crate) fn integration(&self, tenant: &TenantId) -> SignalSecret {
        self.stage.give_secret(tenant, "crm", SECRET).unwrap()
    }

    /// The integration says that a draft is finished, and is heard.
    pub(crate) async fn ready(&self, tenant: &TenantId, secret: &SignalSecret, draft: u64) -> SignalAnswer {
        let answer = self.stage.signal(tenant, &draft.to_string(), secret).await.unwrap();
        assert_eq!(answer.status, 202, "{answer:?}");
        answer
    }
}

/// The newest job of a draft.
pub(crate) fn job_of(evidence: &Evidence, tenant: &TenantId, draft: u64) -> JobRecord {
    let prefix = format!("{tenant}:{draft}:");
    let mut jobs = evidence.jobs.iter().filter(|record| record.job.key.to_string().starts_with(&prefix));
    jobs.next_back().unwrap_or_else(|| panic!("draft {draft} of {tenant} has no job")).clone()
}

/// Whether the job is complete.
pub(crate) fn is_complete(record: &JobRecord) -> bool {
    matches!(record.job.state, JobState::Done { ending: Ending::Completed, .. })
}

/// The bookings that the program made of a draft, by e-conomic's ledger.
pub(crate) fn bookings<'a>(evidence: &'a Evidence, tenant: &TenantId, draft: u64) -> Vec<&'a LedgerEntry> {
    let tenant = tenant.number();
    let of_draft = |entry: &&LedgerEntry| {
        let booked = |it: &economic_sim::Effect| it.kind == EffectKind::InvoiceBooked && it.draft == Some(draft);
        entry.actor == Actor::App && entry.tenant == Some(tenant) && entry.effects.iter().any(booked)
    };
    evidence.economic.iter().filter(of_draft).collect()
}

/// Whether any call named the draft otherwise than in a list.
pub(crate) fn is_touched(evidence: &Evidence, tenant: &TenantId, draft: u64) -> bool {
    let own = evidence.economic.iter().filter(|entry| entry.tenant == Some(tenant.number()));
    let names = format!("/drafts/{draft}");
    let changed = |entry: &LedgerEntry| entry.effects.iter().any(|effect| effect.draft == Some(draft));
    own.into_iter().any(|entry| entry.actor == Actor::App && (entry.path.ends_with(&names) || changed(entry)))
}
