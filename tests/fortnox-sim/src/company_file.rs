//! The company file: one company as a person would set it up in Fortnox, in Fortnox's own field names.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
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
    /// Fortnox would refuse this entry.
    #[error("company {tenant}: {entry} is refused: {reason}")]
    Refused {
        /// Database number.
        tenant: u64,
        /// Which entry: its kind and its place in the file, from 1.
        entry: String,
        /// Fortnox's words.
        reason: String,
    },
    /// Two files have the same `DatabaseNumber`.
    #[error("two company files have the database number {tenant}")]
    Duplicate {
        /// Database number.
        tenant: u64,
    },
}

/// One company. The crate's README describes the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyFile {
    /// Who the company is.
    pub company: CompanyInfo,
    /// How an integration gets in.
    pub access: Access,
    /// Behaviours that differ from the default.
    #[serde(default)]
    pub switches: Switches,
    /// Last day on which nothing may be booked any more.
    #[serde(default)]
    pub locked_period: Option<NaiveDate>,
    /// Addresses that Fortnox may send e-mail from.
    #[serde(default)]
    pub trusted_senders: Vec<String>,
    /// Kronor for one unit of a foreign currency.
    #[serde(default)]
    pub currency_rates: BTreeMap<String, Value>,
    /// Number of the next invoice, 1 by default.
    #[serde(default = "first")]
    pub next_invoice: u64,
    /// `TermsOfPayments`.
    #[serde(default)]
    pub terms_of_payment: Vec<Map<String, Value>>,
    /// `PriceLists`.
    #[serde(default)]
    pub price_lists: Vec<Map<String, Value>>,
    /// `Articles`.
    #[serde(default)]
    pub articles: Vec<Map<String, Value>>,
    /// `Prices`.
    #[serde(default)]
    pub prices: Vec<Map<String, Value>>,
    /// `Customers`.
    #[serde(default)]
    pub customers: Vec<Map<String, Value>>,
    /// `Contracts`, each with an optional object `sim` for what Fortnox does not show.
    #[serde(default)]
    pub contracts: Vec<Map<String, Value>>,
    /// `Invoices` that are already there.
    #[serde(default)]
    pub invoices: Vec<Map<String, Value>>,
    /// Recurrences of recurring billing, in its own field names.
    #[serde(default)]
    pub recurrings: Vec<Map<String, Value>>,
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

/// Who the company is, in the names of `CompanySettings`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct CompanyInfo {
    /// The tenant's number.
    pub database_number: u64,
    /// Name.
    pub company_name: String,
    /// Swedish organisation number.
    pub organization_number: String,
    /// Street.
    pub address: String,
    /// Postal code.
    pub zip_code: String,
    /// Town.
    pub city: String,
    /// Two letters, `SE` by default.
    #[serde(default = "sweden")]
    pub country_code: String,
    /// Seat of the company.
    #[serde(default)]
    pub domicile: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    #[serde(default)]
    pub phone1: String,
    /// Bankgiro. Without bank details Fortnox does not send e-mail.
    #[serde(default, rename = "BG")]
    pub bg: String,
    /// Plusgiro.
    #[serde(default, rename = "PG")]
    pub pg: String,
    /// IBAN.
    #[serde(default, rename = "IBAN")]
    pub iban: String,
    /// BIC.
    #[serde(default, rename = "BIC")]
    pub bic: String,
    /// VAT number.
    #[serde(default, rename = "VATNumber")]
    pub vat_number: String,
    /// The print service knows the company. Not a field of Fortnox.
    #[serde(default)]
    pub registered_for_print_service: bool,
    /// The company has an agreement with the invoice service (Fakturaservice). Not a field of Fortnox.
    #[serde(default)]
    pub has_invoice_service: bool,
    /// Totals in kronor are rounded to whole ones. Not a field of Fortnox.
    #[serde(default)]
    pub round_off: bool,
}

fn sweden() -> String {
    "SE".to_owned()
}

impl CompanyInfo {
    pub(crate) fn has_bank_details(&self) -> bool {
        [&self.bg, &self.pg, &self.iban].iter().any(|account| !account.is_empty())
    }

    pub(crate) fn forget_bank_details(&mut self) {
        for account in [&mut self.bg, &mut self.pg, &mut self.iban, &mut self.bic] {
            account.clear();
        }
    }

    /// `CompanyInformation`; the database number is a number here.
    pub(crate) fn information(&self) -> Value {
        json!({
            "Address": self.address,
            "City": self.city,
            "CompanyName": self.company_name,
            "CountryCode": self.country_code,
            "DatabaseNumber": self.database_number,
            "OrganizationNumber": self.organization_number,
            "VisitAddress": "",
            "VisitCity": "",
            "VisitCountryCode": "",
            "VisitZipCode": "",
            "ZipCode": self.zip_code,
        })
    }

    /// `CompanySettings`; the database number is text here.
    pub(crate) fn settings(&self) -> Value {
        json!({
            "Address": self.address,
            "BG": self.bg,
            "BIC": self.bic,
            "City": self.city,
            "CountryCode": self.country_code,
            "DatabaseNumber": self.database_number.to_string(),
            "Domicile": self.domicile,
            "Email": self.email,
            "IBAN": self.iban,
            "Name": self.company_name,
            "OrganizationNumber": self.organization_number,
            "PG": self.pg,
            "Phone1": self.phone1,
            "Phone2": "",
            "TaxEnabled": true,
            "VATNumber": self.vat_number,
            "ZipCode": self.zip_code,
        })
    }
}

/// How an integration gets into the company. Written out, it holds secret and token: a snapshot needs them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The integration's id in the developer portal.
    pub client_id: String,
    /// Its secret. Simulated ones must look fake.
    pub client_secret: String,
    /// A refresh token that is already out there.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// Scopes that the company consented to.
    pub scopes: Vec<String>,
    /// The consent binds a service account: client credentials work.
    #[serde(default = "yes")]
    pub service_account: bool,
}

fn yes() -> bool {
    true
}

/// Without secret and token.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("service_account", &self.service_account)
            .finish_non_exhaustive()
    }
}
