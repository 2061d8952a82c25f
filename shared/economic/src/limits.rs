//! How much of an answer is taken.

use std::time::Duration;

/// What this client calls itself.
pub(crate) const USER_AGENT: &str = concat!("economic-rs/", env!("CARGO_PKG_VERSION"));

/// Longest JSON answer. A draft in a list is about 2 kB with all its links, and 6 kB with the longest texts that the schema
/// allows; a page has a thousand.
pub(crate) const LARGEST_JSON_BYTES: usize = 8 * 1024 * 1024;

/// Longest PDF. It is mailed base64-coded, a third longer, and mailboxes commonly stop at 20 to 25 MB.
pub(crate) const LARGEST_PDF_BYTES: usize = 12 * 1024 * 1024;

/// Longest identifier taken over from an `X-RequestId` header (seen: 20 characters).
pub(crate) const LONGEST_REQUEST_ID: usize = 100;

/// Longest pause taken over from a `Retry-After` header: the budget fills up again within a minute, so more than ten cannot
/// be meant.
pub(crate) const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(10);
