//! Customers whom the accounting system invoices by itself: their agreements wait for a person, or they would be invoiced twice.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::decision::{Decision, Verdict};
use crate::{hold::HoldReason, ids::CustomerNumber};

/// For how long it may be gone by that a customer isn't invoiced by the accounting system itself. A scan's jobs are made within
/// minutes of it; one that waited for longer asks anew.
pub const RECURRING_KNOWN_FOR: TimeDelta = TimeDelta::minutes(15);

/// Whether it must be asked whom the accounting system invoices by itself, given when that was last done for this customer.
pub fn must_ask_again(looked_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    looked_at.is_none_or(|at| now - at > RECURRING_KNOWN_FOR)
}

impl Decision {
    /// Whether there's a period that is, or may be, to be invoiced now.
    pub fn has_due(&self) -> bool {
        matches!(self.verdict, Verdict::Due(_) | Verdict::Held { due: Some(_), .. })
    }

    /// Holds what is due of one of `customers`, whom the accounting system invoices by itself. It goes before any other reason: a
    /// yes to that other one says nothing of this.
    #[must_use]
    pub fn held_if_among(mut self, customers: &BTreeSet<CustomerNumber>) -> Self {
        if !self.customer.as_ref().is_some_and(|customer| customers.contains(customer)) {
            return self;
        }
        self.verdict = match self.verdict {
            Verdict::Due(due) | Verdict::Held { due: Some(due), .. } => {
                Verdict::Held { due: Some(due), reason: HoldReason::AlreadyRecurring }
            }
            other => other,
        };
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        due::{DuePeriod, SkipReason},
        money::{Currency, Money},
        period::{Interval, Period},
    };

    fn due() -> DuePeriod {
        let start = "2026-02-01".parse().unwrap();
        let period = Period::nth(start, Interval::try_from(1).unwrap(), 0).unwrap();
        DuePeriod {
            period,
            due_on: start,
            invoice_date: None,
            total: Money::new(100.into(), Currency::SEK),
            more_due: 0,
        }
    }

    fn decision(customer: Option<&str>, verdict: Verdict) -> Decision {
        let customer = customer.map(|number| number.parse().unwrap());
        Decision { agreement: "1".parse().unwrap(), customer, reading: None, reading_reason: None, verdict }
    }

    #[test]
    fn only_what_is_due_of_one_of_them_is_held() {
        let customers = BTreeSet::from(["10".parse().unwrap()]);
        let limit = |due| Verdict::Held { due, reason: HoldReason::DayLimit { limit: 1 } };
        let held = Verdict::Held { due: Some(due()), reason: HoldReason::AlreadyRecurring };
        let not_yet = Verdict::NotYet { next: due().period, due_on: due().due_on };
        let skipped = Verdict::Skipped { reason: SkipReason::AlreadyInvoiced };
        for (customer, before, after) in [
            (Some("10"), Verdict::Due(due()), held.clone()),
            (Some("10"), limit(Some(due())), held),
            (Some("10"), limit(None), limit(None)),
            (Some("10"), not_yet.clone(), not_yet),
            (Some("10"), skipped.clone(), skipped),
            (Some("11"), Verdict::Due(due()), Verdict::Due(due())),
            (None, limit(None), limit(None)),
        ] {
            assert_eq!(decision(customer, before).held_if_among(&customers).verdict, after);
        }
    }

    #[test]
    fn it_is_asked_again_when_nobody_did_or_long_ago() {
        let now: DateTime<Utc> = "2026-02-01T05:00:00Z".parse().unwrap();
        let before = |minutes| Some(now - TimeDelta::minutes(minutes));
        assert_eq!(
            [None, before(16), before(15), before(0)].map(|at| must_ask_again(at, now)),
            [true, true, false, false]
        );
    }
}
