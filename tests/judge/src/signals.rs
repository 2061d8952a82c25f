//! What integrations said.

use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use serde::{Deserialize, Serialize};

/// An integration said that a draft is finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Whose draft.
    pub tenant: TenantId,
    /// Its number.
    pub draft: u64,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// The integration was told that it arrived. One that wasn't told may have been heard all the same.
    pub taken: bool,
}
