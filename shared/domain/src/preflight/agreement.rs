//! One agreement, planned by the planner itself.

use chrono::NaiveDate;

use super::{CompanyFacts, What};
use crate::{
    agreement::{Agreement, LastInvoice},
    due::{Decision, DuePeriod, Verdict, decide},
    settings::Resolved,
};

/// What will become of the agreement: its next period, and what would hold it on its day. The same function as a scan's
/// decides, today and on the day that it names.
pub fn foresee(
    agreement: &Agreement,
    last: Option<&LastInvoice>,
    settings: &Resolved,
    facts: &CompanyFacts,
    today: NaiveDate,
) -> Vec<What> {
    let policy = settings.due_policy();
    let now = decide(agreement, last, &policy, today, &[]);
    let mut found = said(&now, today);
    let (day, due) = match &now.verdict {
        // Amounts and limits are looked at on the day.
        Verdict::NotYet { due_on, .. } => {
            let then = decide(agreement, last, &policy, *due_on, &[]);
            if matches!(then.verdict, Verdict::Held { .. }) && now.reading.is_some() {
                found.extend(said(&then, *due_on));
            }
            (*due_on, due_of(then.verdict))
        }
        verdict => (today, due_of(verdict.clone())),
    };
    if matches!(now.verdict, Verdict::Skipped { .. }) {
        return found;
    }
    if let (Some(due), Some(until)) = (&due, facts.locked_until.known().copied().flatten()) {
        let date = due.invoice_date.unwrap_or(day);
        if date <= until {
            found.push(What::DateLocked { date, until, books: settings.auto_book.value });
        }
    }
    let recurring = facts.recurring.known().is_some_and(|known| known.customers.contains(&agreement.customer));
    if recurring && settings.hold_if_recurring.value {
        found.push(What::AlreadyRecurring);
    }
    found
}

fn due_of(verdict: Verdict) -> Option<DuePeriod> {
    match verdict {
        Verdict::Due(due) => Some(due),
        Verdict::Held { due, .. } => due,
        Verdict::NotYet { .. } | Verdict::Skipped { .. } => None,
    }
}

fn said(decision: &Decision, on: NaiveDate) -> Vec<What> {
    let planned = |period, due_on, more_due| What::Planned {
        period,
        due_on,
        more_due,
        reading: decision.reading,
        reading_reason: decision.reading_reason,
    };
    match &decision.verdict {
        Verdict::Due(due) => vec![planned(due.period, due.due_on, due.more_due)],
        Verdict::NotYet { next, due_on } => {
            let unclear = match (decision.reading, decision.reading_reason) {
                (None, Some(reason)) => Some(What::ReadingUnclear { reason }),
                _ => None,
            };
            std::iter::once(planned(*next, *due_on, 0)).chain(unclear).collect()
        }
        Verdict::Skipped { reason } => vec![What::NotInvoiced { reason: reason.clone() }],
        Verdict::Held { reason, .. } => vec![What::WouldBeHeld { on, reason: reason.clone() }],
    }
}
