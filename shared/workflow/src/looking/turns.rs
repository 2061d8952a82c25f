//! Jobs that are found at once get turns: each is sent so that it comes when its company's rate has room for it.
//!
//! All at once, they would stand in the queue before every other company's, and workers would wait for slots with them in hand.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use accounting::{Capabilities, Rate};
use chrono::{DateTime, Utc};
use domain::{
    ids::TenantId,
    job::{JobKey, look_again_at},
    settings::{Channel, Mode, Resolved},
};

/// The farthest that a message can be put off: what SQS takes.
const FARTHEST: Duration = Duration::from_mins(15);

/// Between two heartbeats. One that is a little early or late only sends a turn or two more or fewer.
const HEARTBEAT: Duration = Duration::from_mins(5);

/// Calls of Fortnox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// Until it's created and, where that's wanted, booked.
    pub until_booked: u32,
    /// With its delivery.
    pub in_all: u32,
}

impl Calls {
    /// Of what isn't looked at any further.
    pub(crate) const NONE: Self = Self { until_booked: 0, in_all: 0 };

    /// Of a job that is woken, of which nothing else is known: it looks, and acts. Too few are better than too many: jobs that come
    /// early wait for a slot, late ones leave slots unused.
    const OF_WOKEN: Self = Self { until_booked: 2, in_all: 2 };

    /// The fewest that an invoice takes by these settings (the table of the case `calls` of the benchmarks says which).
    pub fn fewest(mode: Mode, auto_book: bool, channel: Channel) -> Self {
        const LOOK_AND_CREATE: u32 = 2;
        if mode != Mode::Full {
            return Self { until_booked: LOOK_AND_CREATE, in_all: LOOK_AND_CREATE };
        }
        // The mail's recipients are written on the invoice before it's booked.
        let (address, deliver) = match channel {
            Channel::None | Channel::EconomicEmail | Channel::EconomicEinvoice => (0, 0),
            Channel::SesEmail => (0, 4),
            Channel::FortnoxEmail => (3, 3),
            // What the customer's card says is one of the others.
            Channel::FortnoxEinvoice | Channel::FortnoxPrintService | Channel::CustomerDefault => (0, 2),
            Channel::FortnoxInvoiceService => (0, 3),
        };
        let until_booked = LOOK_AND_CREATE + u32::from(auto_book) + address;
        Self { until_booked, in_all: until_booked + deliver }
    }

    /// The same for what is done at once: not what comes after a review window.
    pub(crate) fn fewest_by(settings: &Resolved) -> Self {
        let mode = if settings.book_after_minutes.value > 0 { Mode::DraftOnly } else { settings.mode.value };
        Self::fewest(mode, settings.auto_book.value, settings.channel.value)
    }
}

/// When a job has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Its message is sent, and comes after this time.
    Sent(Duration),
    /// It's too far off for a message: the heartbeat before it finds it by this.
    Woken(DateTime<Utc>),
}

impl Turn {
    /// When the heartbeat is to look for the job, should no message of it have come.
    pub(crate) fn wake_at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Sent(delay) => look_again_at(now + delay, 0),
            Self::Woken(at) => at,
        }
    }
}

/// The turns of one company's jobs, in the order in which they're asked for.
#[derive(Debug)]
pub(crate) struct Turns {
    rate: Option<Rate>,
    began: DateTime<Utc>,
    taken: Mutex<Taken>,
}

/// Up to when the turns given take all of the rate, in milliseconds since the first could be asked for.
#[derive(Debug, Default)]
struct Taken {
    /// By the calls until all are booked.
    booking_ms: u64,
    /// By all their calls.
    all_ms: u64,
}

impl Turns {
    /// Those of a company whose jobs begin to be found now. What was found earlier and is still on its way isn't known: it makes the
    /// first ones wait for a slot.
    pub(crate) fn of(tenant: &TenantId, now: DateTime<Utc>) -> Self {
        Self { rate: Capabilities::of(tenant.system()).rate, began: now, taken: Mutex::default() }
    }

