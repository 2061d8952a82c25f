//! What an accounting system tells of a company.

use std::{collections::BTreeSet, fmt};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::CustomerNumber;

/// What came of asking for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<T> {
    /// The answer.
    Known(T),
    /// The accounting system read the question and said no.
    Refused(Refused),
    /// Nobody knows, and the invoicing doesn't hang on it.
    NotAsked {
        /// Why.
        why: String,
    },
}

impl<T> Fact<T> {
    /// The answer, if there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Refused(_) | Self::NotAsked { .. } => None,
        }
    }

    /// The answer, read otherwise.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(of(value)),
            Self::Refused(refused) => Fact::Refused(refused),
            Self::NotAsked { why } => Fact::NotAsked { why },
        }
    }

    /// The same, with its answer borrowed.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Known(value) => Fact::Known(value),
            Self::Refused(refused) => Fact::Refused(refused.clone()),
            Self::NotAsked { why } => Fact::NotAsked { why: why.clone() },
        }
    }

    /// Why there is no answer.
    pub fn unknown(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Refused(refused) => Some(&refused.words),
            Self::NotAsked { why } => Some(why),
        }
    }
}

/// An accounting system's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it's about.
    pub why: Denial,
    /// The accounting system's own words.
    pub words: String,
    /// What a person can do.
    pub advice: String,
}

/// What a no is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The company hasn't switched the part on.
    FeatureOff,
    /// The consent doesn't cover it.
    Scope,
    /// The company has no licence or module for it.
    Licence,
    /// The connected user may not.
    Rights,
    /// Something else; its words tell.
    Other,
}

/// A part of an accounting system that the invoicing reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The agreements.
    Agreements,
    /// The invoices.
    Invoices,
    /// The customers.
    Customers,
    /// The articles.
    Articles,
    /// The price lists.
    Prices,
    /// Who the company is.
    Company,
    /// The company's settings, bank details among them.
    Settings,
    /// Drafts of invoices.
    Drafts,
    /// The accounting system's own invoice service.
    InvoiceService,
}

impl Part {
    /// Whether invoicing goes on without it. Articles and prices are for following price changes only.
    pub fn is_needed(self) -> bool {
        !matches!(self, Self::Articles | Self::Prices | Self::Company)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agreements => "agreements",
            Self::Invoices => "invoices",
            Self::Customers => "customers",
            Self::Articles => "articles",
            Self::Prices => "price lists",
            Self::Company => "company information",
            Self::Settings => "company settings",
            Self::Drafts => "drafts",
            Self::InvoiceService => "the invoice service",
        })
    }
}

/// The accounting year that a date is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountingYear {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Nothing may be booked on the date any more.
    pub closed: bool,
    /// Invoices are booked when they're paid, not when they're made. `None`: not told.
    pub cash_method: Option<bool>,
}

/// What the accounting system invoices by itself, beside the agreements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recurring {
    /// Customers with an active recurrence that makes invoices without anybody's doing.
    pub customers: BTreeSet<CustomerNumber>,
    /// Recurrences that couldn't be read.
    pub unreadable: u64,
}

/// What an accounting system tells of the company behind a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyFacts {
    /// The number by which the accounting system knows it: the tenant's, if the connection is to the right company.
    pub number: Fact<u64>,
    /// Which parts may be used.
    pub parts: Vec<(Part, Fact<()>)>,
    /// It has a bank account that customers can pay to.
    pub bank_account: Fact<bool>,
    /// The accounting year of today, or `None` if there is none.
    pub year: Fact<Option<AccountingYear>>,
    /// The last day on which nothing may be booked any more.
    pub locked_until: Fact<Option<NaiveDate>>,
    /// The voucher series that invoices are booked in.
    pub voucher_series: Fact<Option<String>>,
    /// How many addresses the accounting system may send mail from.
    pub senders: Fact<u32>,
    /// The invoice service is active.
    pub invoice_service: Fact<bool>,
    /// It may send e-invoices.
    pub einvoices: Fact<bool>,
    /// It has the module that makes drafts of subscriptions.
    pub subscriptions: Fact<bool>,
    /// What the accounting system invoices by itself.
    pub recurring: Fact<Recurring>,
}

impl CompanyFacts {
    /// Nothing is known yet.
    pub fn nothing(why: &str) -> Self {
        fn no<T>(why: &str) -> Fact<T> {
            Fact::NotAsked { why: why.to_owned() }
        }
        Self {
            number: no(why),
            parts: Vec::new(),
            bank_account: no(why),
            year: no(why),
            locked_until: no(why),
            voucher_series: no(why),
            senders: no(why),
            invoice_service: no(why),
            einvoices: no(why),
            subscriptions: no(why),
            recurring: no(why),
        }
    }

    /// Whether a part may be used, as far as is known.
    pub fn grants(&self, part: Part) -> bool {
        self.parts.iter().any(|(known, fact)| *known == part && fact.known().is_some())
    }
}
