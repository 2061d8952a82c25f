//! Names that say nothing of whom they stand for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ids::TenantId, letters::message_id::MessageId};

/// Bytes of a hash that are kept: 128 bits, so that no two of a lifetime are the same.
const KEPT_BYTES: usize = 16;

/// What every mail's name begins with.
const PREFIX: &str = "fp_";

/// A mail's name in its tag, by which the mail service's events lead back to it: the local part of its `Message-ID`, in the
/// characters that a tag may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailName(String);

/// A text that names no mail of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be `fp_` and 32 hexadecimal digits")]
pub struct InvalidMailName;

impl MailName {
    /// The name of the mail with this `Message-ID`.
    pub fn of(id: &MessageId) -> Self {
        Self::of_text(id.as_str())
    }

    /// The same, given the id's text as a job remembers it.
    pub fn of_text(id: &str) -> Self {
        Self(id.split('@').next().unwrap_or_default().replace('.', "_"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MailName {
    type Err = InvalidMailName;
    fn from_str(text: &str) -> Result<Self, InvalidMailName> {
        let hash = text.strip_prefix(PREFIX).ok_or(InvalidMailName)?;
        let digits = hash.len() == 2 * KEPT_BYTES && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if digits { Ok(Self(text.to_owned())) } else { Err(InvalidMailName) }
    }
}

impl TryFrom<String> for MailName {
    type Error = InvalidMailName;
    fn try_from(text: String) -> Result<Self, InvalidMailName> {
        text.parse()
    }
}

impl From<MailName> for String {
    fn from(key: MailName) -> Self {
        key.0
    }
}

impl fmt::Display for MailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address of one tenant's, hashed: the same address of another tenant is another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AddressHash(String);

impl AddressHash {
    /// The hash of `address`, whose case doesn't matter.
    pub fn of(tenant: &TenantId, address: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(tenant.to_string());
        // No tenant's name holds it, so no two pairs are one text.
        hash.update([0]);
        hash.update(address.trim().to_ascii_lowercase());
        let kept = &hash.finalize()[..KEPT_BYTES];
        Self(crate::letters::message_id::hex(kept))
    }

    /// Its hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::letters::message_id::message_id;

    #[test]
    fn a_mails_name_is_its_message_id_without_the_domain() {
        let id = message_id("job", "invoice", 1, &"a@example.se".parse().unwrap());
        let key = MailName::of(&id);
        assert_eq!(key.as_str().parse::<MailName>(), Ok(key.clone()));
        assert_eq!(MailName::of_text(id.as_str()), key);
        for wrong in ["", "fp_", "fp_zz", "fp.3fb423f3cad7835c343b1c28022cd403", "3fb423f3cad7835c343b1c28022cd403"] {
            assert_eq!(wrong.parse::<MailName>(), Err(InvalidMailName), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_known_again_within_its_tenant_only() {
        let of = |tenant: &str, address| AddressHash::of(&tenant.parse().unwrap(), address);
        assert_eq!(of("fortnox-1", "Anna@Kund.example"), of("fortnox-1", " anna@kund.EXAMPLE"));
        assert_ne!(of("fortnox-1", "anna@kund.example"), of("fortnox-2", "anna@kund.example"));
        assert_ne!(of("fortnox-1", "anna@kund.example"), of("fortnox-1", "arne@kund.example"));
        assert_eq!(of("fortnox-1", "a@b.example").as_str().len(), 32);
    }
}
