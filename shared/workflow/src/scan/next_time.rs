//! When a tenant is scanned next.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::settings::{TenantFields, local_instant};

/// The instant of the next daily scan after the one on the local date `scanned`.
pub(super) fn after(scanned: NaiveDate, tenant: &TenantFields) -> DateTime<Utc> {
    let tomorrow = scanned.checked_add_days(Days::new(1)).unwrap_or(scanned);
    let hour = NaiveTime::from_hms_opt(u32::from(tenant.scan_hour), 0, 0).unwrap_or(NaiveTime::MIN);
    local_instant(tenant.time_zone, tomorrow.and_time(hour))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn next(scanned: &str, hour: u8) -> String {
        let tenant = TenantFields { scan_hour: hour, ..TenantFields::default() };
        after(scanned.parse().unwrap(), &tenant).to_string()
    }

    #[test]
    fn the_local_hour_is_kept_over_both_changes_of_the_clock() {
        assert_eq!(next("2026-01-10", 6), "2026-01-11 05:00:00 UTC");
        assert_eq!(next("2026-03-28", 6), "2026-03-29 04:00:00 UTC");
        assert_eq!(next("2026-10-24", 6), "2026-10-25 05:00:00 UTC");
    }

    #[test]
    fn an_hour_that_does_not_exist_is_taken_later() {
        assert_eq!(next("2026-03-28", 2), "2026-03-29 01:00:00 UTC");
    }
}
