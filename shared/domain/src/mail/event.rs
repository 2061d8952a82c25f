//! What the mail service tells of a mail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AddressHash, MailName, MailState};
use crate::ids::TenantId;

/// Something that happened to a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailEvent {
    /// Whose mail.
    pub tenant: TenantId,
    /// Which.
    pub mail: MailName,
    /// The mail service's own name of it.
    pub accepted_as: String,
    /// How it stands by this.
    pub state: MailState,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// With whom it stands so. Empty: with everybody it went to.
    pub recipients: Vec<Reported>,
}

/// One of those that an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// The address.
    pub address: AddressHash,
    /// The receiving server's status, such as `5.1.1` (no such mailbox), or the mail service's word for it.
    pub code: Option<String>,
}
