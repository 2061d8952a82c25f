//! The job in a mail's own header.

use std::str::FromStr;

/// Longest reference: a tenant, an agreement's number and a date, with room to spare, and far below the 998 characters of
/// a header's line (source: RFC 5322, 2.1.1).
pub const MAX_JOB_REFERENCE_CHARS: usize = 200;

/// What job keys are made of, besides letters and digits. Nothing that folds a header, ends it or looks encoded in it.
const MARKS: &str = "-_.:/#+";

/// The key of a job, such as `economic-7654321:148:1`, fit for a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobReference(String);

/// Why a text can't be a job's reference in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {MAX_JOB_REFERENCE_CHARS} ASCII letters, digits and {MARKS}")]
pub struct InvalidJobReference;

impl JobReference {
    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JobReference {
    type Err = InvalidJobReference;
    fn from_str(text: &str) -> Result<Self, InvalidJobReference> {
        let right = (1..=MAX_JOB_REFERENCE_CHARS).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || MARKS.contains(c));
        if right { Ok(Self(text.to_owned())) } else { Err(InvalidJobReference) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_fits_a_header() {
        for right in ["economic-7654321:148:1", "fortnox-1:A:7:2026-01-31", &"x".repeat(MAX_JOB_REFERENCE_CHARS)] {
            assert_eq!(right.parse::<JobReference>().unwrap().as_str(), right);
        }
        for wrong in [
            "",
            "a b",
            "a\r\nBcc: x@evil.example",
            "a\n",
            "\ra",
            "a\tb",
            "a\0",
            "\u{85}",
            "fortnox-1:Å7:1",
            "=?utf-8?Q?=0D=0ABcc:_x?=",
            &"x".repeat(MAX_JOB_REFERENCE_CHARS + 1),
        ] {
            assert_eq!(wrong.parse::<JobReference>(), Err(InvalidJobReference), "{wrong:?}");
        }
    }
}
