//! Judging what was seen after an effect whose outcome is unknown: it happened, it didn't, or nobody can tell.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CreateIntent, SETTLED_AFTER};
use crate::{agreement::Agreement, ids::InvoiceNumber, money::Money, period::Period};

/// What an observation proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T> {
    /// It happened.
    Happened(T),
    /// It did not, and a call that could still make it happen can't be on its way any more.
    NotHappened,
    /// Look again at this time.
    TooEarly(DateTime<Utc>),
    /// The world has changed in a way that proves neither.
    CannotTell(String),
}

/// An invoice that came of an agreement, as found in the accounting system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInvoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// The period it says it covers, where it says one.
    pub period: Option<Period>,
    /// To pay, VAT included.
    pub total: Money,
    /// Taken back.
    pub cancelled: bool,
}

/// Whether the creation of the invoice for `period`, announced `at` as `intent`, happened.
///
/// `found` are all invoices of that agreement dated on or after the intent's date, without those we know from other jobs.
pub fn judge_create(
    intent: &CreateIntent,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    period: Period,
    agreement: &Agreement,
    found: &[FoundInvoice],
) -> Verdict<FoundInvoice> {
    let mut matching = found.iter().filter(|invoice| covers(invoice, period));
    match (matching.next(), matching.next()) {
        (Some(one), None) => return Verdict::Happened(one.clone()),
        (Some(one), Some(other)) => {
            return Verdict::CannotTell(format!(
                "invoices {} and {} both seem to cover {period}",
                one.number, other.number
            ));
        }
        (None, _) => {}
    }
    if let Some(moved) = moved(intent, agreement) {
        return Verdict::CannotTell(format!("{moved}, yet no invoice for {period} was found"));
    }
    let settled = at + SETTLED_AFTER;
    if now < settled { Verdict::TooEarly(settled) } else { Verdict::NotHappened }
}

/// Whether `invoice` is for `period`. One that names no period counts: it's of the right agreement and new.
pub fn covers(invoice: &FoundInvoice, period: Period) -> bool {
    !invoice.cancelled && invoice.period.is_none_or(|its| its.start() == period.start() || its == period)
}

fn moved(intent: &CreateIntent, agreement: &Agreement) -> Option<String> {
    if agreement.period != intent.fields {
        return Some(format!("the agreement's period moved from {} to {}", intent.fields, agreement.period));
    }
    if agreement.last_invoice_date != intent.last_invoice_date {
        return Some("the agreement's last invoice date changed".to_owned());
    }
    (agreement.remaining != intent.remaining).then(|| "the agreement's remaining invoices changed".to_owned())
}

/// Whether an effect that leaves a lasting mark (`marked`) happened, announced `at`.
pub fn judge_mark(marked: bool, at: DateTime<Utc>, now: DateTime<Utc>) -> Verdict<()> {
    let settled = at + SETTLED_AFTER;
    if marked {
        Verdict::Happened(())
    } else if now < settled {
        Verdict::TooEarly(settled)
    } else {
        Verdict::NotHappened
    }
}
