//! One company's tokens, kept until e-conomic doesn't accept them any more.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use accounting::{Grant, Grants, TokenError};
use domain::ids::TenantId;
use economic::{AgreementGrantToken, AppSecretToken};
use economic_sim::Access;

/// The tokens, and how often they were read from where they're kept.
pub(crate) struct KeptGrant {
    grant: Grant,
    kept: AtomicBool,
    fetched: AtomicUsize,
}

impl KeptGrant {
    pub(crate) fn new(access: &Access) -> Self {
        let app = AppSecretToken::new(access.app_secret_token.clone());
        let agreement = AgreementGrantToken::new(access.agreement_grant_token.clone());
        Self { grant: Grant { app, agreement }, kept: AtomicBool::new(false), fetched: AtomicUsize::new(0) }
    }

    pub(crate) fn fetched(&self) -> usize {
        self.fetched.load(Ordering::Relaxed)
    }
}

/// What the adapter holds of it.
pub(crate) struct Shared(pub(crate) Arc<KeptGrant>);

impl Grants for Shared {
    async fn grant(&self, _tenant: &TenantId) -> Result<Grant, TokenError> {
        if !self.0.kept.swap(true, Ordering::Relaxed) {
            self.0.fetched.fetch_add(1, Ordering::Relaxed);
        }
        Ok(self.0.grant.clone())
    }

    async fn rejected(&self, _tenant: &TenantId) {
        self.0.kept.store(false, Ordering::Relaxed);
    }
}
