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
    /// The world has changed in a way that proves neither yet.
    CannotTell(String),
    /// What there is to see is seen, and only a person can make sense of it.
    Ask(String),
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

/// What became of a call, apart from what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// The system said that it did it: what there is to see of it is there.
    Answered {
        /// Which invoice it said it made.
        with: Option<InvoiceNumber>,
    },
    /// Nobody knows: it may be on its way still.
    Unanswered,
}

/// What there is to see of an agreement after a call.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The agreement as it is now.
    pub agreement: &'a Agreement,
    /// All its invoices dated on or after the intent's date, without those we know from other jobs.
    pub found: &'a [FoundInvoice],
    /// The agreement's last invoice date before the call, unless that is of an invoice of ours: an invoice of that date that
    /// names no period may be the one that was there before.
    pub explained: Option<NaiveDate>,
}

/// Whether the creation of the invoice for `period`, announced `at` as `intent`, happened.
///
/// The invoice that it gives may be for [another period](other_period). What is seen while a call may still be on its way
/// proves nothing, not even the period's invoice: a person may have made that, and the call makes another.
pub fn judge_create(
    intent: &CreateIntent,
    call: &Call,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    period: Period,
    look: Look<'_>,
) -> Verdict<FoundInvoice> {
    let settled = at + SETTLED_AFTER;
    if *call == Call::Unanswered && now < settled {
        return Verdict::TooEarly(settled);
    }
    let found = match new_ones(call, look) {
        Ok(found) => found,
        Err(words) => return Verdict::Ask(words),
    };
    let mut matching = found.iter().filter(|invoice| covers(invoice, period));
    let later = found.iter().find(|invoice| is_for_later(invoice, period));
    match (matching.next(), matching.next(), later) {
        (Some(one), None, None) => {
            return doubt(one, call, intent, look.agreement)
                .map_or_else(|| Verdict::Happened((*one).clone()), Verdict::Ask);
        }
        (Some(one), Some(other), _) => {
            return Verdict::Ask(format!("invoices {} and {} both seem to cover {period}", one.number, other.number));
        }
        // A person was faster, and our call made what came next.
        (Some(one), None, Some(later)) => {
            return Verdict::Ask(format!(
                "invoice {} covers {period}, and invoice {} was made for a later period: one of them may be a person's",
                one.number, later.number
            ));
        }
        (None, ..) => {}
    }
    if let Some(moved) = moved(intent, look.agreement) {
        // It was made, but for other dates than we reckoned with: that is for a person to see, and not to be looked for on.
        if let [one] = found[..]
            && !one.cancelled
        {
            return Verdict::Happened(one.clone());
        }
        return Verdict::CannotTell(format!("{moved}, yet no invoice for {period} was found"));
    }
    if now < settled { Verdict::TooEarly(settled) } else { Verdict::NotHappened }
}

/// What was found, without what was there before a call that said which invoice it made; or what keeps us from telling.
fn new_ones<'a>(call: &Call, look: Look<'a>) -> Result<Vec<&'a FoundInvoice>, String> {
    let answered = match call {
        Call::Answered { with } => with.as_ref(),
        Call::Unanswered => None,
    };
    let may_be_old = |invoice: &&FoundInvoice| {
        invoice.period.is_none() && Some(invoice.invoice_date) == look.explained && Some(&invoice.number) != answered
    };
    match look.found.iter().find(may_be_old) {
        Some(one) if answered.is_none() => {
            let FoundInvoice { number, invoice_date, .. } = one;
            Err(format!(
                "invoice {number} is of {invoice_date}, as the last one was before the call: is it that, or ours?"
            ))
        }
        _ => Ok(look.found.iter().filter(|invoice| !may_be_old(invoice)).collect()),
    }
}

/// Why the one invoice that there is may yet not be the one that was asked for. One that names its period is.
fn doubt(one: &FoundInvoice, call: &Call, intent: &CreateIntent, agreement: &Agreement) -> Option<String> {
    if one.period.is_some() {
        return None;
    }
    let number = &one.number;
    if *call == Call::Unanswered && moved(intent, agreement).is_none() {
        return Some(format!("there is invoice {number}, but the agreement stands as it did before"));
    }
    let next = Period::nth(intent.fields.start(), agreement.interval, 1);
    let went_further = agreement.period != intent.fields
        && next.is_some_and(|next| agreement.period != next && !agreement.period.is_much_like(&next));
    let (from, to) = (intent.fields, agreement.period);
    went_further.then(|| {
        format!(
            "there is invoice {number}, but the agreement's period moved from {from} to {to}: somebody else was at it"
        )
    })
}

/// Whether `invoice` is for `period`. One that names no period counts: it's of the right agreement and new. So does one whose
/// dates differ by a few days, since nobody knows how Fortnox moves the ends of months (fact sheet 5.7).
pub fn covers(invoice: &FoundInvoice, period: Period) -> bool {
    !invoice.cancelled && other_period(invoice, period).is_none()
}

fn is_for_later(invoice: &FoundInvoice, period: Period) -> bool {
    !invoice.cancelled && other_period(invoice, period).is_some_and(|its| its.start() > period.start())
}

/// What people did about an agreement whose dates don't move when it's invoiced, since its newest invoice that we know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByHand {
    /// Nothing that concerns `period`.
    Nothing,
    /// They invoiced the period.
    Covers(FoundInvoice),
    /// They made an invoice on that date which may be for the period.
    Perhaps(NaiveDate),
}

/// Looks through `found`, the agreement's invoices that we don't know, for what may be for `period`. Where invoices name no
/// period, one that is as old as `explained` is the one that the agreement's last invoice date tells of.
pub fn by_hand(found: &[FoundInvoice], period: Period, explained: Option<NaiveDate>) -> ByHand {
    let mut theirs = found.iter().filter(|invoice| covers(invoice, period) && invoice.period.is_some());
    if let (Some(one), None) = (theirs.next(), theirs.next()) {
        return ByHand::Covers(one.clone());
    }
    // One that was taken back counts: whether the accounting system then makes the period once more nobody knows.
    let of_period = found.iter().filter(|invoice| other_period(invoice, period).is_none());
    let mut unexplained: Vec<NaiveDate> = of_period.map(|invoice| invoice.invoice_date).collect();
    if let Some(one) = unexplained.iter().position(|date| Some(*date) == explained) {
        unexplained.remove(one);
    }
    unexplained.into_iter().max().map_or(ByHand::Nothing, ByHand::Perhaps)
}

/// The period that `invoice` names, where it's another than `period`.
pub fn other_period(invoice: &FoundInvoice, period: Period) -> Option<Period> {
    invoice.period.filter(|its| its.start() != period.start() && !its.is_much_like(&period))
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

/// Whether the accounting system delivered an invoice when it was asked to `at`, by whether it's marked as sent now. Where it
/// isn't known to mark all that it delivers that way (`mark_proves`), no mark proves nothing: only a person can tell.
pub fn judge_delivery(marked: bool, mark_proves: bool, at: DateTime<Utc>, now: DateTime<Utc>) -> Verdict<()> {
    match judge_mark(marked, at, now) {
        Verdict::NotHappened if !mark_proves => {
            Verdict::Ask("the accounting system's answer was lost, and the invoice isn't marked as sent".to_owned())
        }
        verdict => verdict,
    }
}

#[cfg(test)]
mod tests;
