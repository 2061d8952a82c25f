//! Mail addresses: checked once, then safe in any header, and never shown by mistake.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest address in bytes: a path is 256 with its angle brackets (source: RFC 5321, 4.5.3.1.3).
pub const MAX_ADDRESS_BYTES: usize = 254;

/// Longest part before the `@` in bytes (source: RFC 5321, 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// Longest part of a domain between dots in bytes (source: RFC 1035, 2.3.4).
const MAX_LABEL_BYTES: usize = 63;

/// Most recipients of one mail, Bcc counted (source: AWS SES quotas).
pub const MAX_RECIPIENTS: usize = 50;

/// One mail address, such as `anna@example.se`.
///
/// ASCII only, since SES takes no others: a domain with å, ä or ö is written in its `xn--` form. Quoted local parts
/// and address literals are refused; no customer register was seen to hold one.
///
/// An address is personal, so `Debug` hides it and there is no `Display`: writing one out takes [`MailAddress::as_str`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailAddress(String);

/// Why a text is no mail address. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Nothing there.
    #[error("must not be empty")]
    Empty,
    /// Over [`MAX_ADDRESS_BYTES`].
    #[error("must be at most {MAX_ADDRESS_BYTES} characters")]
    TooLong,
    /// å, ä, ö and the like.
    #[error("must be plain ASCII; write a domain with other letters in its xn-- form")]
    NotAscii,
    /// None, or several.
    #[error("must have exactly one @")]
    At,
    /// The part before the `@`.
    #[error("has something before the @ that isn't a mailbox name")]
    Local,
    /// The part after the `@`.
    #[error("has something after the @ that isn't a domain name")]
    Domain,
}

impl MailAddress {
    /// The address itself, for a header or a recipient list and never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both are the same mailbox as far as anyone can tell: without regard to case.
    pub fn same_mailbox(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// The addresses of one field of a customer register, parted by `;`, `,` or line breaks. Doubles are dropped.
    ///
    /// The error says which address is wrong, counted from 1.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, InvalidAddressList> {
        let mut addresses: Vec<Self> = Vec::new();
        let parts = text.split([';', ',', '\r', '\n']).map(str::trim).filter(|part| !part.is_empty());
        for (index, part) in parts.enumerate() {
            let address: Self =
                part.parse().map_err(|reason| InvalidAddressList::Address { position: index + 1, reason })?;
            if addresses.iter().any(|known| known.same_mailbox(&address)) {
                continue;
            }
            if addresses.len() == MAX_RECIPIENTS {
                return Err(InvalidAddressList::TooMany);
            }
            addresses.push(address);
        }
        if addresses.is_empty() { Err(InvalidAddressList::Empty) } else { Ok(addresses) }
    }
}

/// Why a field holds no list of addresses. It never quotes the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddressList {
    /// No address at all.
    #[error("there is no mail address")]
    Empty,
    /// One that is none.
    #[error("mail address {position} {reason}")]
    Address {
        /// Which, counted from 1.
        position: usize,
        /// What's the matter with it.
        reason: InvalidAddress,
    },
    /// Over [`MAX_RECIPIENTS`].
    #[error("there are more than {MAX_RECIPIENTS} mail addresses")]
    TooMany,
}

impl FromStr for MailAddress {
    type Err = InvalidAddress;
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        if text.is_empty() {
            return Err(InvalidAddress::Empty);
        }
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(InvalidAddress::TooLong);
        }
        if !text.is_ascii() {
            return Err(InvalidAddress::NotAscii);
        }
        let (local, domain) = text.split_once('@').ok_or(InvalidAddress::At)?;
        if domain.contains('@') {
            return Err(InvalidAddress::At);
        }
        if local.len() > MAX_LOCAL_BYTES || !local.split('.').all(is_atom) {
            return Err(InvalidAddress::Local);
        }
        if !domain.contains('.') || !domain.split('.').all(is_label) {
            return Err(InvalidAddress::Domain);
        }
        Ok(Self(text.to_owned()))
    }
}

