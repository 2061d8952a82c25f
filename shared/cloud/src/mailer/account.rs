//! The account's quota, asked for now and then, and the pace of this process.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_sesv2::Client;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use workflow::ports::Clock;

use super::{answer::shown, quota::Quota};
use crate::clock::SystemClock;

/// So long a quota is believed, or a failed look not repeated. SES answers one such question a second, whatever the number of workers,
/// and raises a quota for good: five minutes are soon enough.
const BELIEVED_FOR: TimeDelta = TimeDelta::minutes(5);

/// A look may take this long; mails go without it as well.
const LOOK_WITHIN: Duration = Duration::from_secs(3);

/// A mail waits this long for its turn; beyond it gives its work back. Counts into the call's time (`domain::job::CALL_LIMIT`).
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What is known of the account.
#[derive(Debug)]
pub(super) struct Account {
    client: Client,
    clock: SystemClock,
    /// One look at a time: the others wait for its answer.
    seen: tokio::sync::Mutex<Seen>,
    pace: Mutex<Pace>,
}

/// The last look.
#[derive(Debug, Default)]
struct Seen {
    at: Option<DateTime<Utc>>,
    /// Whether it's been told that looks fail.
    told: bool,
}

/// What this process has sent and may send next.
#[derive(Debug, Default)]
struct Pace {
    /// What SES allows, where the last look showed it.
    quota: Option<Quota>,
    /// Recipients since then.
    since: u64,
    /// When the next mail may go.
    next: Option<Instant>,
}

impl Pace {
    /// How long the next mail would have to wait.
    fn wait(&self, now: Instant) -> Result<Duration, String> {
        let wait = self.next.map(|next| next.saturating_duration_since(now)).unwrap_or_default();
        if wait <= LONGEST_WAIT {
            return Ok(wait);
        }
        Err("the rate that SES allows the account is used up for a while: ask AWS for a higher one if this comes again"
            .to_owned())
    }

    /// Takes the next turn.
    fn take(&mut self, now: Instant, recipients: usize) -> Result<Duration, String> {
        let wait = self.wait(now)?;
        let gap = self.quota.map(|quota| quota.gap(recipients)).unwrap_or_default();
        self.next = Some(now + wait + gap);
        Ok(wait)
    }
}

impl Account {
    pub(super) fn new(client: Client, clock: SystemClock) -> Self {
        Self { client, clock, seen: tokio::sync::Mutex::default(), pace: Mutex::default() }
    }

    /// Whether a mail to so many recipients may go, as far as is known. The error says what is in the way.
    pub(super) async fn room(&self, recipients: usize) -> Result<(), String> {
        self.look().await;
        let pace = self.pace();
        if let Some(quota) = &pace.quota {
            quota.room(pace.since, count(recipients))?;
        }
        pace.wait(Instant::now()).map(drop)
    }

    /// Waits until a mail to so many recipients may go. The error says why that would be too long.
    pub(super) async fn turn(&self, recipients: usize) -> Result<(), String> {
        let wait = self.pace().take(Instant::now(), recipients)?;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Counts a mail that SES took or may have taken.
    pub(super) fn sent(&self, recipients: usize) {
        let mut pace = self.pace();
        pace.since = pace.since.saturating_add(count(recipients));
    }

    /// Asks SES, if that's due. Where it doesn't answer, mails go on without: its refusals are gone by all the same.
    async fn look(&self) {
        let mut seen = self.seen.lock().await;
        let now = self.clock.now();
        if seen.at.is_some_and(|at| now >= at && now - at < BELIEVED_FOR) {
            return;
        }
        seen.at = Some(now);
        let quota = self.ask().await;
        match &quota {
            Ok(_) => seen.told = false,
            Err(why) if !seen.told => {
                seen.told = true;
                tracing::warn!(error = why, "the mail service's quota isn't known; mails go on without it");
            }
            Err(_) => {}
        }
        let mut pace = self.pace();
        pace.quota = quota.ok().flatten();
        pace.since = 0;
    }

    async fn ask(&self) -> Result<Option<Quota>, String> {
        let answer = tokio::time::timeout(LOOK_WITHIN, self.client.get_account().send()).await;
        match answer {
            Ok(Ok(account)) => Ok(account.send_quota().map(|figures| Quota::of(account.sending_enabled(), figures))),
            Ok(Err(error)) => Err(shown(&error)),
            Err(_) => Err(format!("no answer within {LOOK_WITHIN:?}")),
        }
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(recipients: usize) -> u64 {
    u64::try_from(recipients).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(each_takes: Duration) -> Pace {
        Pace { quota: Some(Quota { sending: true, a_day: None, sent: 0, each_takes }), ..Pace::default() }
    }

    #[test]
    fn a_mail_goes_when_the_time_of_all_recipients_before_it_is_over() {
        let (mut pace, now) = (pace(Duration::from_secs(1)), Instant::now());
        assert_eq!(pace.take(now, 2), Ok(Duration::ZERO));
        assert_eq!(pace.take(now, 3), Ok(Duration::from_secs(2)));
        assert_eq!(pace.take(now + Duration::from_secs(1), 1), Ok(Duration::from_secs(4)));
        assert_eq!(pace.take(now + Duration::from_mins(1), 1), Ok(Duration::ZERO));
    }

    #[test]
    fn a_mail_that_would_wait_too_long_takes_no_turn() {
        let (mut pace, now) = (pace(Duration::from_secs(1)), Instant::now());
        assert_eq!(pace.take(now, 6), Ok(Duration::ZERO));
        assert!(pace.take(now, 1).is_err());
        assert!(pace.wait(now).is_err());
        assert_eq!(pace.take(now + Duration::from_secs(1), 1), Ok(LONGEST_WAIT));
    }

    #[test]
    fn without_a_quota_nothing_waits() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for _ in 0..9 {
            assert_eq!(pace.take(now, 50), Ok(Duration::ZERO));
        }
    }
}
