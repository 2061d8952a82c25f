//! Every day of the golden years against python-holidays. Where we differ on purpose, the list below says so and why.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::business_days::{Country, Holiday, HolidayKind, holiday, is_business_day};

type Day = (Country, NaiveDate);

/// Names of a day by kind, since two holidays can meet on one date.
fn golden() -> BTreeMap<Day, BTreeSet<(String, String)>> {
    let mut days: BTreeMap<Day, BTreeSet<(String, String)>> = BTreeMap::new();
    let rows = include_str!("golden/holidays.csv").lines().filter(|line| !line.starts_with('#')).skip(1);
    for row in rows {
        let [country, date, category, name] = row.split(',').collect::<Vec<_>>().try_into().unwrap();
        let country = serde_json::from_value(country.into()).unwrap();
        days.entry((country, date.parse().unwrap())).or_default().insert((category.into(), name.into()));
    }
    days
}

/// The category under which python-holidays should know `ours`, or none where it doesn't know the day at all.
fn category(country: Country, ours: Holiday) -> Option<&'static str> {
    match (country, ours.name) {
        // Closing days of Danmarks Nationalbank and of Norges Bank's settlement system, which it leaves out.
        (Country::DK, "Banklukkedag") | (Country::NO, "Julaften") => None,
        // It files these two under public holidays; no Finnish act names them, the central bank lists them.
        (Country::FI, "Juhannusaatto" | "Jouluaatto") => Some("public"),
        _ => Some(match ours.kind {
            HolidayKind::Statutory => "public",
            HolidayKind::Bank => "bank",
        }),
    }
}

#[test]
fn every_day_of_the_golden_years_agrees() {
    let golden = golden();
    let first = golden.keys().map(|(_, date)| *date).min().unwrap();
    let last = golden.keys().map(|(_, date)| *date).max().unwrap();
    let mut compared = 0;
    for country in Country::ALL {
        for date in first.iter_days().take_while(|date| *date <= last) {
            let known = golden.get(&(country, date));
            match holiday(country, date) {
                None => assert_eq!(known, None, "{country:?} {date}"),
                Some(ours) => {
                    assert!(!is_business_day(country, date));
                    match category(country, ours) {
                        None => assert_eq!(known, None, "{country:?} {date} {ours:?}"),
                        Some(category) => assert!(
                            known.is_some_and(|known| known.contains(&(category.into(), ours.name.into()))),
                            "{country:?} {date} {ours:?}, not {known:?}"
                        ),
                    }
                    let public = known.is_some_and(|known| known.iter().any(|(category, _)| category == "public"));
                    assert!(public || ours.kind == HolidayKind::Bank, "{country:?} {date}: a bank day hides the law's");
                }
            }
            compared += 1;
        }
    }
    assert!(compared > 4 * 365 * 30, "31 years of four countries");
}
