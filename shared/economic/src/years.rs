//! Accounting years and their periods: where an invoice may be dated.

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};

use crate::call::{Call, legacy_segment};
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;
use crate::page::{PAGE_SIZE, Page};

/// An accounting year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountingYear {
    /// What it is called: `2026`, or `2025/2026`.
    pub year: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether it is closed. Left out when it's not (seen in public samples).
    pub closed: bool,
}

impl FromObject for AccountingYear {
    fn from_object(year: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            year: year.required("year", Object::text)?,
            from: year.required("fromDate", Object::date)?,
            to: year.required("toDate", Object::date)?,
            closed: year.flag("closed")?.unwrap_or(false),
        })
    }
}

/// A period of an accounting year, normally a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountingPeriod {
    /// Its number.
    pub number: i64,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether it is closed. Left out when it's not.
    pub closed: bool,
}

impl FromObject for AccountingPeriod {
    fn from_object(period: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            number: period.required("periodNumber", Object::integer)?,
            from: period.required("fromDate", Object::date)?,
            to: period.required("toDate", Object::date)?,
            closed: period.flag("closed")?.unwrap_or(false),
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// All accounting years. Presumably needs the role Bookkeeping: if [`Error::is_forbidden`], go without.
    pub async fn accounting_years(&self) -> Result<Page<AccountingYear>, Error> {
        let call = Call::rest("accounting-years").query("pagesize", PAGE_SIZE.to_string());
        self.json(call, |root| Page::read(root, "year")).await
    }

    /// The periods of a year, by the [name](AccountingYear::year) of the year. Needs what
    /// [`accounting_years`](Self::accounting_years) needs.
    pub async fn periods(&self, year: &str) -> Result<Page<AccountingPeriod>, Error> {
        let call = Call::rest("accounting-years/{accountingYear}/periods")
            .argument(&legacy_segment(year))
            .query("pagesize", PAGE_SIZE.to_string());
        self.json(call, |root| Page::read(root, "periodNumber")).await
    }
}
