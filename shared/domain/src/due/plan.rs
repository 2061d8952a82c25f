//! The planner: one agreement, one day, one decision.

use chrono::{Days, NaiveDate};

use super::{
    decision::{Decision, DuePeriod, SkipReason, Verdict},
    guards,
    policy::DuePolicy,
    reading::{self, Reading},
};
use crate::{
    agreement::{Agreement, AgreementStatus, LastInvoice},
    hold::HoldReason,
    period::Period,
};

/// Most periods that are counted as overdue. Beyond it the figure no longer matters: the job is held anyway.
const MAX_OVERDUE_COUNTED: u32 = 120;

/// Periods of a term that are looked through. 9 999 months is the longest term Fortnox takes (fact sheet 5.8).
const MAX_PERIODS_IN_A_TERM: u32 = 9_999;

/// Decides on `agreement` as of `today`, the tenant's own date.
///
/// `last` is its newest invoice in our journal. `approved` are the holds of this invoice that a person has said yes to: they
/// don't hold it again, but any other does, and so does the same guard with another amount. What isn't due stays so.
pub fn decide(
    agreement: &Agreement,
    last: Option<&LastInvoice>,
    policy: &DuePolicy,
    today: NaiveDate,
    approved: &[HoldReason],
) -> Decision {
    let decision = |reading, reading_reason, verdict| Decision {
        agreement: agreement.number.clone(),
        customer: Some(agreement.customer.clone()),
        reading,
        reading_reason,
        verdict,
    };
    if let Some(reason) = not_invoiced_at_all(agreement, policy) {
        return decision(None, None, Verdict::Skipped { reason });
    }
    let case = Case { agreement, last, policy, today, approved };
    let (readings, why) = reading::readings(policy.reading, agreement, last);
    let mut verdicts = readings.iter().map(|reading| (*reading, case.verdict(*reading)));
    let Some((first, verdict)) = verdicts.next() else {
        return decision(None, Some(why), Verdict::Held { due: None, reason: HoldReason::AmbiguousPeriod });
    };
    match verdicts.next() {
        None => decision(Some(first), Some(why), verdict),
        Some((_, other)) if same_today(&verdict, &other) => decision(None, Some(why), verdict),
        // Approval can't tell which of two periods was meant: only the setting can.
        Some((_, other)) => {
            let due = due_of(verdict).or(due_of(other));
            decision(None, Some(why), Verdict::Held { due, reason: HoldReason::AmbiguousPeriod })
        }
    }
}

fn not_invoiced_at_all(agreement: &Agreement, policy: &DuePolicy) -> Option<SkipReason> {
    match agreement.status {
        AgreementStatus::Inactive => Some(SkipReason::Inactive),
        AgreementStatus::Finished => Some(SkipReason::Finished),
        AgreementStatus::Active if !policy.automatic => Some(SkipReason::SwitchedOff),
        AgreementStatus::Active if !agreement.continuous && agreement.remaining == Some(0) => {
            Some(SkipReason::NoneRemaining)
        }
        AgreementStatus::Active => None,
    }
}

/// Whether two readings lead to the same act today. The one that waits may wait for different dates.
fn same_today(a: &Verdict, b: &Verdict) -> bool {
    matches!((a, b), (Verdict::NotYet { .. }, Verdict::NotYet { .. })) || a == b
}

fn due_of(verdict: Verdict) -> Option<DuePeriod> {
    match verdict {
        Verdict::Due(due) => Some(due),
        Verdict::Held { due, .. } => due,
        Verdict::NotYet { .. } | Verdict::Skipped { .. } => None,
    }
}

struct Case<'a> {
    agreement: &'a Agreement,
    last: Option<&'a LastInvoice>,
    policy: &'a DuePolicy,
    today: NaiveDate,
    approved: &'a [HoldReason],
}

