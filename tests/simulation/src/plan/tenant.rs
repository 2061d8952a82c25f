//! A company as it is at first.

use chrono::NaiveDate;
use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    ids::{SystemKind, TenantId},
    money::{Currency, Money},
    period::{Interval, Period},
    settings::Scope,
};
use serde_json::{Map, Value};

use crate::memory::Fate;

/// A company and its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantPlan {
    /// Its number in Fortnox.
    pub number: u64,
    /// How its Fortnox behaves where nobody knows how Fortnox does.
    pub quirks: Quirks,
    /// Its profile.
    pub profile: Map<String, Value>,
    /// What is set otherwise.
    pub layers: Vec<(Scope, Map<String, Value>)>,
    /// Customers without an address for invoices.
    pub without_address: Vec<u32>,
    /// Customers whose mail doesn't just arrive.
    pub fates: Vec<(u32, Fate)>,
    /// Customers whom Fortnox invoices by itself.
    pub recurring: Vec<u32>,
    /// What the customers' cards say of how invoices are delivered, in turn.
    pub default_deliveries: Vec<&'static str>,
    /// Its agreements.
    pub agreements: Vec<AgreementPlan>,
}

/// The switches that make a difference to us. Named as in the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one open question with a yes and a no")]
pub struct Quirks {
    /// `createinvoice` answers with the contract instead of the invoice.
    pub answers_with_contract: bool,
    /// Invoices don't say which period they cover.
    pub hides_periods: bool,
    /// A day of the month that was lost once is lost for good.
    pub clamps_month_ends: bool,
    /// A contract whose last invoice was made isn't finished by that.
    pub keeps_finished_active: bool,
    /// `ContractReference` is text.
    pub references_are_text: bool,
    /// What Fortnox mails or prints isn't marked as sent by that.
    pub leaves_no_mark: bool,
    /// Whom Fortnox is to mail a booked invoice to can still be written.
    pub addresses_booked: bool,
    /// Recurring billing can't be asked for.
    pub hides_recurring: bool,
    /// The invoice service takes what its conditions exclude.
    pub serves_anything: bool,
    /// The invoice service doesn't show an invoice before it took it on.
    pub serves_in_secret: bool,
    /// Minutes until the invoice service takes an invoice on.
    pub serves_after_minutes: u32,
    /// Rows of a page.
    pub page: usize,
}

impl Quirks {
    /// Fortnox as we think it likeliest.
    pub const NONE: Self = Self {
        answers_with_contract: false,
        hides_periods: false,
        clamps_month_ends: false,
        keeps_finished_active: false,
        references_are_text: false,
        leaves_no_mark: false,
        addresses_booked: false,
        hides_recurring: false,
        serves_anything: false,
        serves_in_secret: false,
        serves_after_minutes: 5,
        page: 500,
    };
}

/// An agreement as it is at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementPlan {
    /// Its number.
    pub number: u32,
    /// Its customer's number.
    pub customer: u32,
    /// Months between invoices.
    pub interval: u32,
    /// What its period fields mean.
    pub reading: Reading,
    /// The first date of its next period.
    pub next: NaiveDate,
    /// Under the whole-term reading: periods of the term that were invoiced before we came.
    pub made_before: u32,
    /// Under the whole-term reading: periods of the term. Else its length in periods, if it's said.
    pub length: Option<u32>,
    /// Invoices left, where it doesn't run on.
    pub remaining: Option<u32>,
    /// When its newest invoice was made before we came.
    pub last_invoice_date: Option<NaiveDate>,
    /// What it amounts to, VAT included, in whole units.
    pub amount: i64,
    /// In which currency.
    pub currency: Currency,
}

impl TenantPlan {
    /// As the pipeline names it.
    pub fn tenant(&self) -> TenantId {
        TenantId::new(SystemKind::Fortnox, self.number)
    }
}

impl AgreementPlan {
    /// As it's entered in Fortnox. `None` off the calendar.
    pub(crate) fn agreement(&self) -> Option<Agreement> {
        let interval = Interval::try_from(self.interval).ok()?;
        let months_before = i64::from(self.made_before) * i64::from(self.interval);
        let back = |months: i64| {
            let months = chrono::Months::new(u32::try_from(months).ok()?);
            self.next.checked_sub_months(months)
        };
        let term_start = back(months_before)?;
        let length_months = self.length.map(|length| length * self.interval);
        let period = match self.reading {
            Reading::NextPeriod => Period::nth(self.next, interval, 0)?,
            Reading::WholeTerm => {
                let last = Period::nth(term_start, interval, self.length.unwrap_or(1).checked_sub(1)?)?;
                Period::new(term_start, last.end()).ok()?
            }
        };
        Some(Agreement {
            number: self.number.to_string().parse().ok()?,
            customer: self.customer.to_string().parse().ok()?,
            status: AgreementStatus::Active,
            interval,
            length_months,
            continuous: self.remaining.is_none(),
            remaining: self.remaining,
            last_invoice_date: self.last_invoice_date,
            period,
            total: Money::new(self.amount.into(), self.currency),
        })
    }
}
