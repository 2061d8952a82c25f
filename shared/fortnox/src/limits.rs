//! How much of an answer is taken.

use http_once::Answer;
use std::time::Duration;

/// What this client calls itself.
pub(crate) const USER_AGENT: &str = concat!("fortnox-rs/", env!("CARGO_PKG_VERSION"));

/// Longest JSON answer. A page of 500 contracts is about 0.3 MB and an invoice of a thousand rows about 0.5 MB; this
/// leaves room tenfold and still fits a function of 128 MB.
pub(crate) const LARGEST_JSON_BYTES: usize = 4 * 1024 * 1024;

/// Longest PDF. It is mailed base64-coded, a third longer, and mailboxes commonly stop at 20 to 25 MB.
pub(crate) const LARGEST_PDF_BYTES: usize = 12 * 1024 * 1024;

/// Longest identifier taken over from an `X-Uid` header.
const LONGEST_UID: usize = 100;

/// Longest pause taken over from a `Retry-After` header: the limit is counted over five seconds, so more than five
/// minutes cannot be meant.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(5);

/// `X-Uid` of the answer, which Fortnox's support asks for.
pub(crate) fn uid(answer: &Answer) -> Option<String> {
    answer.header("x-uid", LONGEST_UID)
}

/// `Retry-After`. Whether Fortnox sends it at all is not documented.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    answer.retry_after(LONGEST_RETRY_AFTER)
}
