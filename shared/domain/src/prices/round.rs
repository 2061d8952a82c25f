//! How far the comparison of a tenant's prices has come.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgreementNumber, ArticleNumber, PriceListCode},
    settings::{TenantFields, local_instant},
};

/// Local hour from which a tenant's daily comparison of everything is made: at night, before the invoices of the day. An hour
/// that exists on every night of the year.
const COMPARES_FROM_HOUR: u32 = 1;

/// Its agreements and list prices are compared once a day, and what was touched in between each few minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Articles that were touched before this moment have been looked at.
    pub looked_until: Option<DateTime<Utc>>,
    /// The agreements that were touched before this moment have been read.
    pub read_until: Option<DateTime<Utc>>,
    /// The tenant's date on which everything was last compared.
    pub compared_on: Option<NaiveDate>,
    /// Some list price may have changed that not all agreements were compared with. Written down before the price itself is, so that
    /// no crash in between forgets them.
    pub behind: bool,
    /// What is going on.
    pub stage: Stage,
}

/// A part of the comparison. Each can be broken off and gone on with by another worker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Nothing.
    #[default]
    Rest,
    /// All active agreements are gone through for new ones, those that were touched are read again, and those that are gone are
    /// forgotten.
    Agreements {
        /// When it began.
        began: DateTime<Utc>,
        /// The page to go on with, from 1.
        page: u32,
    },
    /// Agreements that were touched are read again.
    Touched {
        /// When the reading of agreements began.
        began: DateTime<Utc>,
        /// The page to go on with, from 1.
        page: u32,
    },
    /// Each list price in use is asked for.
    Lists {
        /// The last one that was.
        after: Option<(ArticleNumber, PriceListCode)>,
    },
    /// The agreements are brought up to date.
    Agree {
        /// The last one that was.
        after: Option<AgreementNumber>,
        /// The tenant's date, when this ends the daily comparison.
        day: Option<NaiveDate>,
    },
}

impl Round {
    /// Whether the daily comparison is due on the tenant's clock.
    pub fn compares_all(&self, now: DateTime<Utc>, tenant: &TenantFields) -> bool {
        let today = now.with_timezone(&tenant.time_zone).date_naive();
        let from = today.and_hms_opt(COMPARES_FROM_HOUR, 0, 0).unwrap_or_default();
        // The very first one isn't waited for.
        self.compared_on.is_none_or(|last| last < today && local_instant(tenant.time_zone, from) <= now)
    }

    /// When it's next looked at, having rested `now`.
    pub fn next(&self, now: DateTime<Utc>, tenant: &TenantFields) -> DateTime<Utc> {
        now + TimeDelta::minutes(i64::from(tenant.price_sync_minutes))
    }
}
