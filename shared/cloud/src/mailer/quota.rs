//! What SES allows an account, and what that leaves room for.

use std::time::Duration;

use aws_sdk_sesv2::types::SendQuota;

/// No account is slower: the sandbox has one mail a second. Keeps a rate of about nothing from stopping us for years.
const SLOWEST_A_SECOND: f64 = 0.01;

/// An account's quota as SES told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// Whether the account may send at all.
    pub(super) sending: bool,
    /// Recipients in 24 hours. None: as many as one likes.
    pub(super) a_day: Option<u64>,
    /// Recipients of the last 24 hours.
    pub(super) sent: u64,
    /// The time that each recipient takes up.
    pub(super) each_takes: Duration,
}

impl Quota {
    /// From SES's own figures. A day's quota of -1 means that there is none (source: SES API v2, `SendQuota`).
    pub(super) fn of(sending: bool, figures: &SendQuota) -> Self {
        let rate = figures.max_send_rate;
        Self {
            sending,
            a_day: (figures.max24_hour_send >= 0.0).then(|| whole(figures.max24_hour_send)),
            sent: whole(figures.sent_last24_hours),
            each_takes: if rate > 0.0 {
                Duration::from_secs(1).div_f64(rate.max(SLOWEST_A_SECOND))
            } else {
                Duration::ZERO
            },
        }
    }

    /// Whether there's room for so many recipients, when so many were sent to since SES told. Every recipient counts, blind copies
    /// too (source: SES developer guide, quotas). The error says what is in the way and what to do.
    pub(super) fn room(&self, since: u64, recipients: u64) -> Result<(), String> {
        if !self.sending {
            let what =
                "SES has switched sending off for the whole account: see why in its console, under account dashboard";
            return Err(what.to_owned());
        }
        let used = self.sent.saturating_add(since);
        match self.a_day {
            Some(a_day) if used.saturating_add(recipients) > a_day => Err(format!(
                "{used} of the {a_day} recipients that SES allows the account in 24 hours are used up: ask AWS for a larger quota if \
                 this comes again"
            )),
            _ => Ok(()),
        }
    }

    /// How long after a mail to so many recipients the next one may go.
    pub(super) fn gap(&self, recipients: usize) -> Duration {
        self.each_takes.saturating_mul(u32::try_from(recipients).unwrap_or(u32::MAX))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "SES counts in floats; a cast stops at the ends, and what is no number is none"
)]
fn whole(count: f64) -> u64 {
    count as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(a_day: f64, rate: f64, sent: f64) -> Quota {
        let figures = SendQuota::builder().max24_hour_send(a_day).max_send_rate(rate).sent_last24_hours(sent).build();
        Quota::of(true, &figures)
    }

    #[test]
    fn the_day_has_room_up_to_its_last_recipient() {
        let quota = quota(200.0, 1.0, 190.0);
        assert_eq!(quota.room(0, 10), Ok(()));
        assert_eq!(quota.room(8, 2), Ok(()));
        for (since, recipients) in [(0, 11), (8, 3), (10, 1), (u64::MAX, 1)] {
            let refusal = quota.room(since, recipients);
            assert!(refusal.is_err_and(|words| words.contains("of the 200 recipients")), "{since} {recipients}");
        }
        assert!(self::quota(0.0, 1.0, 0.0).room(0, 1).is_err());
    }

    #[test]
    fn minus_one_is_no_limit() {
        assert_eq!(quota(-1.0, 14.0, 1e9).room(u64::MAX, u64::MAX), Ok(()));
    }

    #[test]
    fn an_account_that_may_not_send_has_no_room() {
        let stopped = Quota { sending: false, ..quota(-1.0, 1.0, 0.0) };
        assert!(stopped.room(0, 1).is_err_and(|words| words.contains("whole account")));
    }

    #[test]
    fn each_recipient_takes_its_share_of_a_second() {
        assert_eq!(quota(200.0, 1.0, 0.0).gap(2), Duration::from_secs(2));
        assert_eq!(quota(200.0, 10.0, 0.0).gap(3), Duration::from_millis(300));
        assert_eq!(quota(200.0, 0.5, 0.0).gap(1), Duration::from_secs(2));
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(quota(200.0, odd, 0.0).gap(50), Duration::ZERO, "{odd}");
        }
        assert_eq!(quota(200.0, 1e-300, 0.0).gap(1), Duration::from_secs(100));
    }
}
