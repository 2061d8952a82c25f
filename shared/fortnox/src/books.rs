//! What booking an invoice depends on besides the invoice: the year, the voucher series, who mail comes from.
//!
//! The fact sheet doesn't hold these addresses. Names and fields are those of public client libraries; which scopes open them is
//! an **assumption** (`bookkeeping` for the years, `settings` for the others), so whoever calls must be able to go without.

use chrono::NaiveDate;
use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;

/// The name of the predefined voucher series of customer invoices (assumption).
const INVOICE: &str = "INVOICE";

/// How a company keeps its books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountingMethod {
    /// `ACCRUAL`, faktureringsmetoden: an invoice is booked when it's made.
    Accrual,
    /// `CASH`, kontantmetoden: an invoice is booked when it's paid.
    Cash,
}

/// A financial year (räkenskapsår).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinancialYear {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How its books are kept. `None`: not told, or a newer word.
    pub method: Option<AccountingMethod>,
}

impl FromObject for FinancialYear {
    fn from_object(year: &Object<'_>) -> Result<Self, Malformed> {
        let method = year.text("AccountingMethod")?;
        Ok(Self {
            from: year.required("FromDate", Object::date)?,
            to: year.required("ToDate", Object::date)?,
            method: method.and_then(|word| match word.to_ascii_uppercase().as_str() {
                "ACCRUAL" => Some(AccountingMethod::Accrual),
                "CASH" => Some(AccountingMethod::Cash),
                _ => None,
            }),
        })
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// The financial year that holds `date`, or `None` if there is none.
    pub async fn financial_year(&self, date: NaiveDate) -> Result<Option<FinancialYear>, Error> {
        let call = Call::get("financialyears").query("date", date.to_string());
        let years: Vec<FinancialYear> = self.json(call, |root| root.list("FinancialYears")).await?;
        // Should the filter have no effect, all years come.
        Ok(years.into_iter().find(|year| year.from <= date && date <= year.to))
    }

    /// The voucher series that customer invoices are booked in, or `None` if none is set.
    pub async fn invoice_voucher_series(&self) -> Result<Option<String>, Error> {
        let call = Call::get("predefinedvoucherseries/{Name}").argument(INVOICE);
        self.json(call, |root| root.required("PreDefinedVoucherSeries", Object::object)?.text("VoucherSeries")).await
    }

    /// How many addresses Fortnox may send mail from for the company (API fact sheet, 6.5).
    pub async fn trusted_senders(&self) -> Result<usize, Error> {
        let count = |root: &Object<'_>| {
            let senders = root.required("EmailSenders", Object::object)?;
            Ok(senders.elements("TrustedSenders")?.unwrap_or_default().len())
        };
        self.json(Call::get("emailsenders"), count).await
    }
}
