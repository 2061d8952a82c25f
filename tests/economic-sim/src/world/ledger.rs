//! The ledger: every request and what it did, whether or not its answer arrived. Tests assert on this.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sim_kit::{FaultKind, Method};

/// Who made a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A program with tokens, or without.
    App,
    /// A person in e-conomic's own screens, played by a test.
    Person,
}

/// What a request did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// A draft came to be.
    DraftCreated,
    /// A draft was replaced.
    DraftChanged,
    /// A draft was deleted.
    DraftDeleted,
    /// Somebody asked to delete all drafts: forbidden, and not carried out.
    AllDraftsDeleted,
    /// A draft was booked.
    InvoiceBooked,
    /// e-conomic e-mailed an invoice.
    EmailSent,
    /// e-conomic sent an e-invoice.
    EinvoiceSent,
    /// A customer was replaced.
    CustomerChanged,
}

/// One effect with the numbers that identify it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What happened.
    pub kind: EffectKind,
    /// Draft number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<u64>,
    /// Number of the booked invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<u64>,
    /// Customer number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<u64>,
    /// Gross amount in `currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<Decimal>,
    /// Currency of `gross`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Date of the draft or invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Addresses of an e-mail, or EAN of an e-invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `sendBy` as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_by: Option<String>,
    /// The draft as it stands since it was written, or as it was when it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<Value>,
}

impl Effect {
    pub(crate) fn of(kind: EffectKind) -> Self {
        Self {
            kind,
            draft: None,
            invoice: None,
            customer: None,
            gross: None,
            currency: None,
            date: None,
            to: None,
            send_by: None,
            stands: None,
        }
    }
}

/// One request. Holds no token and no header.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Position in the ledger, from 1.
    pub seq: u64,
    /// Simulated time of arrival.
    pub at: DateTime<Utc>,
    /// Who asked.
    pub actor: Actor,
    /// Agreement number, when known.
    pub tenant: Option<u64>,
    /// HTTP method.
    pub method: Method,
    /// Path as sent.
    pub path: String,
    /// Query as sent, without the question mark.
    pub query: String,
    /// Status as sent to the client; null when nothing was sent.
    pub status: Option<u16>,
    /// The fault that hit this request.
    pub fault: Option<FaultKind>,
    /// The answer came from the idempotency store: nothing was done.
    pub replayed: bool,
    /// What happened, whether or not the client learned of it.
    pub effects: Vec<Effect>,
}
