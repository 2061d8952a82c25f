//! Secrets of the API, as types that cannot be printed, and the key that keeps a booking from happening twice.

use std::fmt;
use std::time::Duration;

/// Longest idempotency key that is sent. e-conomic documents no limit; a UUID has 36 characters.
const LONGEST_KEY: usize = 128;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `Debug` prints the type's name only.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Wraps the secret text as it was received.
            pub fn new(secret: impl Into<String>) -> Self {
                Self(secret.into())
            }

            /// The secret text, for storing it encrypted or sending it to e-conomic; never for a log.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret! {
    /// What identifies the app (`X-AppSecretToken`).
    AppSecretToken
}
secret! {
    /// What an agreement's user granted the app (`X-AgreementGrantToken`): names the agreement and the user. No expiry is
    /// documented; the agreement's users can revoke it.
    AgreementGrantToken
}

/// What one booking is recognised by when it's sent again (`Idempotency-Key`).
///
/// The same key with the same address and body gives the stored answer instead of a second booking, for [`LIFE`](Self::LIFE).
/// **After that the same key books again.** Keys of everything that uses the same tokens share one space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// How long e-conomic remembers a key (its tech blog says one hour; seen by others to hold at 54 minutes and to be gone
    /// at 141). Stop well before.
    pub const LIFE: Duration = Duration::from_hours(1);

    /// The key, if it can be sent: 1 to 128 visible ASCII characters.
    pub fn new(key: impl Into<String>) -> Option<Self> {
        let key = key.into();
        let sendable = !key.is_empty() && key.len() <= LONGEST_KEY && key.chars().all(|c| c.is_ascii_graphic());
        sendable.then_some(Self(key))
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_and_bounded() {
        for bad in ["", " ", "a b", "nøgle", "a\n", &"x".repeat(LONGEST_KEY + 1)] {
            assert_eq!(IdempotencyKey::new(bad), None, "{bad:?}");
        }
        assert!(IdempotencyKey::new("book-148-1").is_some_and(|key| key.as_str() == "book-148-1"));
    }

    #[test]
    fn secrets_do_not_print() {
        let printed = format!("{:?} {:#?}", AppSecretToken::new("hemmelig"), AgreementGrantToken::new("hemmelig"));
        assert_eq!(printed, "AppSecretToken(..) AgreementGrantToken(..)");
    }
}
