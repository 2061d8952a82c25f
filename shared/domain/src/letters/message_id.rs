//! The `Message-ID` of a mail: the same for the same job, purpose and attempt, and silent about all three.

use std::fmt;

use sha2::{Digest, Sha256};

use super::address::MailAddress;

/// Bytes of the hash that are kept: 128 bits, so that no two mails of a lifetime share an id.
const KEPT_BYTES: usize = 16;

/// A `Message-ID` without its angle brackets: `fp.<hash>@<domain of the sender>`.
///
/// SES puts its own id and date in the place of ours before it sends (source: AWS SES developer guide, header fields), so
/// this one names the mail in our journal and in mails written to disk; events are matched by tag and by SES's answer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({})", self.0)
    }
}

/// The id of the mail that `job_key` sends for `purpose` for the `attempt`-th time, in the domain of `sender`.
///
/// It tells nothing of the job: only who holds the key can make the same hash.
pub fn message_id(job_key: &str, purpose: &str, attempt: u32, sender: &MailAddress) -> MessageId {
    let mut hash = Sha256::new();
    for part in [job_key, purpose] {
        // The length first, or `a` + `bc` and `ab` + `c` would be one mail.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(attempt.to_be_bytes());
    MessageId(format!("fp.{}@{}", hex(&hash.finalize()[..KEPT_BYTES]), sender.domain()))
}

/// `bytes` as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_same_for_the_same_and_different_for_all_else() {
        let sender: MailAddress = "faktura@example.se".parse().unwrap();
        let id = |key, purpose, attempt| message_id(key, purpose, attempt, &sender);
        let first = id("fortnox-1#agreement-7#2026-01-01", "invoice", 1);
        // Stored ids must stay what they are.
        assert_eq!(first.as_str(), "fp.3fb423f3cad7835c343b1c28022cd403@example.se");
        assert_eq!(first, id("fortnox-1#agreement-7#2026-01-01", "invoice", 1));
        assert_ne!(first, id("fortnox-1#agreement-7#2026-01-01", "invoice", 2));
        assert_ne!(first, id("fortnox-1#agreement-7#2026-01-01", "reminder", 1));
        assert_ne!(id("a", "bc", 1), id("ab", "c", 1));
    }
}
