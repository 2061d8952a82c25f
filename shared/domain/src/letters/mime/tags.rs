//! The two things SES reads from a mail's headers: its configuration set and its tags.

use std::{fmt, str::FromStr};

use crate::ids::TenantId;

/// Longest name of a configuration set (source: AWS SES API).
const MAX_SET_CHARS: usize = 64;

/// What a tenant's own set adds to the name at most: a hyphen and the longest tenant there is, `economic-` and twenty digits.
const MAX_TENANT_CHARS: usize = 30;

/// Longest name or value of a tag (source: AWS SES API).
const MAX_TAG_CHARS: usize = 256;

/// Most tags of a mail: our own bound, far above the few we set, which keeps the header short.
pub const MAX_TAGS: usize = 10;

/// A text that SES would not take as a configuration set or a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be ASCII letters, digits, _ and - (a tag's value also . and @), and not be empty or too long")]
pub struct InvalidTag;

/// The name of an SES configuration set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationSet(String);

impl ConfigurationSet {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConfigurationSet {
    type Err = InvalidTag;
    fn from_str(text: &str) -> Result<Self, InvalidTag> {
        checked(text, MAX_SET_CHARS, "").map(Self)
    }
}

/// What the names of all tenants' configuration sets begin with: the name of the stack's own one. Short enough that every tenant's
/// fits behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPrefix(String);

impl SetPrefix {
    /// Longest such name.
    pub const MAX_CHARS: usize = MAX_SET_CHARS - MAX_TENANT_CHARS;

    /// The configuration set of one tenant: `<prefix>-<tenant>`.
    pub fn set_of(&self, tenant: &TenantId) -> ConfigurationSet {
        ConfigurationSet(format!("{}-{tenant}", self.0))
    }
}

impl FromStr for SetPrefix {
    type Err = InvalidTag;
    fn from_str(text: &str) -> Result<Self, InvalidTag> {
        checked(text, Self::MAX_CHARS, "").map(Self)
    }
}

impl fmt::Display for ConfigurationSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name and value that SES hands back with every event of the mail. Never anything personal: events reach logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTag {
    name: String,
    value: String,
}

impl MessageTag {
    /// The tag `name` with `value`.
    pub fn new(name: &str, value: &str) -> Result<Self, InvalidTag> {
        Ok(Self { name: checked(name, MAX_TAG_CHARS, "")?, value: checked(value, MAX_TAG_CHARS, ".@")? })
    }
}

impl fmt::Display for MessageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

fn checked(text: &str, max: usize, also: &str) -> Result<String, InvalidTag> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || also.contains(c);
    let right = !text.is_empty() && text.len() <= max && text.chars().all(allowed);
    if right { Ok(text.to_owned()) } else { Err(InvalidTag) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ids::SystemKind;

    #[test]
    fn every_tenant_has_a_set_of_its_own_that_ses_takes() {
        let longest: SetPrefix = "x".repeat(SetPrefix::MAX_CHARS).parse().unwrap();
        for system in [SystemKind::Fortnox, SystemKind::Economic] {
            for number in [1, u64::MAX] {
                let set = longest.set_of(&TenantId::new(system, number));
                assert_eq!(set.as_str().parse(), Ok(set.clone()), "{set}");
            }
        }
        let prefix: SetPrefix = "fakturapilot-1a2b".parse().unwrap();
        assert_eq!(prefix.set_of(&TenantId::new(SystemKind::Fortnox, 7)).as_str(), "fakturapilot-1a2b-fortnox-7");
        assert_eq!("x".repeat(SetPrefix::MAX_CHARS + 1).parse::<SetPrefix>(), Err(InvalidTag));
    }

    #[test]
    fn only_what_ses_takes() {
        assert!("fakturapilot-main_1".parse::<ConfigurationSet>().is_ok());
        assert!(MessageTag::new("job", "a.b@c-d_1").is_ok());
        for wrong in ["", "å", "a b", "a\r\nb", "a=b", "a,b", &"x".repeat(MAX_TAG_CHARS + 1)] {
            assert_eq!(wrong.parse::<ConfigurationSet>(), Err(InvalidTag), "{wrong:?}");
            assert_eq!(MessageTag::new(wrong, "v"), Err(InvalidTag), "{wrong:?}");
            assert_eq!(MessageTag::new("n", wrong), Err(InvalidTag), "{wrong:?}");
        }
        assert_eq!(MessageTag::new("a.b", "v"), Err(InvalidTag));
    }
}
