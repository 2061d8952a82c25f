//! What a tenant's settings say of its prices as a whole.

use super::TenantSettings;
use crate::prices::PriceSync;

impl TenantSettings {
    /// Whether some agreement's prices may have to be told or changed, so that they have to be watched.
    pub fn watches_prices(&self) -> bool {
        self.layers().any(|layer| layer.price_sync.is_some_and(|sync| sync != PriceSync::Off))
    }
}
