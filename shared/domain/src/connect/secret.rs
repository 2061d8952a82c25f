//! Random secrets, and what is kept of them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of 256 bits.
const DIGITS: usize = 64;

/// A text that is no secret and no digest of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {DIGITS} hexadecimal digits in lower case")]
pub struct NotASecret;

/// 256 random bits, as 64 hexadecimal digits. No `Display`, and no digits in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The SHA-256 of a secret: tells whether a secret is the one, and nothing of the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Secret {
    /// From bytes that nobody can guess.
    pub fn from_random(bytes: [u8; DIGITS / 2]) -> Self {
        Self(hex(&bytes))
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        Digest(hex(&Sha256::digest(self.0.as_bytes())))
    }

    /// The secret itself, for whom it's meant; never for a log or a table.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl FromStr for Secret {
    type Err = NotASecret;
    fn from_str(text: &str) -> Result<Self, NotASecret> {
        checked(text).map(Self)
    }
}

impl FromStr for Digest {
    type Err = NotASecret;
    fn from_str(text: &str) -> Result<Self, NotASecret> {
        checked(text).map(Self)
    }
}

impl TryFrom<String> for Digest {
    type Error = NotASecret;
    fn try_from(text: String) -> Result<Self, NotASecret> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One spelling for each, so that nothing is taken twice under two.
fn checked(text: &str) -> Result<String, NotASecret> {
    let fits = text.len() == DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if fits { Ok(text.to_owned()) } else { Err(NotASecret) }
}

fn hex(bytes: &[u8]) -> String {
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
    fn a_secret_has_one_spelling_and_does_not_print() {
        let secret = Secret::from_random([0xab; 32]);
        assert_eq!(secret.expose(), "ab".repeat(32));
        assert_eq!(secret.expose().parse::<Secret>().unwrap(), secret);
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        for wrong in ["", "ab", &"AB".repeat(32), &"ab".repeat(33), &"é".repeat(32), &" b".repeat(32)] {
            assert_eq!(wrong.parse::<Secret>(), Err(NotASecret), "{wrong}");
        }
    }

    #[test]
    fn a_digest_is_not_its_secret() {
        let secret = Secret::from_random([7; 32]);
        assert_ne!(secret.digest().to_string(), secret.expose());
        assert_ne!(secret.digest(), Secret::from_random([8; 32]).digest());
    }
}