    /// The turn that the next job has. It's taken only once there is such a job: most of what a scan meets has one already.
    ///
    /// The first jobs, whose invoices can be made without any distance, come at once: their deliveries wait. The others come when the
    /// calls of all before them can be made, deliveries included.
    pub(crate) fn next(&self, now: DateTime<Utc>) -> Turn {
        let Some(rate) = self.rate else { return Turn::Sent(Duration::ZERO) };
        let (taken, now_ms) = (self.lock(), self.since_began_ms(now));
        let wait = |taken_ms: u64| Duration::from_millis(taken_ms.saturating_sub(now_ms)).saturating_sub(rate.ahead);
        let wait = if wait(taken.booking_ms).is_zero() { Duration::ZERO } else { wait(taken.all_ms) };
        if wait > FARTHEST {
            return Turn::Woken(now + wait - HEARTBEAT);
        }
        Turn::Sent(whole_seconds(wait))
    }

    /// Takes it, for a job of so many calls.
    pub(crate) fn take(&self, calls: Calls, now: DateTime<Utc>) -> Turn {
        let turn = self.next(now);
        if let Some(rate) = self.rate {
            let now_ms = self.since_began_ms(now);
            let with = |taken_ms: u64, calls: u32| taken_ms.max(now_ms).saturating_add(millis(rate.spacing * calls));
            let mut taken = self.lock();
            taken.booking_ms = with(taken.booking_ms, calls.until_booked);
            taken.all_ms = with(taken.all_ms, calls.in_all);
        }
        turn
    }

    fn since_began_ms(&self, now: DateTime<Utc>) -> u64 {
        u64::try_from((now - self.began).num_milliseconds()).unwrap_or(0)
    }

