//! What can't wait for the digest.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    MailKind,
    words::{self, Label},
};
use crate::{hold::HoldReason, ids::TenantId, letters::Language};

/// Something that a person is told at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Whose.
    pub tenant: TenantId,
    /// The company's name.
    pub company: Option<String>,
    /// The language of its words.
    pub language: Language,
    /// The tenant's date.
    pub date: NaiveDate,
    /// What it's about.
    pub kind: MailKind,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why, in its language.
    pub why: String,
    /// What to do, in its language.
    pub advice: String,
}

/// Which notice a concern about the tenant as a whole is worth.
pub fn of_concern(reason: &HoldReason) -> MailKind {
    match reason {
        HoldReason::TenantBlocked { .. } => MailKind::Unreachable,
        _ => MailKind::Stopped,
    }
}

/// Why nothing was created, and what to do, in a language.
pub fn nothing_created(language: Language) -> (String, String) {
    let label = words::of(language).label;
    (label(Label::NothingCreatedWhy).to_owned(), label(Label::NothingCreatedAct).to_owned())
}
