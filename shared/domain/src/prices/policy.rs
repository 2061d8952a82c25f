//! What a company wants done with changed prices.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::{Mode, Resolved};

/// What is done when a list price changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceSync {
    /// Nothing.
    Off,
    /// It's told what would follow.
    Preview,
    /// Agreements and their open invoices follow.
    Follow,
}

impl PriceSync {
    /// What the settings in force on the tenant's date say. Changes whose day hasn't come are only told, and so are all where the mode
    /// doesn't let anything be changed.
    pub fn in_force(settings: &Resolved, today: NaiveDate) -> Self {
        let wanted = settings.price_sync.value;
        let allowed = match settings.mode.value {
            Mode::Off => Self::Off,
            Mode::Preview => Self::Preview,
            Mode::DraftOnly | Mode::Full => Self::Follow,
        };
        let its_day = match settings.price_sync_from.value {
            Some(from) if today < from => Self::Preview,
            _ => Self::Follow,
        };
        wanted.min(allowed).min(its_day)
    }
}

/// Rows of an agreement that never follow, by their place from 1.
pub type ExcludedRows = BTreeSet<u32>;
