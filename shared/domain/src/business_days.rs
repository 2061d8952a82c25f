//! Business days of Sweden, Denmark, Norway and Finland, as pure rules.
//!
//! A day counts as a business day when an office is at work and a payment can be made: no Saturday, no Sunday, no public
//! holiday and no day on which the banks are closed although the law calls it a working day. The rules hold for any
//! Gregorian year and were compared day by day for 1990 to 2100.
//!
//! Written here since no crate covers it: `holidays` 0.1 has no licence and stale data, `bdays` has no Nordic calendar.
//! Source of the comparison: python-holidays 0.109, kept for 2020 to 2050 in `tests/golden/holidays.csv`, whose head
//! says how to make it again; the laws and central banks behind the rules are named beside the tables in `rules`.

use chrono::{Datelike, NaiveDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod easter;
mod rules;

/// Most days a search walks before it gives up. The longest run without a business day in the four countries from 1990 to
/// 2100 is five (Easter, or Christmas with a weekend); the bound only keeps the loop finite at the calendar's ends.
const MAX_DAYS_SEARCHED: usize = 31;

/// A country whose business days are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Country {
    /// Sweden.
    SE,
    /// Denmark.
    DK,
    /// Norway.
    NO,
    /// Finland.
    FI,
}

impl Country {
    /// Every country, in the order of the enum.
    pub const ALL: [Self; 4] = [Self::SE, Self::DK, Self::NO, Self::FI];
}

/// What makes a holiday a day without business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HolidayKind {
    /// A public holiday by law.
    Statutory,
    /// A working day by law on which banks are closed, such as Swedish Midsummer Eve.
    Bank,
}

/// A holiday on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holiday {
    /// Its name in the country's language.
    pub name: &'static str,
    /// Public by law, or a bank's closing day.
    pub kind: HolidayKind,
}

/// The holiday on `date` in `country`, whatever weekday it is. A statutory one wins over a bank's.
pub fn holiday(country: Country, date: NaiveDate) -> Option<Holiday> {
    rules::rule_for(country, date).map(|rule| Holiday { name: rule.name, kind: rule.kind })
}

/// The name, in the country's language, of the holiday on `date`.
pub fn holiday_name(country: Country, date: NaiveDate) -> Option<&'static str> {
    holiday(country, date).map(|holiday| holiday.name)
}

/// Whether `date` is a business day in `country`: not a weekend, a public holiday or a bank's closing day.
pub fn is_business_day(country: Country, date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && holiday(country, date).is_none()
}

/// What to do with a date that is no business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BusinessDayRule {
    /// Keep it.
    #[default]
    SameDay,
    /// Take the last business day before it.
    Previous,
    /// Take the first business day after it.
    Next,
}

impl BusinessDayRule {
    /// `date`, moved by this rule when it is no business day in `country`.
    ///
    /// At the very ends of the calendar, where there is no day to move to, the date stays.
    pub fn apply(self, country: Country, date: NaiveDate) -> NaiveDate {
        let step = match self {
            Self::SameDay => return date,
            Self::Previous => NaiveDate::pred_opt,
            Self::Next => NaiveDate::succ_opt,
        };
        std::iter::successors(Some(date), step)
            .take(MAX_DAYS_SEARCHED)
            .find(|&day| is_business_day(country, day))
            .unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn spelled_as_in_the_settings() {
        assert_eq!(serde_json::to_string(&Country::ALL).unwrap(), r#"["SE","DK","NO","FI"]"#);
        for (rule, text) in [
            (BusinessDayRule::SameDay, r#""same_day""#),
            (BusinessDayRule::Previous, r#""previous""#),
            (BusinessDayRule::Next, r#""next""#),
        ] {
            assert_eq!(serde_json::to_string(&rule).unwrap(), text);
            assert_eq!(serde_json::from_str::<BusinessDayRule>(text).unwrap(), rule);
        }
    }

    #[test]
    fn moved_over_easter_christmas_and_midsummer() {
        use BusinessDayRule::{Next, Previous, SameDay};
        use Country::{DK, FI, NO, SE};
        let table = [
            (SE, "2026-04-05", Previous, "2026-04-02"),
            (SE, "2026-04-05", Next, "2026-04-07"),
            (DK, "2026-04-05", Previous, "2026-04-01"),
            (NO, "2026-05-17", Next, "2026-05-18"),
            (SE, "2026-06-19", Previous, "2026-06-18"),
            (FI, "2026-06-19", Next, "2026-06-22"),
            (SE, "2026-12-24", Next, "2026-12-28"),
            (SE, "2026-12-31", Next, "2027-01-04"),
            (FI, "2026-12-31", Next, "2026-12-31"),
            (NO, "2026-12-31", Previous, "2026-12-31"),
            (DK, "2026-05-15", Next, "2026-05-18"),
            (SE, "2026-05-15", Next, "2026-05-15"),
            (SE, "2026-01-31", SameDay, "2026-01-31"),
            (SE, "2026-01-31", Previous, "2026-01-30"),
            (SE, "2026-01-31", Next, "2026-02-02"),
        ];
        for (country, from, rule, to) in table {
            assert_eq!(rule.apply(country, date(from)), date(to), "{country:?} {from} {rule:?}");
        }
    }

    #[test]
    fn law_and_calendar_changes() {
        assert_eq!(holiday_name(Country::DK, date("2023-05-05")), Some("Store bededag"));
        assert_eq!(holiday_name(Country::DK, date("2024-04-26")), None);
        assert_eq!(holiday_name(Country::SE, date("2004-05-31")), Some("Annandag pingst"));
        assert_eq!(holiday_name(Country::SE, date("2005-05-16")), None);
        assert_eq!(holiday_name(Country::SE, date("2005-06-06")), Some("Nationaldagen"));
        assert_eq!(holiday_name(Country::SE, date("2004-06-06")), None);
        let both = holiday(Country::DK, date("2017-06-05")).unwrap();
        assert_eq!(both, Holiday { name: "Anden pinsedag", kind: HolidayKind::Statutory });
    }

    #[test]
    fn the_ends_of_the_calendar_stay() {
        for end in [NaiveDate::MIN, NaiveDate::MAX] {
            for rule in [BusinessDayRule::Previous, BusinessDayRule::Next] {
                let moved = rule.apply(Country::SE, end);
                assert!(moved == end || is_business_day(Country::SE, moved));
            }
        }
    }

    proptest! {
        #[test]
        fn a_moved_date_is_the_nearest_business_day_in_its_direction(days in 0i64..40_542, country in 0usize..4) {
            let country = Country::ALL[country];
            let from = date("1990-01-01") + chrono::Duration::days(days);
            let before = BusinessDayRule::Previous.apply(country, from);
            let after = BusinessDayRule::Next.apply(country, from);
            prop_assert!(is_business_day(country, before) && is_business_day(country, after));
            prop_assert!(before <= from && from <= after);
            prop_assert!((after - before).num_days() <= 6, "at most five days without business");
            for day in before.iter_days().skip(1).take_while(|day| *day < after) {
                prop_assert!(day == from || !is_business_day(country, day));
            }
        }
    }
}