impl Case<'_> {
    fn verdict(&self, reading: Reading) -> Verdict {
        let first = match reading {
            Reading::NextPeriod => match self.last {
                Some(last) if last.period.start() == self.agreement.period.start() => None,
                _ => Some(0),
            },
            Reading::WholeTerm => self.first_open_of_term(),
        };
        let first = first.and_then(|n| self.period(reading, n).map(|period| (n, period)));
        let Some((n, period)) = first else {
            let reason = match reading {
                Reading::NextPeriod => SkipReason::AlreadyInvoiced,
                Reading::WholeTerm => SkipReason::NoneRemaining,
            };
            return Verdict::Skipped { reason };
        };
        let Some(due_on) = self.policy.due_on(period) else {
            return Verdict::Skipped { reason: SkipReason::NoneRemaining };
        };
        if due_on > self.today {
            return Verdict::NotYet { next: period, due_on };
        }
        let more_due = self.overdue_after(reading, n);
        let due = DuePeriod {
            period,
            due_on,
            invoice_date: self.policy.invoice_date(period),
            total: self.agreement.total,
            more_due,
        };
        match self.doubt(reading, &due) {
            Some(reason) => Verdict::Held { due: Some(due), reason },
            None => Verdict::Due(due),
        }
    }

    /// Period `n`, counted from the registered fields, if the agreement runs that far.
    fn period(&self, reading: Reading, n: u32) -> Option<Period> {
        let fields = self.agreement.period;
        let period = match (reading, n) {
            // What Fortnox says itself is the truth; only later ones are worked out.
            (Reading::NextPeriod, 0) => fields,
            _ => Period::nth(fields.start(), self.agreement.interval, n)?,
        };
        if self.agreement.continuous {
            return Some(period);
        }
        let within = match reading {
            Reading::NextPeriod => self.agreement.remaining.is_none_or(|remaining| n < remaining),
            Reading::WholeTerm => period.start() <= fields.end(),
        };
        within.then_some(period)
    }

    /// Under the whole-term reading: the first period that no invoice seems to cover.
    fn first_open_of_term(&self) -> Option<u32> {
        let after_ours = self.last.map(|last| self.first_n(|period| period.start() > last.period.start()));
        let by_date = |date: NaiveDate| self.first_n(|period| self.policy.due_on(period).is_none_or(|due| due > date));
        match (after_ours, self.made_by_hand()) {
            (Some(after_ours), None) => after_ours,
            (None, Some(date)) => by_date(date),
            (Some(after_ours), Some(date)) => Some(after_ours?.max(by_date(date)?)),
            (None, None) => Some(0),
        }
    }

    fn first_n(&self, wanted: impl Fn(Period) -> bool) -> Option<u32> {
        (0..MAX_PERIODS_IN_A_TERM)
            .find(|n| Period::nth(self.agreement.period.start(), self.agreement.interval, *n).is_none_or(&wanted))
    }

    /// The date of the newest invoice, where it wasn't ours.
    fn made_by_hand(&self) -> Option<NaiveDate> {
        let date = self.agreement.last_invoice_date?;
        self.last.is_none_or(|last| date > last.invoice_date).then_some(date)
    }

    fn overdue_after(&self, reading: Reading, n: u32) -> u32 {
        let overdue = (1..=MAX_OVERDUE_COUNTED).take_while(|more| {
            self.period(reading, n + more)
                .and_then(|period| self.policy.due_on(period))
                .is_some_and(|due_on| due_on <= self.today)
        });
        u32::try_from(overdue.count()).unwrap_or(MAX_OVERDUE_COUNTED)
    }

    /// The first doubt that nobody has said yes to.
    fn doubt(&self, reading: Reading, due: &DuePeriod) -> Option<HoldReason> {
        let last = self.last.map(|last| last.total);
        let guards = guards::check(&self.policy.guards, self.agreement.total, last);
        [self.too_far_behind(due), self.overlaps_last(due), self.perhaps_by_hand(reading, due)]
            .into_iter()
            .chain(guards)
            .flatten()
            .find(|reason| !self.approved.contains(reason))
    }

    fn too_far_behind(&self, due: &DuePeriod) -> Option<HoldReason> {
        let allowed = u32::from(self.policy.catch_up_periods);
        (due.more_due > allowed).then_some(HoldReason::TooFarBehind { missed: due.more_due, allowed })
    }

    fn overlaps_last(&self, due: &DuePeriod) -> Option<HoldReason> {
        let last = self.last.filter(|last| last.period.covers_part_of(&due.period))?;
        Some(HoldReason::OverlapsLast { period: due.period, last: last.period })
    }

    fn perhaps_by_hand(&self, reading: Reading, due: &DuePeriod) -> Option<HoldReason> {
        let date = self.hand_made_close_to(due.due_on).filter(|_| reading == Reading::WholeTerm)?;
        Some(HoldReason::PerhapsInvoicedByHand { date })
    }

    /// Under the whole-term reading nothing moves when a person invoices a period early. An invoice of theirs soon after the
    /// date before this one is that date's, made a little late; any later one may well be this period's. So may any that they
    /// made after our own last one, unless it was late enough to be for a period between.
    fn hand_made_close_to(&self, due_on: NaiveDate) -> Option<NaiveDate> {
        /// Three quarters of a month.
        const CLOSE_DAYS_A_MONTH: u64 = 22;
        let date = self.made_by_hand()?;
        let close = Days::new(CLOSE_DAYS_A_MONTH * u64::from(self.agreement.interval.months()));
        let close = due_on.checked_sub_days(close).is_none_or(|from| date > from);
        (close || self.came_after_ours(date)).then_some(date)
    }

    /// Whether an invoice that a person made on `date` came after our own last one and before anything else was due.
    fn came_after_ours(&self, date: NaiveDate) -> bool {
        let Some(last) = self.last else { return false };
        let after_ours = self.first_n(|period| period.start() > last.period.start());
        after_ours >= self.first_n(|period| self.policy.due_on(period).is_none_or(|due| due > date))
    }
}
