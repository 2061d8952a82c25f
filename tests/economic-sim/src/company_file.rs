//! The company file: one agreement as a person would set it up, in e-conomic's own field names.

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::world::Switches;

/// A company file that cannot be used. Trying again without changing the file gives the same answer.
#[derive(Debug, Error)]
pub enum CompanyFileError {
    /// The file cannot be opened or read.
    #[error("cannot read the company file {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no JSON, or not of this shape.
    #[error("the company file {path} has a mistake")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// e-conomic would refuse this entry.
    #[error("agreement {tenant}: {entry} is refused: {reason}")]
    Refused {
        /// Agreement number.
        tenant: u64,
        /// Which entry: its kind and its place in the file, from 1.
        entry: String,
        /// e-conomic's words.
        reason: String,
    },
    /// Two files have the same agreement number.
    #[error("two company files have the agreement number {tenant}")]
    Duplicate {
        /// Agreement number.
        tenant: u64,
    },
}

/// One agreement. The crate's README describes the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyFile {
    /// The tenant's number.
    pub agreement_number: u64,
    /// What `GET /self` shows beside the number.
    #[serde(rename = "self")]
    pub about: Map<String, Value>,
    /// How an app gets in.
    pub access: Access,
    /// Behaviours that differ from the default.
    #[serde(default)]
    pub switches: Switches,
    /// Accounting years with their periods.
    pub accounting_years: Vec<AccountingYear>,
    /// Layouts.
    #[serde(default)]
    pub layouts: Vec<Map<String, Value>>,
    /// Payment terms.
    #[serde(default)]
    pub payment_terms: Vec<Map<String, Value>>,
    /// Products.
    #[serde(default)]
    pub products: Vec<Map<String, Value>>,
    /// Customers, each with an optional array `contacts`.
    #[serde(default)]
    pub customers: Vec<Map<String, Value>>,
    /// Drafts, each optionally with `draftInvoiceNumber` and `lastUpdated`. A `note` is for readers.
    #[serde(default)]
    pub drafts: Vec<Map<String, Value>>,
    /// Subscribers of the Subscriptions API.
    #[serde(default)]
    pub subscribers: Vec<Map<String, Value>>,
    /// Number of the next booked invoice, 1 by default.
    #[serde(default = "first")]
    pub next_invoice: u64,
}

fn first() -> u64 {
    1
}

impl CompanyFile {
    /// Reads a company file.
    pub fn read(path: &Path) -> Result<Self, CompanyFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| CompanyFileError::Unreadable { path: path.to_owned(), source })?;
        serde_json::from_str(&text).map_err(|source| CompanyFileError::Malformed { path: path.to_owned(), source })
    }
}

/// How an app gets in. Written out, it holds the tokens: a snapshot needs them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// `X-AppSecretToken`. Simulated ones must look fake.
    pub app_secret_token: String,
    /// `X-AgreementGrantToken`.
    pub agreement_grant_token: String,
}

/// Without the tokens.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

/// An accounting year.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountingYear {
    /// Its name: `2026`, or `2025/2026`.
    pub year: String,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day.
    pub to_date: NaiveDate,
    /// Nothing may be booked in it any more.
    #[serde(default)]
    pub closed: bool,
    /// Its periods.
    #[serde(default)]
    pub periods: Vec<Period>,
}

/// A period of an accounting year.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from_date: NaiveDate,
    /// Last day.
    pub to_date: NaiveDate,
    /// Nothing may be booked in it any more.
    #[serde(default)]
    pub closed: bool,
}
