//! The ledger: every request and what it did, whether or not its answer arrived. Tests assert on this.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use sim_kit::FaultKind;
use sim_kit::Method;

/// Who made a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A program with a bearer token (or on the way to one).
    App,
    /// A person in Fortnox's own screens, played by a test.
    Person,
}

/// What a request did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// An invoice came to be, from a contract when `contract` is set.
    InvoiceCreated,
    /// An invoice's fields or rows changed.
    InvoiceChanged,
    /// An invoice was booked.
    InvoiceBooked,
    /// An invoice was cancelled.
    InvoiceCancelled,
    /// An invoice was credited; the credit note is an `InvoiceCreated` of its own.
    InvoiceCredited,
    /// An invoice is marked as sent. Always follows a sending effect; alone for `externalprint` and `print`.
    MarkedSent,
    /// Fortnox e-mailed an invoice.
    EmailSent,
    /// Fortnox sent an e-invoice.
    EinvoiceSent,
    /// Fortnox had a letter printed and posted.
    PrintServiceSent,
    /// An invoice was handed over to the invoice service, which sends it.
    HandedToService,
    /// The invoice service took an invoice on that it had been handed, and gave it an OCR of its own.
    TakenOnByService,
    /// A contract came to be.
    ContractCreated,
    /// A contract's fields, rows or period changed.
    ContractChanged,
    /// A contract was finished.
    ContractFinished,
    /// `increaseinvoicecount` was called.
    InvoiceCountIncreased,
    /// A customer came to be or changed.
    CustomerChanged,
    /// An article came to be or changed.
    ArticleChanged,
    /// A price was set or removed.
    PriceChanged,
    /// An access token was issued.
    TokenIssued,
    /// A refresh token was spent and replaced.
    RefreshTokenRotated,
    /// A refresh token was revoked.
    TokenRevoked,
}

/// One effect with the numbers that identify it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What happened.
    pub kind: EffectKind,
    /// Invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<u64>,
    /// Contract number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<u64>,
    /// Customer number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Article number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// First day of the period that a contract's invoice covers, also when the invoice itself does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_start: Option<NaiveDate>,
    /// Last day of that period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<NaiveDate>,
    /// Date of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_date: Option<NaiveDate>,
    /// Amount to pay, VAT included, in `currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
    /// Currency of `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Address an e-mail went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Address an e-mail's blind copy went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bcc: Option<String>,
    /// How the customer's invoices are delivered by default, as its card says after a change of it or when an invoice is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_delivery: Option<String>,
    /// How the invoice service was told to send an invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<String>,
}

impl Effect {
    pub(crate) fn of(kind: EffectKind) -> Self {
        Self {
            kind,
            invoice: None,
            contract: None,
            customer: None,
            article: None,
            period_start: None,
            period_end: None,
            invoice_date: None,
            total: None,
            currency: None,
            to: None,
            bcc: None,
            default_delivery: None,
            sent_by: None,
        }
    }

    pub(crate) fn invoice(kind: EffectKind, number: u64) -> Self {
        Self { invoice: Some(number), ..Self::of(kind) }
    }

    pub(crate) fn contract(kind: EffectKind, number: u64) -> Self {
        Self { contract: Some(number), ..Self::of(kind) }
    }
}

/// One request. Holds no token, header or body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Position in the ledger, from 1.
    pub seq: u64,
    /// Simulated time of arrival.
    pub at: DateTime<Utc>,
    /// Who asked.
    pub actor: Actor,
    /// Database number of the company, when known.
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
    /// What happened, whether or not the client learned of it.
    pub effects: Vec<Effect>,
}
