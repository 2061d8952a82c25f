//! A pacer whose calls are published.

use std::time::Duration;

use economic::{AgreementNumber, Figures, PaceError, Pacer};

/// e-conomic's pacer, with each call counted that it lets go.
#[derive(Debug, Clone)]
pub struct Counted<P>(pub(crate) P);

impl<P: Pacer> Pacer for Counted<P> {
    async fn slot(&self, agreement: AgreementNumber) -> Result<(), PaceError> {
        self.0.slot(agreement).await?;
        metric::ECONOMIC_CALLS.add(1);
        Ok(())
    }

    async fn told(&self, agreement: AgreementNumber, figures: Figures) {
        self.0.told(agreement, figures).await;
    }

    async fn refused(&self, agreement: AgreementNumber, retry_after: Option<Duration>) {
        metric::ECONOMIC_TOO_MANY.add(1);
        tracing::warn!(company = agreement.get(), "e-conomic answered 429");
        self.0.refused(agreement, retry_after).await;
    }
}
