//! What a tenant's settings say of its drafts as a whole.

use super::TenantSettings;
use crate::draft::FinishedBy;

impl TenantSettings {
    /// Whether some customer's drafts may be finished without a ready signal, so that they have to be looked through.
    pub fn looks_for_drafts(&self) -> bool {
        let signal_alone = |ways: &[FinishedBy]| ways.iter().all(|way| *way == FinishedBy::ReadySignal);
        let mut layers = self.layers();
        let automatic = self.layers().any(|layer| layer.automatic_sending == Some(true));
        automatic && layers.any(|layer| layer.finished_by.as_deref().is_some_and(|ways| !signal_alone(ways)))
    }
}
