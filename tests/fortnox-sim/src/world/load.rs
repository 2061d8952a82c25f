//! From a company file to a company. Every entry goes through the same doors as a write over the API, so a file that
//! Fortnox would refuse is refused with Fortnox's words.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::catalogue::{ARTICLES, CUSTOMERS, PRICE_LISTS, TERMS_OF_PAYMENTS};
use super::company::{Company, Turn};
use super::number;
use super::prices::Prices;
use super::refusal::Refusal;
use super::register::Register;
use super::rows::NewRows;
use super::switches::PeriodReading;
use crate::company_file::{CompanyFile, CompanyFileError};

/// What a contract of the file says beyond Fortnox's own fields.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ContractExtras {
    /// What its period fields mean, when it differs from the company's switch.
    reading: Option<PeriodReading>,
    /// It is finished.
    finished: bool,
    /// Periods already invoiced; else counted from `LastInvoiceDate`.
    periods_made: Option<u32>,
    /// Why the contract is in the file: for readers.
    #[serde(rename = "note")]
    _note: String,
}

impl Company {
    /// Sets the company up as its file says. Row ids, numbers and prices are given out in the file's order.
    pub(crate) fn load(file: CompanyFile, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        let tenant = file.company.database_number;
        let mut company = Self::empty(&file);
        // What is loaded is the state at the start, not something that happened.
        let mut effects = Vec::new();
        let turn = &mut Turn { now, effects: &mut effects };
        let refused = |kind: &str, place: usize, refusal: &Refusal| CompanyFileError::Refused {
            tenant,
            entry: format!("{kind} {}", place + 1),
            reason: refusal.to_string(),
        };
        for (kind, entries) in [
            (&TERMS_OF_PAYMENTS, file.terms_of_payment),
            (&PRICE_LISTS, file.price_lists),
            (&ARTICLES, file.articles),
            (&CUSTOMERS, file.customers),
        ] {
            for (place, entry) in entries.into_iter().enumerate() {
                company.create_entry(turn, kind, &entry).map_err(|refusal| refused(kind.singular, place, &refusal))?;
            }
        }
        for (place, entry) in file.prices.iter().enumerate() {
            company.write_price(turn, entry).map_err(|refusal| refused("Price", place, &refusal))?;
        }
        for (place, entry) in file.contracts.into_iter().enumerate() {
            company.load_contract(turn, entry).map_err(|refusal| refused("Contract", place, &refusal))?;
        }
        for (place, entry) in file.invoices.into_iter().enumerate() {
            company.load_invoice(turn, entry).map_err(|refusal| refused("Invoice", place, &refusal))?;
        }
        Ok(company)
    }

    fn empty(file: &CompanyFile) -> Self {
        let currency_rates = file
            .currency_rates
            .iter()
            .filter_map(|(currency, rate)| Some((currency.clone(), number::from_json(rate)?)))
            .collect();
        Self {
            info: file.company.clone(),
            switches: file.switches.clone(),
            locked_until: file.locked_period,
            trusted_senders: file.trusted_senders.clone(),
            currency_rates,
            customers: Register::default(),
            articles: Register::default(),
            price_lists: Register::default(),
            terms: Register::default(),
            prices: Prices::default(),
            contracts: BTreeMap::new(),
            invoices: BTreeMap::new(),
            recurrings: file.recurrings.clone(),
            next_row: 1,
            next_contract: 1,
            next_invoice: file.next_invoice,
            next_voucher: 1,
        }
    }

    /// One more contract, as if it had stood in the file.
    pub(crate) fn add_contract(
        &mut self,
        entry: Map<String, Value>,
        now: DateTime<Utc>,
    ) -> Result<(), CompanyFileError> {
        let (tenant, place) = (self.tenant(), self.contracts.len() + 1);
        let mut effects = Vec::new();
        self.load_contract(&mut Turn { now, effects: &mut effects }, entry).map_err(|refusal| {
            CompanyFileError::Refused { tenant, entry: format!("Contract {place}"), reason: refusal.to_string() }
        })
    }

    fn load_contract(&mut self, turn: &mut Turn<'_>, mut entry: Map<String, Value>) -> Result<(), Refusal> {
        let extras = match entry.remove("sim") {
            None => ContractExtras::default(),
            Some(extras) => serde_json::from_value(extras).map_err(|_| Refusal::parameter("sim"))?,
        };
        let last_invoice_date = take_date(&mut entry, "LastInvoiceDate")?;
        let remaining = entry
            .remove("InvoicesRemaining")
            .map(|value| {
                number::from_json(&value)
                    .and_then(|count| u32::try_from(count).ok())
                    .ok_or_else(|| Refusal::parameter("InvoicesRemaining"))
            })
            .transpose()?;
        let number = self.create_contract(turn, entry, NewRows::AreFree)?;
        let reading = extras.reading.unwrap_or(self.switches.period_reading);
        let contract = self.contract_mut(number)?;
        contract.reading = extras.reading;
        contract.finished = extras.finished;
        contract.last_invoice_date = last_invoice_date;
        if let Some(remaining) = remaining {
            contract.invoices_remaining = remaining;
        }
        contract.periods_made = match (extras.periods_made, reading) {
            (Some(made), _) => made,
            // The period fields are the next period already.
            (None, PeriodReading::NextPeriod) => 0,
            (None, PeriodReading::WholeTerm) => {
                last_invoice_date.map_or(0, |date| contract.anchor.slices_started_by(date))
            }
        };
        Ok(())
    }

    fn load_invoice(&mut self, turn: &mut Turn<'_>, mut entry: Map<String, Value>) -> Result<(), Refusal> {
        let mut take_flag = |name: &str| entry.remove(name) == Some(Value::Bool(true));
        let booked = take_flag("Booked");
        let sent = take_flag("Sent");
        let cancelled = take_flag("Cancelled");
        let paid = take_flag("Paid");
        let contract = entry
            .remove("ContractReference")
            .and_then(|value| number::from_json(&value))
            .and_then(|number| u64::try_from(number).ok());
        let period_start = take_date(&mut entry, "InvoicePeriodStart")?;
        let period_end = take_date(&mut entry, "InvoicePeriodEnd")?;
        let number = self.create_invoice(turn, entry)?;
        let year =
            self.invoice(number)?.head.date("InvoiceDate").map_or_else(|| turn.today().year(), |date| date.year());
        if booked {
            self.book(number, year)?;
        }
        let invoice = self.invoice_mut(number)?;
        invoice.sent = sent;
        invoice.cancelled = cancelled;
        invoice.paid = paid;
        invoice.contract = contract;
        invoice.period = period_start.zip(period_end);
        Ok(())
    }
}

fn take_date(entry: &mut Map<String, Value>, name: &str) -> Result<Option<NaiveDate>, Refusal> {
    match entry.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_str().and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| Refusal::parameter(name))
        }
    }
}
