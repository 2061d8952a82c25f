//! Periods in plain dates: which dates the n-th period of a contract has.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Europe::Stockholm;
use serde::{Deserialize, Serialize};

use super::switches::MonthEnd;

/// A Swedish company's wall clock, which is what Fortnox writes and filters by (assumption: the sources name no zone).
pub(crate) fn local_time(now: DateTime<Utc>) -> NaiveDateTime {
    now.with_timezone(&Stockholm).naive_local()
}

/// The first period of a contract as somebody registered it; later ones follow from it and the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchor {
    pub(crate) start: NaiveDate,
    pub(crate) end: NaiveDate,
    pub(crate) interval_months: u32,
}

impl Anchor {
    /// The n-th period under reading M1, the anchor itself being number 0: both dates moved on, as a pair.
    pub(crate) fn next_period(&self, n: u32, month_end: MonthEnd) -> (NaiveDate, NaiveDate) {
        let start = self.date(self.start, n, month_end);
        let contiguous = self.end == day_before(add_months(self.start, self.interval_months));
        let end = match month_end {
            // Neighbouring periods stay neighbours: 31 Jan - 27 Feb is followed by 28 Feb - 30 Mar.
            MonthEnd::Anchored if contiguous => day_before(self.date(self.start, n.saturating_add(1), month_end)),
            MonthEnd::Anchored if is_month_end(self.end) => month_end_of(add_months(self.end, self.months(n))),
            MonthEnd::Anchored | MonthEnd::Clamped => self.date(self.end, n, month_end),
        };
        (start, end)
    }

    /// The n-th slice of the whole term under reading M2: from one due date to the day before the next.
    pub(crate) fn slice(&self, n: u32, month_end: MonthEnd) -> (NaiveDate, NaiveDate) {
        let start = self.date(self.start, n, month_end);
        let next = self.date(self.start, n.saturating_add(1), month_end);
        (start, day_before(next))
    }

    /// How many slices start on or before this date.
    pub(crate) fn slices_started_by(&self, date: NaiveDate) -> u32 {
        (0..u32::MAX).find(|n| self.date(self.start, *n, MonthEnd::Anchored) > date).unwrap_or(u32::MAX)
    }

    fn months(&self, n: u32) -> u32 {
        self.interval_months.saturating_mul(n)
    }

    fn date(&self, anchor: NaiveDate, n: u32, month_end: MonthEnd) -> NaiveDate {
        match month_end {
            MonthEnd::Anchored => add_months(anchor, self.months(n)),
            // Step by step, so a day once lost (31 -> 28) stays lost.
            MonthEnd::Clamped => (0..n).fold(anchor, |date, _| add_months(date, self.interval_months)),
        }
    }
}

/// This many months later, on the last day of the month when the day does not exist there. Beyond the calendar's end
/// (year 262142) the date stays: nothing the simulator holds gets there.
fn add_months(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).unwrap_or(date)
}

fn day_before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}

fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

fn month_end_of(date: NaiveDate) -> NaiveDate {
    date.with_day(1).map_or(date, |first| day_before(add_months(first, 1)))
}
