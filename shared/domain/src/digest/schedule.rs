//! When a digest is due, and what it tells of. One for each of the tenant's dates, at its hour; days that were missed are told of
//! by the next.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::Span;
use crate::settings::{TenantFields, local_instant};

/// A digest is made this long after the hour up to which it tells. What happens is written down with the moment at which it
/// happened, and no function that does so runs longer than two minutes: so by then all lines of the span are there.
pub const SETTLES: TimeDelta = TimeDelta::minutes(5);

/// What a company's first digest looks back over.
const FIRST_SPAN: TimeDelta = TimeDelta::days(1);

/// Invoices that are due on a day are looked for this long after its scan: whether any was created.
const CHECK_AFTER_SCAN: TimeDelta = TimeDelta::hours(2);

/// The instant up to which the digest of `date` tells.
pub fn hour_of(date: NaiveDate, tenant: &TenantFields) -> DateTime<Utc> {
    local(date, tenant.digest_hour, tenant)
}

/// The newest date whose digest can be made.
pub fn newest_date(now: DateTime<Utc>, tenant: &TenantFields) -> NaiveDate {
    let today = now.with_timezone(&tenant.time_zone).date_naive();
    if hour_of(today, tenant) + SETTLES <= now { today } else { today.checked_sub_days(Days::new(1)).unwrap_or(today) }
}

/// The instant of the digest after the one of `date`.
pub fn after(date: NaiveDate, tenant: &TenantFields) -> DateTime<Utc> {
    hour_of(next(date), tenant) + SETTLES
}

/// What the digest of `date` tells of, after the one that told of `before`.
pub fn span(date: NaiveDate, tenant: &TenantFields, before: Option<Span>) -> Span {
    let to = hour_of(date, tenant);
    match before {
        // The company may have moved its hour or its time zone meanwhile.
        Some(before) => Span { from: before.to, to: to.max(before.to) },
        None => Span { from: to - FIRST_SPAN, to },
    }
}

/// When it's looked whether any of the invoices that were due on `date` was created.
pub fn check_of(date: NaiveDate, tenant: &TenantFields) -> DateTime<Utc> {
    local(date, tenant.scan_hour, tenant) + CHECK_AFTER_SCAN
}

/// The first such look after `now`.
pub fn next_check(now: DateTime<Utc>, tenant: &TenantFields) -> DateTime<Utc> {
    let today = now.with_timezone(&tenant.time_zone).date_naive();
    let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let looks = [first, today, next(today)].map(|date| check_of(date, tenant));
    looks.into_iter().find(|look| *look > now).unwrap_or_else(|| check_of(next(next(today)), tenant))
}

fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

fn local(date: NaiveDate, hour: u8, tenant: &TenantFields) -> DateTime<Utc> {
    let hour = NaiveTime::from_hms_opt(u32::from(hour), 0, 0).unwrap_or(NaiveTime::MIN);
    local_instant(tenant.time_zone, date.and_time(hour))
}
