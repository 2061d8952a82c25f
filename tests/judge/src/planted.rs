//! What was planted in a run and must stand in no log: credentials, addresses, names, invoices' words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
    path::Path,
};

use serde_json::Value;

/// What a planted text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Private {
    /// Lets its bearer in.
    Credential,
    /// A mail address.
    Address,
    /// A person's or a company's name or place.
    Name,
    /// What an invoice or a letter says.
    Words,
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credential => "a credential",
            Self::Address => "a mail address",
            Self::Name => "a name or place",
            Self::Words => "an invoice's words",
        })
    }
}

/// Names of fields whose texts are private, in lower case, as both accounting systems and we ourselves spell them.
const FIELDS: &[(Private, &[&str])] = &[
    (
        Private::Credential,
        &[
            "access_token",
            "refresh_token",
            "client_secret",
            "app_secret_token",
            "agreement_grant_token",
            "grant_token",
            "secret",
        ],
    ),
    (
        Private::Name,
        &[
            "name",
            "companyname",
            "customername",
            "deliveryname",
            "yourreference",
            "ourreference",
            "sender_name",
            "address",
            "addressline1",
            "address1",
            "address2",
            "deliveryaddress1",
            "deliveryaddress2",
        ],
    ),
    (
        Private::Words,
        &["description", "invoicetext", "remarks", "comments", "heading", "textline1", "textline2", "subject", "intro"],
    ),
];

/// What the simulators' tokens begin or end with, since the ones that were replaced are kept nowhere.
const TOKENS: [&str; 3] = [".simulated", "sim-refresh-", "sim-code-"];

/// A shorter text may be part of any word.
const SHORTEST: usize = 6;

/// Texts that must stand in no log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted(BTreeMap<String, Private>);

/// A line of a log that has a planted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The log's file name.
    pub log: String,
    /// Number of the line, from 1.
    pub line: usize,
    /// What it has.
    pub text: String,
    /// What that is.
    pub private: Private,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, has {}: {}", self.log, self.line, self.private, self.text)
    }
}

impl Default for Planted {
    fn default() -> Self {
        Self(TOKENS.map(|mark| (mark.to_owned(), Private::Credential)).into())
    }
}

impl Planted {
    /// Adds a text.
    pub fn plant(&mut self, private: Private, text: &str) {
        if text.len() >= SHORTEST {
            self.0.insert(text.to_owned(), private);
        }
    }

    /// Adds every text of a document that is in a private field or looks like an address.
    pub fn plant_all(&mut self, document: &Value) {
        self.walk("", document);
    }

    fn walk(&mut self, field: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    // The simulators keep tokens by their texts.
                    if TOKENS.iter().any(|mark| field.contains(mark)) {
                        self.plant(Private::Credential, field);
                    }
                    self.walk(field, value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.walk(field, value)),
            Value::String(text) if text.contains('@') => self.plant(Private::Address, text),
            Value::String(text) => {
                let field = field.to_lowercase();
                let private = FIELDS.iter().find(|(_, names)| names.contains(&field.as_str()));
                if let Some((private, _)) = private {
                    self.plant(*private, text);
                }
            }
            _ => {}
        }
    }

    /// The texts.
    pub fn texts(&self) -> impl Iterator<Item = (&str, Private)> {
        self.0.iter().map(|(text, private)| (text.as_str(), *private))
    }

    /// How many there are of a kind.
    pub fn count(&self, private: Private) -> usize {
        self.0.values().filter(|one| **one == private).count()
    }

    /// Every line of the logs in a folder that has one of the texts: as it is, as JSON spells it or as an address on the web does.
    pub fn found_in(&self, logs: &Path) -> io::Result<Vec<Leak>> {
        let mut files: Vec<_> = std::fs::read_dir(logs)?.collect::<Result<_, _>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        let mut leaks = Vec::new();
        for file in files {
            let log = file.file_name().to_string_lossy().into_owned();
            let text = String::from_utf8_lossy(&std::fs::read(file.path())?).into_owned();
            for (planted, private) in self.texts() {
                for spelled in spellings(planted).iter().filter(|spelled| text.contains(spelled.as_str())) {
                    let lines = text.lines().enumerate().filter(|(_, line)| line.contains(spelled.as_str()));
                    leaks.extend(lines.map(|(at, _)| Leak {
                        log: log.clone(),
                        line: at + 1,
                        text: planted.to_owned(),
                        private,
                    }));
                }
            }
        }
        Ok(leaks)
    }
}

/// How a log may spell a text.
fn spellings(text: &str) -> BTreeSet<String> {
    let in_json = Value::from(text).to_string();
    let in_json = in_json.trim_matches('"').to_owned();
    let encoded = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let encoded = text.bytes().map(encoded).collect();
    [text.to_owned(), in_json, encoded].into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn planted() -> Planted {
        let mut planted = Planted::default();
        planted.plant_all(&json!({
            "access": {"client_secret": "not-a-secret-1", "client_id": "sim-client-1"},
            "companies": {"1": {"customers": [{"Name": "Brf \"Lärkan\"", "Email": "styrelsen@larkan.example", "CustomerNumber": "1"}]}},
            "tokens": {"refresh": {"sim-refresh-0001": {"tenant": 1}}},
            "rows": [{"Description": "Avser januari enligt avtal 17", "Price": "4500.00"}, {"Description": "mån"}],
        }));
        planted
    }

    #[test]
    fn what_is_private_goes_by_the_fields_name_or_an_addresss_look() {
        let planted = planted();
        let found: BTreeMap<_, _> = planted.texts().filter(|(text, _)| !TOKENS.contains(text)).collect();
        let wanted = [
            ("not-a-secret-1", Private::Credential),
            ("sim-refresh-0001", Private::Credential),
            ("Brf \"Lärkan\"", Private::Name),
            ("styrelsen@larkan.example", Private::Address),
            ("Avser januari enligt avtal 17", Private::Words),
        ];
        assert_eq!(found, wanted.into());
    }

    fn leaks(name: &str, log: &str) -> Vec<Leak> {
        let folder = std::env::temp_dir().join(format!("planted-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("scan.log"), log).unwrap();
        let leaks = planted().found_in(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        leaks
    }

    #[test]
    fn each_planted_text_is_found_however_it_is_spelled() {
        for (at, (text, private)) in planted().texts().enumerate() {
            for spelled in spellings(text) {
                let found =
                    leaks(&format!("each-{at}"), &format!("{{\"message\":\"a\"}}\n{{\"error\":\"no {spelled}!\"}}\n"));
                let wanted = Leak { log: "scan.log".to_owned(), line: 2, text: text.to_owned(), private };
                assert!(found.contains(&wanted), "{spelled} is not found");
            }
        }
        assert_eq!(spellings("Brf \"Å\"").len(), 3);
    }

    #[test]
    fn a_log_of_keys_counts_and_codes_has_none() {
        let line =
            r#"{"level":"INFO","message":"page decided","tenant":"fortnox-1","agreements":72,"client":"sim-client-1"}"#;
        assert_eq!(leaks("none", line), []);
    }
}