    /// A panic elsewhere can't leave these numbers half written.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a queue takes. To the nearest: early ones keep a worker waiting, late ones leave slots unused, and half a second of either is
/// little.
fn whole_seconds(wait: Duration) -> Duration {
    const HALF: Duration = Duration::from_millis(500);
    Duration::from_secs((wait + HALF).as_secs())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// After how long each of the jobs that a heartbeat woke is to come. Those whose turn isn't before the next heartbeat are left to it.
pub(crate) fn of_woken(jobs: Vec<JobKey>, now: DateTime<Utc>) -> Vec<(JobKey, Duration)> {
    let mut companies: BTreeMap<TenantId, Turns> = BTreeMap::new();
    let mut sent = Vec::with_capacity(jobs.len());
    for job in jobs {
        let turns = companies.entry(job.tenant().clone()).or_insert_with(|| Turns::of(job.tenant(), now));
        if let Turn::Sent(delay) = turns.take(Calls::OF_WOKEN, now)
            && delay < HEARTBEAT
        {
            sent.push((job, delay));
        }
    }
    sent
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    const RATE: Rate = match Capabilities::FORTNOX.rate {
        Some(rate) => rate,
        None => panic!("Fortnox's rate is known"),
    };

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn fortnox() -> TenantId {
        "fortnox-1".parse().unwrap()
    }

    /// Nothing is delivered.
    fn only_booked(calls: u32) -> Calls {
        Calls { until_booked: calls, in_all: calls }
    }

    /// Delays in seconds.
    fn delays(turns: &Turns, calls: Calls, jobs: usize) -> Vec<u64> {
        let delay = |turn| match turn {
            Turn::Sent(delay) => delay.as_secs(),
            Turn::Woken(at) => panic!("woken at {at}"),
        };
        (0..jobs).map(|_| delay(turns.take(calls, now()))).collect()
    }

    #[test]
    fn the_first_come_at_once_and_the_others_at_the_rate() {
        // 12 calls run ahead, which are four jobs; each further one takes 3 × 208 ms.
        let turns = Turns::of(&fortnox(), now());
        assert_eq!(delays(&turns, only_booked(3), 10), [0, 0, 0, 0, 0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn the_first_do_not_wait_for_each_others_deliveries_and_the_others_do() {
        let turns = Turns::of(&fortnox(), now());
        assert_eq!(delays(&turns, Calls { until_booked: 3, in_all: 7 }, 8), [0, 0, 0, 0, 0, 5, 6, 8]);
    }

    #[test]
    fn one_job_comes_at_once_however_many_calls_it_takes() {
        let turns = Turns::of(&fortnox(), now());
        assert_eq!(turns.take(only_booked(1_000), now()), Turn::Sent(Duration::ZERO));
    }

    #[test]
    fn a_system_of_unknown_rate_has_no_turns() {
        let turns = Turns::of(&"economic-1".parse().unwrap(), now());
        assert_eq!(delays(&turns, only_booked(11), 1_000), [0; 1_000]);
    }

    #[test]
    fn what_has_its_job_already_takes_no_turn() {
        let turns = Turns::of(&fortnox(), now());
        for _ in 0..1_000 {
            assert_eq!(turns.next(now()), Turn::Sent(Duration::ZERO));
        }
        assert_eq!(turns.take(only_booked(3), now()), Turn::Sent(Duration::ZERO));
    }

    #[test]
    fn a_turn_is_what_it_was_said_to_be() {
        let turns = Turns::of(&fortnox(), now());
        for _ in 0..2_000 {
            assert_eq!(turns.next(now()), turns.take(Calls { until_booked: 3, in_all: 7 }, now()));
        }
    }

    #[test]
    fn a_pause_saves_up_no_more_than_runs_ahead() {
        let turns = Turns::of(&fortnox(), now());
        let later = now() + Duration::from_hours(1);
        let sent_at_once = (0..100).filter(|_| turns.take(only_booked(3), later) == Turn::Sent(Duration::ZERO)).count();
        assert_eq!(sent_at_once, 5);
    }

    #[test]
    fn a_turn_that_no_message_can_wait_for_is_left_to_the_heartbeat_before_it() {
        let turns = Turns::of(&fortnox(), now());
        let all: Vec<Turn> = (0..2_000).map(|_| turns.take(only_booked(3), now())).collect();
        let first = all.iter().position(|turn| matches!(turn, Turn::Woken(_))).unwrap();
        let Turn::Woken(at) = all[first] else { panic!() };
        assert_eq!(all[first - 1], Turn::Sent(FARTHEST));
        let turn = (RATE.spacing * 3 * u32::try_from(first).unwrap()).saturating_sub(RATE.ahead);
        assert_eq!(at, now() + turn - HEARTBEAT);
        assert!(all[first..].iter().all(|turn| matches!(turn, Turn::Woken(_))));
    }

    #[test]
    fn a_job_is_looked_for_only_once_its_message_should_have_come() {
        let delay = Duration::from_secs(800);
        assert_eq!(Turn::Sent(delay).wake_at(now()), look_again_at(now() + delay, 0));
    }

    #[test]
    fn a_heartbeat_sends_what_has_its_turn_before_the_next_one_and_each_company_has_its_own() {
        let job = |tenant: &str, number: u32| format!("{tenant}:{number}:2026-01-01").parse::<JobKey>().unwrap();
        let mut jobs: Vec<JobKey> = (1..=2_000).map(|number| job("fortnox-1", number)).collect();
        jobs.push(job("fortnox-2", 1));
        let sent = of_woken(jobs.clone(), now());
        let large = &sent[..sent.len() - 1];
        assert_eq!(
            large.iter().map(|(job, _)| job).collect::<Vec<_>>(),
            jobs[..large.len()].iter().collect::<Vec<_>>()
        );
        assert!(large.iter().all(|(_, delay)| *delay < HEARTBEAT));
        let fit = (HEARTBEAT + RATE.ahead).as_millis() / (RATE.spacing * Calls::OF_WOKEN.in_all).as_millis();
        assert!(u128::try_from(large.len()).unwrap().abs_diff(fit) <= 1, "{}", large.len());
        assert_eq!(sent.last(), Some(&(job("fortnox-2", 1), Duration::ZERO)));
    }

    proptest! {
        /// Whenever jobs are found, and whatever they take: each comes when the rate has room for it, to the half second that whole ones
        /// cost.
        #[test]
        fn jobs_come_as_fast_as_the_rate_and_no_faster(found in prop::collection::vec((1_u32..12, 0_u64..3_000), 1..200)) {
            let turns = Turns::of(&fortnox(), now());
            // When the calls of all that were found before can be made, at the earliest.
            let (mut free_ms, mut at_ms) = (0_u64, 0_u64);
            for (calls, pause_ms) in found {
                at_ms += pause_ms;
                let Turn::Sent(delay) = turns.take(only_booked(calls), now() + Duration::from_millis(at_ms)) else { continue };
                let comes_ms = at_ms + millis(delay);
                free_ms = free_ms.max(at_ms);
                let due_ms = free_ms.saturating_sub(millis(RATE.ahead)).max(at_ms);
                prop_assert!(comes_ms.abs_diff(due_ms) <= 500, "it came at {comes_ms} and had room from {due_ms} on");
                free_ms += millis(RATE.spacing) * u64::from(calls);
            }
        }
    }
}
