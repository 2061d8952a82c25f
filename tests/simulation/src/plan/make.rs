//! From a seed to a plan.

mod company;
mod deeds;
mod digests;
mod faults;
mod settings;
mod troubles;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value};

pub(crate) use self::settings::HABITS;
use self::{company::tenant, troubles::troubles};
use super::Plan;
use crate::{dice::Dice, memory::Telling};

/// Dates on which something is about to happen: months' and years' ends, leap days, both changes of the clock.
const STARTS: [&str; 12] = [
    "2025-12-30",
    "2026-01-29",
    "2026-02-26",
    "2026-03-28",
    "2026-03-30",
    "2026-04-29",
    "2026-06-28",
    "2026-10-23",
    "2026-10-30",
    "2026-12-22",
    "2027-02-27",
    "2028-02-27",
];

pub(super) fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let start = start(&mut dice);
    let lasts = lasts(&mut dice);
    // A run of years has less in it, so that all runs take about as long.
    let long = lasts > TimeDelta::days(100);
    let count = if long { 1 } else { *dice.pick(&[1, 1, 1, 1, 2, 2, 3]) };
    let mut tenants: Vec<_> =
        (1..=count).map(|number| tenant(&mut dice.split(), number, start.date_naive(), long)).collect();
    let mut digests = digests::of(seed);
    if let Some(digests) = &mut digests {
        digests.enter(&mut tenants);
    }
    let workers = *dice.pick(&[1, 1, 2, 2, 3, 4]);
    let ends_slow_workers = dice.one_in(2);
    let mut troubles = troubles(&mut dice.split(), &tenants, lasts);
    if let Some(digests) = &mut digests {
        digests.disturb(&mut troubles);
    }
    let telling = match dice.below(4) {
        0 => Telling::Never,
        1 | 2 => Telling::Well,
        _ => Telling::Badly(dice.below(u64::MAX)),
    };
    let digests = digests.is_some();
    Plan { seed, start, lasts, workers, ends_slow_workers, telling, digests, tenants, troubles }
}

fn start(dice: &mut Dice) -> DateTime<Utc> {
    let day: NaiveDate = dice.pick(&STARTS).parse().unwrap_or_default();
    let day = if dice.one_in(3) { day + Days::new(dice.below(27)) } else { day };
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(dice.between(0, 23 * 60))
}

fn lasts(dice: &mut Dice) -> TimeDelta {
    match dice.below(2000) {
        0..=1889 => TimeDelta::hours(dice.between(6, 3 * 24)),
        1890..=1977 => TimeDelta::days(dice.between(4, 32)),
        1978..=1994 => TimeDelta::days(dice.between(33, 90)),
        1995..=1998 => TimeDelta::days(dice.between(91, 250)),
        _ => TimeDelta::days(dice.between(365, 800)),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn number_of<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u32) -> T {
    #[expect(clippy::expect_used, reason = "digits are a number")]
    number.to_string().parse().expect("digits are the number of an agreement or customer")
}
