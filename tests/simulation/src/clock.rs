//! Time that only moves when nothing is left to do at its present moment.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use chrono::{DateTime, TimeDelta, Utc};
use workflow::ports::Clock;

use crate::lock;

/// The time as the simulation sets it. Clones share it.
#[derive(Debug, Clone)]
pub struct VirtualClock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    now: DateTime<Utc>,
    registered: u64,
    sleepers: BinaryHeap<Reverse<Sleeper>>,
}

/// Somebody who waits. Ordered by time, and by who came first.
#[derive(Debug)]
struct Sleeper {
    until: DateTime<Utc>,
    place: u64,
    waker: Waker,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(State { now: start, registered: 0, sleepers: BinaryHeap::new() })))
    }

    /// Moves it on by `by`.
    pub fn pass(&self, by: TimeDelta) {
        let at = self.now() + by;
        self.pass_until(at);
    }

    /// Moves it on to `at`, never back, and wakes whom that concerns, in the order of their times.
    pub fn pass_until(&self, at: DateTime<Utc>) {
        let mut state = lock(&self.0);
        state.now = at.max(state.now);
        while state.sleepers.peek().is_some_and(|Reverse(sleeper)| sleeper.until <= state.now) {
            if let Some(Reverse(sleeper)) = state.sleepers.pop() {
                sleeper.waker.wake();
            }
        }
    }

    /// When the next sleeper wakes.
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        lock(&self.0).sleepers.peek().map(|Reverse(sleeper)| sleeper.until)
    }

    /// Waits for `time`; nothing at all for none.
    pub(crate) fn sleep(&self, time: TimeDelta) -> impl Future<Output = ()> + use<> {
        self.sleep_until(self.now() + time)
    }

    /// Waits until `until`.
    pub fn sleep_until(&self, until: DateTime<Utc>) -> impl Future<Output = ()> + use<> {
        Sleep { clock: self.clone(), until, registered: false }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        lock(&self.0).now
    }
}

/// A wait for a time. Ready at the first poll when it has come already.
#[derive(Debug)]
struct Sleep {
    clock: VirtualClock,
    until: DateTime<Utc>,
    registered: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let until = self.until;
        let registered = std::mem::replace(&mut self.registered, true);
        let mut state = lock(&self.clock.0);
        if state.now >= until {
            return Poll::Ready(());
        }
        if !registered {
            state.registered += 1;
            let place = state.registered;
            state.sleepers.push(Reverse(Sleeper { until, place, waker: context.waker().clone() }));
        }
        Poll::Pending
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.until, self.place).cmp(&(other.until, other.place))
    }
}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sleeper {}
