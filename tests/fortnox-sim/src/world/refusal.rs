//! Fortnox's "no": status, code, Swedish words, and which of the two casings the body has.

use std::fmt;

use serde_json::{Value, json};

/// Codes from here on are made up: the real one was found in no source. A client must not depend on them.
const MADE_UP: u32 = 9_000_000;

/// Error codes (source: developer guide, recordings, client libraries), and ours where none is known.
pub(crate) mod code {
    use super::MADE_UP;

    pub(crate) const BAD_ACCEPT: u32 = 1_000_030;
    pub(crate) const BAD_CONTENT_TYPE: u32 = 1_000_031;
    pub(crate) const TOO_LONG: u32 = 2_000_107;
    pub(crate) const NOT_NUMERIC: u32 = 2_000_108;
    pub(crate) const NOT_BOOLEAN: u32 = 2_000_134;
    pub(crate) const ILLEGAL_CHARACTERS: u32 = 2_000_359;
    pub(crate) const ARTICLE_NOT_FOUND: u32 = 2_000_428;
    pub(crate) const TERMS_NOT_FOUND: u32 = 2_000_429;
    pub(crate) const PRICE_NOT_FOUND: u32 = 2_000_430;
    pub(crate) const PRICE_LIST_NOT_FOUND: u32 = 2_000_431;
    pub(crate) const CUSTOMER_NOT_FOUND: u32 = 2_000_433;
    pub(crate) const INVOICE_NOT_FOUND: u32 = 2_000_434;
    pub(crate) const INVALID_FILTER: u32 = 2_000_587;
    pub(crate) const INVALID_PARAMETER: u32 = 2_000_588;
    pub(crate) const NUMBER_TAKEN: u32 = 2_000_637;
    pub(crate) const NO_SCOPE: u32 = 2_000_663;
    pub(crate) const NO_LICENCE: u32 = 2_001_101;
    pub(crate) const BODY_MISSING: u32 = 2_001_392;
    pub(crate) const UNKNOWN_FIELD: u32 = 2_001_399;
    pub(crate) const JSON_SYNTAX: u32 = 2_002_115;
    pub(crate) const ROW_WITHOUT_ARTICLE: u32 = 2_003_977;

    pub(crate) const FEATURE_OFF: u32 = MADE_UP + 1;
    pub(crate) const CONTRACT_NOT_FOUND: u32 = MADE_UP + 2;
    pub(crate) const NO_SUCH_ENDPOINT: u32 = MADE_UP + 3;
    pub(crate) const INVOICE_BOOKED: u32 = MADE_UP + 4;
    pub(crate) const INVOICE_CANCELLED: u32 = MADE_UP + 5;
    pub(crate) const PERIOD_LOCKED: u32 = MADE_UP + 6;
    pub(crate) const BANK_DETAILS_MISSING: u32 = MADE_UP + 7;
    pub(crate) const COMPANY_NOT_REGISTERED: u32 = MADE_UP + 8;
    pub(crate) const RECIPIENT_MISSING: u32 = MADE_UP + 9;
    pub(crate) const SENDER_NOT_TRUSTED: u32 = MADE_UP + 10;
    pub(crate) const NOT_CREDITABLE: u32 = MADE_UP + 11;
    pub(crate) const CONTRACT_FINISHED: u32 = MADE_UP + 12;
    pub(crate) const UNKNOWN_ROW: u32 = MADE_UP + 13;
    pub(crate) const INVOICE_SENT: u32 = MADE_UP + 14;
    pub(crate) const FIELD_REQUIRED: u32 = MADE_UP + 15;
    pub(crate) const NO_INVOICE_SERVICE: u32 = MADE_UP + 16;
    pub(crate) const NOT_FOR_SERVICE: u32 = MADE_UP + 17;
    pub(crate) const NOT_AT_SERVICE: u32 = MADE_UP + 18;
}

/// Which spelling the error body has; both really occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Casing {
    /// `Error`, `Message`, `Code`: on 404 of a single document.
    Capital,
    /// `error`, `message`, `code`: on validation.
    Lower,
}

/// An answer that says no. Nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: u32,
    message: String,
    casing: Casing,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl Refusal {
    /// 404 in capitals.
    pub(crate) fn not_found(code: u32, message: &str) -> Self {
        Self { status: 404, code, message: message.to_owned(), casing: Casing::Capital }
    }

    /// 400 in lower case.
    pub(crate) fn invalid(code: u32, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into(), casing: Casing::Lower }
    }

    /// A query parameter with a value that cannot be read, or an unknown parameter.
    pub(crate) fn parameter(name: &str) -> Self {
        Self::invalid(code::INVALID_PARAMETER, format!("Ogiltig parameter: {name}."))
    }

    /// A required field that is missing.
    pub(crate) fn required(field: &str) -> Self {
        Self::invalid(code::FIELD_REQUIRED, format!("Fältet {field} måste anges."))
    }

    /// No such address in this Fortnox.
    pub(crate) fn endpoint() -> Self {
        Self::not_found(code::NO_SUCH_ENDPOINT, "Kan inte hitta resursen.")
    }

    pub(crate) fn invoice_not_found() -> Self {
        Self::not_found(code::INVOICE_NOT_FOUND, "Kan inte hitta fakturan.")
    }

    pub(crate) fn contract_not_found() -> Self {
        Self::not_found(code::CONTRACT_NOT_FOUND, "Kan inte hitta avtalet.")
    }

    /// The same refusal with another status (a missing scope is seen as 400 and as 403).
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn body(&self) -> Value {
        match self.casing {
            Casing::Capital => {
                json!({"ErrorInformation": {"Error": 1, "Message": self.message, "Code": self.code}})
            }
            Casing::Lower => {
                json!({"ErrorInformation": {"error": 1, "message": self.message, "code": self.code}})
            }
        }
    }
}
