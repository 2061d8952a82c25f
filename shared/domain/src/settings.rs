//! Settings: what a tenant wants, and what it wants otherwise for a customer or an agreement.
//!
//! A value is looked for in the agreement's item, then the customer's, then the tenant's profile, then the default, and
//! every resolved value says where it came from. An item with a single wrong field is refused whole, with that field's name:
//! half a setting is a wrong invoice.

mod decimal;
mod document;
mod drafts;
mod explain;
mod invoice_service;
mod own_letters;
mod prices;
mod refusal;
mod resolve;
mod schema;
mod shapes;
mod sweep;
mod tenant;
mod wants;

pub use document::{Layer, Profile, TenantFields, parse_layer, parse_profile};
pub use explain::{Explained, Items, explain};
pub use invoice_service::ServiceSendMethod;
pub use own_letters::OwnLetters;
pub use refusal::{Against, SettingsError};
pub use resolve::{Resolved, Source, Sourced, resolve};
pub use schema::{Reach, Setting, settings, settings_schema, shown};
pub use sweep::{SweepInterval, local_instant, next_sweep};
pub use tenant::TenantSettings;
pub use wants::Wants;

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{AgreementNumber, CustomerNumber, InvalidId, SystemKind};

/// How much the pipeline may do for a tenant. Works at once: it's read anew before each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing at all.
    Off,
    /// Decide and report.
    Preview,
    /// Create invoices; never book or deliver.
    DraftOnly,
    /// Everything the settings ask for.
    Full,
}

impl Mode {
    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Preview => "preview",
            Self::DraftOnly => "draft_only",
            Self::Full => "full",
        }
    }
}

/// How an invoice is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Our own mail through SES, with the PDF.
    SesEmail,
    /// Fortnox's own e-mail.
    FortnoxEmail,
    /// An e-invoice through Fortnox.
    FortnoxEinvoice,
    /// A letter through Fortnox's print service.
    FortnoxPrintService,
    /// Handed over to Fortnox's invoice service, which sends it and looks after its payment.
    FortnoxInvoiceService,
    /// As the customer's card in Fortnox says.
    CustomerDefault,
    /// e-conomic's own e-mail.
    EconomicEmail,
    /// An e-invoice through e-conomic.
    EconomicEinvoice,
    /// Not delivered by us.
    None,
}

impl Channel {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::SesEmail,
        Self::FortnoxEmail,
        Self::FortnoxEinvoice,
        Self::FortnoxPrintService,
        Self::FortnoxInvoiceService,
        Self::CustomerDefault,
        Self::EconomicEmail,
        Self::EconomicEinvoice,
        Self::None,
    ];

    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::SesEmail => "ses_email",
            Self::FortnoxEmail => "fortnox_email",
            Self::FortnoxEinvoice => "fortnox_einvoice",
            Self::FortnoxPrintService => "fortnox_print_service",
            Self::FortnoxInvoiceService => "fortnox_invoice_service",
            Self::CustomerDefault => "customer_default",
            Self::EconomicEmail => "economic_email",
            Self::EconomicEinvoice => "economic_einvoice",
            Self::None => "none",
        }
    }

    /// Whether the accounting system delivers that way as part of the booking call, and only then (API fact sheet, 6.1, 6.7).
    pub fn is_sent_by_booking(self) -> bool {
        matches!(self, Self::EconomicEmail | Self::EconomicEinvoice)
    }

    /// Whether the accounting system itself delivers that way, by a call of its own (Fortnox's fact sheet, 6.1 and 7).
    pub fn is_sent_by_call(self) -> bool {
        matches!(
            self,
            Self::FortnoxEmail | Self::FortnoxEinvoice | Self::FortnoxPrintService | Self::FortnoxInvoiceService
        )
    }

    /// Whether a booked invoice can be delivered that way.
    pub fn delivers_afterwards(self) -> bool {
        matches!(self, Self::SesEmail | Self::CustomerDefault) || self.is_sent_by_call()
    }

    /// Whether it goes to whom the invoice itself says, which must be written there before.
    pub fn goes_by_the_invoices_recipients(self) -> bool {
        self == Self::FortnoxEmail
    }

    /// Whether only an invoice in the books is delivered that way. What an e-invoice or a letter says can't be taken back,
    /// and Fortnox doesn't say what becomes of one that is changed after it. The invoice service looks after a claim, and
    /// there is none before the booking.
    pub fn needs_a_booked_invoice(self) -> bool {
        matches!(self, Self::FortnoxEinvoice | Self::FortnoxPrintService | Self::FortnoxInvoiceService)
    }

    /// Whether a tenant of `system` can be delivered for that way.
    pub fn is_for(self, system: SystemKind) -> bool {
        match self {
            Self::SesEmail | Self::None => true,
            Self::FortnoxEmail
            | Self::FortnoxEinvoice
            | Self::FortnoxPrintService
            | Self::FortnoxInvoiceService
            | Self::CustomerDefault => system == SystemKind::Fortnox,
            Self::EconomicEmail | Self::EconomicEinvoice => system == SystemKind::Economic,
        }
    }
}

/// Which settings item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The tenant's own.
    Profile,
    /// One customer's.
    Customer(CustomerNumber),
    /// One agreement's.
    Agreement(AgreementNumber),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile => f.write_str("profile"),
            Self::Customer(number) => write!(f, "customer#{number}"),
            Self::Agreement(number) => write!(f, "agreement#{number}"),
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.split_once('#') {
            None if text == "profile" => Ok(Self::Profile),
            Some(("customer", number)) => number.parse().map(Self::Customer),
            Some(("agreement", number)) => number.parse().map(Self::Agreement),
            _ => Err(InvalidId::Characters),
        }
    }
}
