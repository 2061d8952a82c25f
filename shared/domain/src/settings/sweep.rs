//! When a tenant's drafts are looked at.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TenantFields;

/// How often a tenant's finished drafts are booked and sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SweepInterval {
    /// At every tick, each minute; and at once on a ready signal.
    Immediately,
    /// At each full hour of the tenant's clock.
    #[default]
    Hourly,
    /// Once a day, at `sweep_hour`.
    Daily,
}

/// The instant of the first sweep after `now`.
pub fn next_sweep(now: DateTime<Utc>, tenant: &TenantFields) -> DateTime<Utc> {
    match tenant.sweep {
        SweepInterval::Immediately => now + TimeDelta::minutes(1) - TimeDelta::seconds(i64::from(now.second())),
        SweepInterval::Hourly => {
            let local = now.with_timezone(&tenant.time_zone);
            let into_hour = TimeDelta::seconds(i64::from(local.minute() * 60 + local.second()));
            now + TimeDelta::hours(1) - into_hour - TimeDelta::nanoseconds(i64::from(now.nanosecond()))
        }
        SweepInterval::Daily => {
            let today = now.with_timezone(&tenant.time_zone).date_naive();
            let hour = NaiveTime::from_hms_opt(u32::from(tenant.sweep_hour), 0, 0).unwrap_or(NaiveTime::MIN);
            let on = |days| {
                local_instant(tenant.time_zone, today.checked_add_days(Days::new(days)).unwrap_or(today).and_time(hour))
            };
            let today = on(0);
            if today > now { today } else { on(1) }
        }
    }
}

/// A local time as an instant. One that doesn't exist that night is taken an hour later, one that occurs twice the first time.
pub fn local_instant(zone: Tz, local: chrono::NaiveDateTime) -> DateTime<Utc> {
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn next(sweep: SweepInterval, now: &str) -> String {
        let tenant = TenantFields { sweep, sweep_hour: 8, ..TenantFields::default() };
        next_sweep(now.parse().unwrap(), &tenant).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn the_next_sweep_is_the_next_minute_hour_or_morning() {
        use SweepInterval::{Daily, Hourly, Immediately};
        assert_eq!(next(Immediately, "2026-01-10T08:30:20Z"), "2026-01-10T08:31:00Z");
        assert_eq!(next(Immediately, "2026-01-10T08:30:00Z"), "2026-01-10T08:31:00Z");
        assert_eq!(next(Hourly, "2026-01-10T08:30:20Z"), "2026-01-10T09:00:00Z");
        assert_eq!(next(Hourly, "2026-01-10T09:00:00Z"), "2026-01-10T10:00:00Z");
        assert_eq!(next(Daily, "2026-01-10T06:59:59Z"), "2026-01-10T07:00:00Z");
        assert_eq!(next(Daily, "2026-01-10T07:00:00Z"), "2026-01-11T07:00:00Z");
        // Over both changes of the clock.
        assert_eq!(next(Daily, "2026-03-28T07:00:00Z"), "2026-03-29T06:00:00Z");
        assert_eq!(next(Daily, "2026-10-24T06:00:00Z"), "2026-10-25T07:00:00Z");
    }
}
