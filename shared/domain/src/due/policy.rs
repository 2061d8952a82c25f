//! The settings that decide when an agreement is due.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::ReadingChoice;
use crate::{
    business_days::{BusinessDayRule, Country},
    money::Currency,
    period::Period,
};

/// Whether a period is invoiced before or after it has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// On the period's first date.
    Advance,
    /// On the date after the period's last.
    Arrears,
}

/// Which date is printed on the invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceDateRule {
    /// The day it's made.
    RunDay,
    /// The first date of its period.
    PeriodStart,
}

/// Limits that hold an invoice for a person instead of making it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guards {
    /// Largest amount, VAT included, per currency. Empty: no limit. A currency that isn't named is held once any is.
    pub max_amount: BTreeMap<Currency, Decimal>,
    /// Largest change against the agreement's last invoice, in percent of it.
    pub max_change_percent: Option<Decimal>,
}

/// Everything the planner needs to know of the settings in force for one agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePolicy {
    /// Whether we invoice this agreement at all.
    pub automatic: bool,
    /// How to read the registered period fields.
    pub reading: ReadingChoice,
    /// Before or after the period.
    pub timing: Timing,
    /// Days before the ordinary date.
    pub days_before: u16,
    /// What to do when the date isn't a business day.
    pub business_day: BusinessDayRule,
    /// Whose holidays count.
    pub country: Country,
    /// How many missed periods may be caught up without asking.
    pub catch_up_periods: u16,
    /// Which date is printed.
    pub invoice_date: InvoiceDateRule,
    /// The limits.
    pub guards: Guards,
}

impl DuePolicy {
    /// The first day on which `period` is to be invoiced. `None` at the end of the calendar.
    pub fn due_on(&self, period: Period) -> Option<NaiveDate> {
        let base = match self.timing {
            Timing::Advance => period.start(),
            Timing::Arrears => period.end().succ_opt()?,
        };
        let early = base.checked_sub_days(Days::new(u64::from(self.days_before)))?;
        Some(self.business_day.apply(self.country, early))
    }

    /// The date to print, or `None` to leave it to the accounting system (which takes the day itself).
    pub fn invoice_date(&self, period: Period) -> Option<NaiveDate> {
        match self.invoice_date {
            InvoiceDateRule::RunDay => None,
            InvoiceDateRule::PeriodStart => Some(period.start()),
        }
    }
}
