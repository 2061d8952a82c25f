//! Plain dates: spans of them, and months counted from an anchor.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The first and last date, both included, that one invoice covers. Never empty, never backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Span", into = "Span")]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

#[derive(Serialize, Deserialize)]
struct Span {
    start: NaiveDate,
    end: NaiveDate,
}

/// A span whose end lies before its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the period ends {end}, before it starts {start}")]
pub struct BackwardsPeriod {
    start: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<Span> for Period {
    type Error = BackwardsPeriod;
    fn try_from(span: Span) -> Result<Self, BackwardsPeriod> {
        Self::new(span.start, span.end)
    }
}

impl From<Period> for Span {
    fn from(period: Period) -> Self {
        Self { start: period.start, end: period.end }
    }
}

impl Period {
    /// From `start` to `end`, both included.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, BackwardsPeriod> {
        if end < start { Err(BackwardsPeriod { start, end }) } else { Ok(Self { start, end }) }
    }

    /// Period number `n` (from 0) of a series that starts on `anchor` and has `interval` months each.
    ///
    /// `None` when a date would fall outside the calendar.
    pub fn nth(anchor: NaiveDate, interval: Interval, n: u32) -> Option<Self> {
        let start = nth_date(anchor, interval, n)?;
        let end = nth_date(anchor, interval, n.checked_add(1)?)?.pred_opt()?;
        Some(Self { start, end })
    }

    /// First date.
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// Last date, included.
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    /// Whether the two share a date.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether the span is `months` long, counted from its start.
    ///
    /// A span from the last of a month also counts when its end is off by what short months make of it: 28 February to
    /// 30 March is one month to the person who registered "the last of each month", and so is 31 January to 28 February,
    /// typed with a day of overlap.
    pub fn is_months(&self, months: u32) -> bool {
        let Some(after) = self.start.checked_add_months(Months::new(months)) else { return false };
        let Some(next) = self.end.succ_opt() else { return false };
        let from_month_end = is_month_end(self.start) && same_month(self.end, after);
        next == after || (from_month_end && (is_month_end(next) || is_month_end(self.end)))
    }

    /// Whether the two are the same span to a person who looks at both, although they may differ at their ends by what short
    /// months make of them: they share at least two thirds of the longer one's dates.
    pub fn is_much_like(&self, other: &Self) -> bool {
        const TWO_OF: i64 = 2;
        const THREE: i64 = 3;
        let days = |from: NaiveDate, to: NaiveDate| (to - from).num_days() + 1;
        let shared = days(self.start.max(other.start), self.end.min(other.end));
        let longer = days(self.start, self.end).max(days(other.start, other.end));
        shared * THREE >= longer * TWO_OF
    }

    /// Whether the two share more than the one date on which a span may end and the next begin, as people type them.
    pub fn covers_part_of(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end || self == other
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

fn same_month(a: NaiveDate, b: NaiveDate) -> bool {
    (a.year(), a.month()) == (b.year(), b.month())
}

/// Whether `date` is the last of its month.
pub fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

/// Months between two invoices of an agreement: 1 to 9 999 (source: Fortnox contract templates, fact sheet 5.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Interval(u32);

/// A number of months no agreement can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the interval must be 1 to 9999 months, not {0}")]
pub struct InvalidInterval(u32);

impl Interval {
    /// Every month.
    pub const MONTHLY: Self = Self(1);

    /// The number of months.
    pub fn months(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Interval {
    type Error = InvalidInterval;
    fn try_from(months: u32) -> Result<Self, InvalidInterval> {
        if (1..=9_999).contains(&months) { Ok(Self(months)) } else { Err(InvalidInterval(months)) }
    }
}

impl From<Interval> for u32 {
    fn from(interval: Interval) -> u32 {
        interval.0
    }
}

/// Date number `n` of a series, always counted from the anchor and never from the date before it, so that the
/// 31st comes back after a short month: 31 Jan, 28 Feb, 31 Mar.
///
/// `None` when it would fall outside the calendar.
pub fn nth_date(anchor: NaiveDate, interval: Interval, n: u32) -> Option<NaiveDate> {
    anchor.checked_add_months(Months::new(interval.0.checked_mul(n)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (0..36_525i64).prop_map(|days| date("2000-01-01") + chrono::Duration::days(days))
    }

    #[test]
    fn a_month_end_comes_back_after_a_short_month() {
        let starts: Vec<_> =
            (0..5).map(|n| nth_date(date("2027-10-31"), Interval::MONTHLY, n).unwrap().to_string()).collect();
        assert_eq!(starts, ["2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29"]);
    }

    #[test]
    fn a_leap_day_comes_back_every_fourth_year() {
        let year = Interval::try_from(12).unwrap();
        let starts: Vec<_> = (0..5).map(|n| nth_date(date("2024-02-29"), year, n).unwrap().to_string()).collect();
        assert_eq!(starts, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
    }

    #[test]
    fn spans_are_measured_in_months() {
        let span = |a, b| Period::new(date(a), date(b)).unwrap();
        assert!(span("2026-01-01", "2026-01-31").is_months(1));
        assert!(span("2026-01-15", "2026-02-14").is_months(1));
        assert!(span("2026-01-01", "2026-12-31").is_months(12));
        assert!(span("2026-01-31", "2026-02-27").is_months(1));
        assert!(span("2026-02-28", "2026-03-30").is_months(1), "the anchor is the 31st");
        assert!(span("2026-01-31", "2026-02-28").is_months(1), "typed with a day of overlap");
        assert!(!span("2026-01-01", "2026-01-30").is_months(1));
        assert!(!span("2026-01-10", "2026-01-31").is_months(1));
    }

    #[test]
    fn a_backwards_span_cannot_be_made_or_read() {
        assert!(Period::new(date("2026-02-01"), date("2026-01-31")).is_err());
        assert!(serde_json::from_str::<Period>(r#"{"start":"2026-02-01","end":"2026-01-31"}"#).is_err());
    }

    proptest! {
        #[test]
        fn periods_of_a_series_leave_no_gap_and_never_overlap(anchor in any_date(), months in 1u32..=24, n in 0u32..200) {
            let interval = Interval::try_from(months).unwrap();
            let this = Period::nth(anchor, interval, n).unwrap();
            let next = Period::nth(anchor, interval, n + 1).unwrap();
            prop_assert_eq!(this.end().succ_opt().unwrap(), next.start());
            prop_assert!(!this.overlaps(&next));
        }

        #[test]
        fn the_day_is_the_anchors_or_the_months_last(anchor in any_date(), months in 1u32..=24, n in 0u32..200) {
            let got = nth_date(anchor, Interval::try_from(months).unwrap(), n).unwrap();
            prop_assert!(got.day() == anchor.day() || (got.day() < anchor.day() && is_month_end(got)));
        }

        #[test]
        fn every_period_of_a_series_is_as_long_as_its_interval(anchor in any_date(), months in 1u32..=24, n in 0u32..200) {
            let period = Period::nth(anchor, Interval::try_from(months).unwrap(), n).unwrap();
            prop_assume!(!(is_month_end(period.start()) ^ is_month_end(period.end().succ_opt().unwrap())));
            prop_assert!(period.is_months(months));
        }
    }
}
