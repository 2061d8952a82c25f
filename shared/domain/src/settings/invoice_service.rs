//! What a company chooses of Fortnox's invoice service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the invoice service sends an invoice that it's handed (Fortnox's fact sheet, 7). Fortnox knows `NONE` too, by which the
/// customer would get nothing: that's no way of delivery, so it can't be set. Whether the service sends reminders is in the
/// company's agreement with Fortnox, not in the call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceSendMethod {
    /// By e-mail.
    #[default]
    Email,
    /// By post.
    Letter,
    /// As an e-invoice.
    Einvoice,
}