/// A run of the characters RFC 5322 (3.2.3) allows unquoted, which are none that mean anything in a header.
fn is_atom(text: &str) -> bool {
    const SYMBOLS: &[u8] = b"!#$%&'*+-/=?^_`{|}~";
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || SYMBOLS.contains(&byte))
}

fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl TryFrom<String> for MailAddress {
    type Error = InvalidAddress;
    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<MailAddress> for String {
    fn from(address: MailAddress) -> String {
        address.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_a_register() {
        for right in
            ["a@x.se", "Anna.Andersson+faktura@mail.example.se", "o'hara_1/x=y@xn--bjrk-6qa.se", "a@1-2.3com.dk"]
        {
            assert_eq!(right.parse::<MailAddress>().unwrap().as_str(), right);
        }
        let long = format!("a@{}se", "x.".repeat(126));
        for (wrong, error) in [
            ("", InvalidAddress::Empty),
            ("anna", InvalidAddress::At),
            ("a@b@x.se", InvalidAddress::At),
            ("@x.se", InvalidAddress::Local),
            (".a@x.se", InvalidAddress::Local),
            ("a..b@x.se", InvalidAddress::Local),
            ("a b@x.se", InvalidAddress::Local),
            ("a,b@x.se", InvalidAddress::Local),
            ("a\r\nb@x.se", InvalidAddress::Local),
            ("\"a\"@x.se", InvalidAddress::Local),
            ("Anna <a@x.se>", InvalidAddress::Local),
            ("a@x", InvalidAddress::Domain),
            ("a@x..se", InvalidAddress::Domain),
            ("a@x.se ", InvalidAddress::Domain),
            ("a@x.se\n", InvalidAddress::Domain),
            ("a@-x.se", InvalidAddress::Domain),
            ("a@[10.0.0.1]", InvalidAddress::Domain),
            ("a@björk.se", InvalidAddress::NotAscii),
            ("å@x.se", InvalidAddress::NotAscii),
            (&long, InvalidAddress::TooLong),
        ] {
            assert_eq!(wrong.parse::<MailAddress>(), Err(error), "{wrong:?}");
        }
    }

    #[test]
    fn several_in_one_field() {
        let list = |text: &str| {
            MailAddress::parse_list(text)
                .map(|list| list.iter().map(|address| address.as_str().to_owned()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(list("a@x.se"), Ok("a@x.se".to_owned()));
        assert_eq!(list(" a@x.se; b@y.se,c@z.se ;\r\n"), Ok("a@x.se b@y.se c@z.se".to_owned()));
        assert_eq!(list("a@x.se, A@X.se"), Ok("a@x.se".to_owned()));
        assert_eq!(list(" ; , "), Err(InvalidAddressList::Empty));
        let reason = InvalidAddress::Local;
        assert_eq!(list("a@x.se; b c@y.se"), Err(InvalidAddressList::Address { position: 2, reason }));
        let many: Vec<_> = (0..=MAX_RECIPIENTS).map(|n| format!("a{n}@x.se")).collect();
        assert_eq!(list(&many.join(";")), Err(InvalidAddressList::TooMany));
        assert!(list(&many[1..].join(";")).is_ok());
    }

    #[test]
    fn never_shown_by_mistake() {
        let address: MailAddress = "anna@example.se".parse().unwrap();
        assert_eq!(format!("{address:?}"), "MailAddress(..)");
        assert_eq!(address.domain(), "example.se");
        assert_eq!(serde_json::to_string(&address).unwrap(), r#""anna@example.se""#);
        let error = serde_json::from_str::<MailAddress>(r#""anna example.se""#).unwrap_err().to_string();
        assert!(!error.contains("anna"), "{error}");
    }

    proptest! {
        #[test]
        fn nothing_that_means_something_in_a_header_gets_through(text in any::<String>()) {
            if let Ok(address) = text.parse::<MailAddress>() {
                let special = |c: char| c.is_control() || c.is_whitespace() || "()<>[]:;,\\\"".contains(c);
                prop_assert!(!address.as_str().contains(special));
            }
        }
    }
}
