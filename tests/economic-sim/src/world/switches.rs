//! Every behaviour of e-conomic that the sources leave open, as a switch. Defaults are the reading we think likeliest.

use serde::{Deserialize, Serialize};

/// What booking a draft that is not there answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingDraft {
    /// 404.
    NotFound,
    /// 400 with code E06000.
    BadRequest,
}

/// What becomes of `sendBy: "Email"` for a customer without an address. Undocumented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailWithoutAddress {
    /// 400, nothing is booked.
    Refuse,
    /// Booked, and no mail goes out.
    BookUnsent,
}

/// What a PDF request gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenPdf {
    /// The invoice.
    Whole,
    /// No bytes.
    Empty,
    /// Bytes that are no PDF.
    NoPdf,
}

/// All switches of one agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one open question with a yes and a no")]
pub struct Switches {
    /// What booking a missing draft answers with.
    pub missing_draft: MissingDraft,
    /// What becomes of an e-mail without an address.
    pub email_without_address: EmailWithoutAddress,
    /// Booked invoices show `orderNumber`. Off: the shape of 2019.
    pub order_number_shown: bool,
    /// Numbers of drafts that are gone are given again, lowest first.
    pub reuse_draft_numbers: bool,
    /// Answers of 400 and above are kept under their idempotency key too.
    pub store_refusals: bool,
    /// `/accounting-years` is refused with 403: the user lacks the role.
    pub accounting_years_forbidden: bool,
    /// Size of the token bucket.
    pub token_limit: u32,
    /// Seconds in which an empty bucket fills up.
    pub token_window_seconds: u32,
    /// Tokens that one call costs.
    pub call_cost: u32,
    /// Seconds in `Retry-After` of a 429; null leaves the header out.
    pub retry_after_seconds: Option<u32>,
    /// A booked invoice's PDF is answered with `pdf_late_status` this many times first.
    pub pdf_late_times: u32,
    /// Status for a PDF that is not there yet.
    pub pdf_late_status: u16,
    /// What a PDF request gives.
    pub pdf: BrokenPdf,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            missing_draft: MissingDraft::NotFound,
            email_without_address: EmailWithoutAddress::Refuse,
            order_number_shown: true,
            reuse_draft_numbers: false,
            store_refusals: true,
            accounting_years_forbidden: false,
            token_limit: 10_000,
            token_window_seconds: 60,
            call_cost: 3,
            retry_after_seconds: None,
            pdf_late_times: 0,
            pdf_late_status: 404,
            pdf: BrokenPdf::Whole,
        }
    }
}
