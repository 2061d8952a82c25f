//! Financial years and voucher series. Fields and scopes are guessed: see the switches.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};

use super::call::Call;
use super::company::{Company, Reply};
use super::list;
use super::refusal::Refusal;
use super::switches::FinancialYears;

impl Company {
    /// The calendar year of `date=`, or of today, as the only financial year.
    pub(crate) fn financial_years(&self, call: &Call<'_>, today: NaiveDate) -> Result<Reply, Refusal> {
        list::check_parameters(call, &["date"])?;
        let year = list::date(call, "date")?.unwrap_or(today).year();
        let years: Vec<Value> = match self.switches.financial_years {
            FinancialYears::None => Vec::new(),
            FinancialYears::Accrual => vec![financial_year(year, "ACCRUAL")],
            FinancialYears::Cash => vec![financial_year(year, "CASH")],
        };
        let years: Vec<&Value> = years.iter().collect();
        list::page(call, list::MAX_LIMIT, "FinancialYears", &years, |year| (*year).clone()).map(Reply::ok)
    }

    pub(crate) fn voucher_series(&self, name: &str) -> Value {
        json!({"PreDefinedVoucherSeries": {"Name": name, "VoucherSeries": self.switches.invoice_voucher_series}})
    }
}

fn financial_year(year: i32, method: &str) -> Value {
    json!({
        "Id": year - 2000,
        "FromDate": format!("{year}-01-01"),
        "ToDate": format!("{year}-12-31"),
        "AccountingMethod": method,
    })
}
