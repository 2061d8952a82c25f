//! One measured figure, and the bar it's held against.

use std::{fmt, time::Duration};

use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde::Serialize;

/// What a figure counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// 1 024 × 1 024 bytes.
    Mebibytes,
    /// Bytes.
    Bytes,
    /// Hundredths.
    Percent,
    /// So many times as much.
    Times,
}

impl Unit {
    fn sign(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Milliseconds => " ms",
            Self::Seconds => " s",
            Self::Mebibytes => " MiB",
            Self::Bytes => " B",
            Self::Percent => " %",
            Self::Times => " ×",
        }
    }

    /// Figures after the point that say something.
    fn scale(self) -> u32 {
        match self {
            Self::Count | Self::Bytes => 0,
            Self::Milliseconds | Self::Seconds | Self::Mebibytes | Self::Percent => 1,
            Self::Times => 2,
        }
    }
}

/// What a figure must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// No more than this.
    AtMost(Decimal),
    /// No less than this.
    AtLeast(Decimal),
    /// Less than this.
    Below(Decimal),
    /// Just this.
    Exactly(Decimal),
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// The case.
    pub case: &'static str,
    /// What it's of.
    pub what: String,
    /// Which of many: `p50`, `p99`, `max`, `total`, `each`.
    pub statistic: &'static str,
    /// How much.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
    /// What it must be, if anything.
    pub bar: Option<Bar>,
    /// Of what work.
    pub workload: String,
}

impl Figure {
    /// Whether it's as it must be.
    pub fn is_met(&self) -> bool {
        match self.bar {
            None => true,
            Some(Bar::AtMost(most)) => self.value <= most,
            Some(Bar::AtLeast(least)) => self.value >= least,
            Some(Bar::Below(limit)) => self.value < limit,
            Some(Bar::Exactly(wanted)) => self.value == wanted,
        }
    }

    /// The value in words.
    pub fn shown(&self) -> String {
        amount(self.value, self.unit)
    }

    /// The bar in words.
    pub fn bar_shown(&self) -> String {
        match self.bar {
            None => String::new(),
            Some(Bar::AtMost(most)) => format!("≤ {}", amount(most, self.unit)),
            Some(Bar::AtLeast(least)) => format!("≥ {}", amount(least, self.unit)),
            Some(Bar::Below(limit)) => format!("< {}", amount(limit, self.unit)),
            Some(Bar::Exactly(wanted)) => amount(wanted, self.unit),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}): {}, must be {}", self.case, self.what, self.statistic, self.shown(), self.bar_shown())
    }
}

fn amount(value: Decimal, unit: Unit) -> String {
    format!("{}{}", value.round_dp(unit.scale()).normalize(), unit.sign())
}

/// Makes the figures of one case about one piece of work.
pub(crate) struct Figures {
    case: &'static str,
    workload: String,
    pub(crate) all: Vec<Figure>,
}

impl Figures {
    pub(crate) fn of(case: &'static str, workload: impl Into<String>) -> Self {
        Self { case, workload: workload.into(), all: Vec::new() }
    }

    pub(crate) fn add(
        &mut self,
        what: impl Into<String>,
        statistic: &'static str,
        value: Decimal,
        unit: Unit,
        bar: Option<Bar>,
    ) {
        let (case, workload) = (self.case, self.workload.clone());
        self.all.push(Figure { case, what: what.into(), statistic, value, unit, bar, workload });
    }
}

/// The value that so many per cent of all are not above. `None` of nothing.
pub(crate) fn percentile<T: Ord + Copy>(values: &[T], per_cent: usize) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * per_cent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

pub(crate) fn count(number: usize) -> Decimal {
    Decimal::from(number)
}

/// In milliseconds.
pub(crate) fn millis(time: Duration) -> Decimal {
    Decimal::from(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)) / Decimal::ONE_THOUSAND
}

/// In milliseconds.
pub(crate) fn delta_millis(time: TimeDelta) -> Decimal {
    Decimal::from(time.num_microseconds().unwrap_or(i64::MAX)) / Decimal::ONE_THOUSAND
}

/// In units of 1 024 × 1 024 bytes.
pub(crate) fn mebibytes(bytes: u64) -> Decimal {
    Decimal::from(bytes) / Decimal::from(1024 * 1024)
}

/// `part` of `whole`; nothing of nothing.
pub(crate) fn ratio(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<u32> = (1..=200).rev().collect();
        assert_eq!(percentile(&values, 50), Some(100));
        assert_eq!(percentile(&values, 99), Some(198));
        assert_eq!(percentile(&[7], 99), Some(7));
        assert_eq!(percentile::<u32>(&[], 50), None);
    }

    #[test]
    fn a_bar_is_met_or_not() {
        let mut figures = Figures::of("case", "work");
        let ten = Decimal::TEN;
        for bar in [Bar::AtMost(ten), Bar::AtLeast(ten), Bar::Exactly(ten), Bar::Below(ten)] {
            figures.add("it", "each", ten, Unit::Count, Some(bar));
        }
        let met: Vec<bool> = figures.all.iter().map(Figure::is_met).collect();
        assert_eq!(met, [true, true, true, false]);
    }
}
