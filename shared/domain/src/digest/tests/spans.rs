//! One digest a date, and each instant in exactly one of them, whatever becomes of heartbeats, hours and time zones.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::sample::at;
use crate::{
    digest::{
        Span,
        schedule::{SETTLES, after, check_of, hour_of, newest_date, next_check, span},
    },
    settings::TenantFields,
};

fn tenant(hour: u8) -> TenantFields {
    TenantFields { digest_hour: hour, ..TenantFields::default() }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_local_hour_is_kept_over_both_changes_of_the_clock() {
    let cases = [
        ("2026-01-10", 7, "2026-01-10T06:00:00Z"),
        ("2026-03-28", 7, "2026-03-28T06:00:00Z"),
        ("2026-03-29", 7, "2026-03-29T05:00:00Z"),
        ("2026-10-25", 7, "2026-10-25T06:00:00Z"),
        ("2026-10-25", 0, "2026-10-24T22:00:00Z"),
    ];
    for (day, hour, instant) in cases {
        assert_eq!(hour_of(date(day), &tenant(hour)), at(instant), "{day} {hour}");
    }
}

#[test]
fn a_digest_is_due_once_all_is_written_down() {
    let seven = at("2026-03-29T05:00:00Z");
    assert_eq!(newest_date(seven, &tenant(7)), date("2026-03-28"));
    assert_eq!(newest_date(seven + SETTLES, &tenant(7)), date("2026-03-29"));
    assert_eq!(after(date("2026-03-28"), &tenant(7)), seven + SETTLES);
}

#[test]
fn spans_are_a_day_of_23_24_or_25_hours() {
    let mut before = None;
    let mut hours = Vec::new();
    for day in ["2026-03-28", "2026-03-29", "2026-03-30"] {
        let span = span(date(day), &tenant(7), before);
        hours.push((span.to - span.from).num_hours());
        before = Some(span);
    }
    assert_eq!(hours, [24, 23, 24]);
}

#[test]
fn what_is_due_is_looked_for_once_a_day() {
    let tenant = TenantFields { scan_hour: 6, ..TenantFields::default() };
    let look = at("2026-01-10T07:00:00Z");
    assert_eq!(check_of(date("2026-01-10"), &tenant), look);
    assert_eq!(next_check(look - TimeDelta::seconds(1), &tenant), look);
    assert_eq!(next_check(look, &tenant), at("2026-01-11T07:00:00Z"));
}

/// Heartbeats at any distance, with the settings changed in between.
fn beats() -> impl Strategy<Value = Vec<(i64, u8, Tz)>> {
    let hour = (0u8..23).prop_map(|hour| if hour >= 2 { hour + 1 } else { hour });
    let zone = prop::sample::select(vec![Tz::Europe__Stockholm, Tz::Europe__Helsinki, Tz::Atlantic__Reykjavik]);
    prop::collection::vec((1i64..6_000, hour, zone), 1..40)
}

proptest! {
    #[test]
    fn each_instant_is_in_exactly_one_digest(start in 0i64..525_600, beats in beats(), into in 0i64..1_000) {
        let mut now: DateTime<Utc> = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(start);
        let mut made: Vec<(NaiveDate, Span)> = Vec::new();
        for (minutes, digest_hour, time_zone) in beats {
            now += TimeDelta::minutes(minutes);
            let tenant = TenantFields { time_zone, digest_hour, ..TenantFields::default() };
            let newest = newest_date(now, &tenant);
            let last = made.last().copied();
            if last.is_none_or(|(date, _)| date < newest) {
                let span = span(newest, &tenant, last.map(|(_, span)| span));
                prop_assert!(span.to + SETTLES <= now || Some(span.to) == last.map(|(_, span)| span.to));
                made.push((newest, span));
            }
            prop_assert!(after(newest, &tenant) > now);
        }
        for pair in made.windows(2) {
            prop_assert_eq!(pair[0].1.to, pair[1].1.from);
            prop_assert!(pair[0].0 < pair[1].0);
        }
        let Some((first, last)) = made.first().zip(made.last()) else { return Ok(()) };
        let length = (last.1.to - first.1.from).num_seconds();
        let instant = first.1.from + TimeDelta::seconds(length * into / 1_000);
        let holding = made.iter().filter(|(_, span)| span.contains(instant)).count();
        prop_assert_eq!(holding, usize::from(length > 0));
    }
}
