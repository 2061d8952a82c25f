//! Names of things: each its own type, so that a customer number can never stand where an invoice number should.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest number or key part we accept from an accounting system. Fortnox allows 50 for articles and fewer for the rest
/// (source: API fact sheet, 8.1); the bound keeps a journal key far below DynamoDB's 1 024 bytes.
pub const MAX_ID_CHARS: usize = 64;

/// Why a text isn't the name of anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing there.
    #[error("must not be empty")]
    Empty,
    /// Longer than [`MAX_ID_CHARS`].
    #[error("must be at most {MAX_ID_CHARS} characters")]
    TooLong,
    /// A control character or a blank at an end.
    #[error("must not hold control characters or blanks at its ends")]
    Characters,
    /// Not `<system>-<number>`.
    #[error("must be `fortnox-<DatabaseNumber>` or `economic-<agreementNumber>`")]
    NotATenant,
    /// Not a draft's number.
    #[error("must be a draft's number, 1 to {}", DraftNumber::LARGEST)]
    NotADraft,
}

fn checked(text: &str) -> Result<&str, InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.chars().count() > MAX_ID_CHARS {
        return Err(InvalidId::TooLong);
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(InvalidId::Characters);
    }
    Ok(text)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as the accounting system writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                checked(text).map(|text| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// The number of an agreement (Fortnox: a contract's `DocumentNumber`).
    AgreementNumber
);
id!(
    /// A customer's number; letters are allowed.
    CustomerNumber
);
id!(
    /// An article's number; letters are allowed (source: API fact sheet, 8.1).
    ArticleNumber
);
id!(
    /// The code of a price list.
    PriceListCode
);
id!(
    /// An invoice's number in its accounting system. Text, since it can exceed 32 bits and systems spell it both ways.
    InvoiceNumber
);

/// The number of an e-conomic draft, 1 to 999 999 999 (source: API fact sheet, 5.2). Not the invoice's final number, and
/// possibly used again for another draft once this one is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct DraftNumber(u32);

impl DraftNumber {
    const LARGEST: u32 = 999_999_999;

    /// The number itself.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for DraftNumber {
    type Error = InvalidId;
    fn try_from(number: u32) -> Result<Self, InvalidId> {
        if (1..=Self::LARGEST).contains(&number) { Ok(Self(number)) } else { Err(InvalidId::NotADraft) }
    }
}

impl From<DraftNumber> for u32 {
    fn from(number: DraftNumber) -> Self {
        number.0
    }
}

impl FromStr for DraftNumber {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let number: Self = text.parse::<u32>().map_err(|_| InvalidId::NotADraft)?.try_into()?;
        // Only the canonical spelling: `+7`, `007` and `7` must not be three drafts.
        if number.to_string() == text { Ok(number) } else { Err(InvalidId::NotADraft) }
    }
}

impl fmt::Display for DraftNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which accounting system a tenant lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemKind {
    /// Fortnox, Sweden.
    Fortnox,
    /// Visma e-conomic, Denmark.
    Economic,
}

impl SystemKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Fortnox => "fortnox",
            Self::Economic => "economic",
        }
    }
}

/// One company in one accounting system: `fortnox-<DatabaseNumber>`, `economic-<agreementNumber>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId {
    system: SystemKind,
    number: u64,
}

impl TenantId {
    /// The tenant with this number in `system`.
    pub fn new(system: SystemKind, number: u64) -> Self {
        Self { system, number }
    }

    /// The accounting system it lives in.
    pub fn system(&self) -> SystemKind {
        self.system
    }

    /// Fortnox's `DatabaseNumber` or e-conomic's `agreementNumber`.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.system.prefix(), self.number)
    }
}

impl FromStr for TenantId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (system, number) = text.split_once('-').ok_or(InvalidId::NotATenant)?;
        let system = match system {
            "fortnox" => SystemKind::Fortnox,
            "economic" => SystemKind::Economic,
            _ => return Err(InvalidId::NotATenant),
        };
        // Only the canonical spelling: `007` and `7` must not be two tenants.
        let id = Self { system, number: number.parse().map_err(|_| InvalidId::NotATenant)? };
        if id.to_string() == text { Ok(id) } else { Err(InvalidId::NotATenant) }
    }
}

impl TryFrom<String> for TenantId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<TenantId> for String {
    fn from(id: TenantId) -> String {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_tenant_has_one_spelling() {
        assert_eq!("fortnox-1234567".parse::<TenantId>().unwrap().number(), 1_234_567);
        for wrong in ["", "fortnox", "fortnox-", "fortnox-007", "fortnox-+7", "visma-1", "Fortnox-1", "fortnox-1 "] {
            assert_eq!(wrong.parse::<TenantId>(), Err(InvalidId::NotATenant), "{wrong}");
        }
    }

    #[test]
    fn a_draft_has_one_spelling() {
        assert_eq!("148".parse::<DraftNumber>().unwrap().get(), 148);
        for wrong in ["", "0", "007", "+7", "-7", "7 ", "1000000000", "4294967297"] {
            assert_eq!(wrong.parse::<DraftNumber>(), Err(InvalidId::NotADraft), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_kept_as_written_but_bounded() {
        assert_eq!("A 17/b".parse::<AgreementNumber>().unwrap().as_str(), "A 17/b");
        assert_eq!("".parse::<InvoiceNumber>(), Err(InvalidId::Empty));
        assert_eq!(" 1".parse::<InvoiceNumber>(), Err(InvalidId::Characters));
        assert_eq!("1\n2".parse::<CustomerNumber>(), Err(InvalidId::Characters));
        assert_eq!("1".repeat(MAX_ID_CHARS + 1).parse::<CustomerNumber>(), Err(InvalidId::TooLong));
    }
}
