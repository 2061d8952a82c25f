//! Who may call now: the port, and the implementation for a single process.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_once::Cause;
use tokio::time::Instant;

use crate::bucket::{Bucket, Full};
use crate::figures::Figures;
use crate::numbers::AgreementNumber;

/// From this many agreements on, the idle ones are forgotten when a new one comes: bounds the memory of a long-lived
/// process to a few megabytes.
const AGREEMENTS_BEFORE_TIDYING: usize = 4_096;

/// Says when calls may start. Asked once before each call, and told what each answer says.
///
/// An implementation that several machines share stores the [`Bucket`] and changes it by compare-and-set.
pub trait Pacer: Send + Sync + 'static {
    /// Waits until a call for this agreement may start, or says that this would take too long.
    fn slot(&self, agreement: AgreementNumber) -> impl Future<Output = Result<(), PaceError>> + Send;

    /// Is told what an answer says of the budget. Best effort: a failure to note it is the implementation's to log.
    fn told(&self, agreement: AgreementNumber, figures: Figures) -> impl Future<Output = ()> + Send;

    /// Is told that e-conomic answered 429 nevertheless. Best effort, too.
    fn refused(&self, agreement: AgreementNumber, retry_after: Option<Duration>) -> impl Future<Output = ()> + Send;
}

/// There is no slot.
#[derive(Debug, thiserror::Error)]
pub enum PaceError {
    /// The wait would be longer than this worker is willing to wait: give the work back and try again later.
    #[error("the next free slot is {} ms away", retry_in.as_millis())]
    Busy {
        /// How far away the next free slot is.
        retry_in: Duration,
    },
    /// The shared state could not be reached. May be tried again.
    #[error("the shared rate limit could not be read or changed")]
    Unavailable(#[source] Cause),
}

impl From<Full> for PaceError {
    fn from(full: Full) -> Self {
        Self::Busy { retry_in: full.retry_in }
    }
}

impl<P: Pacer> Pacer for Arc<P> {
    fn slot(&self, agreement: AgreementNumber) -> impl Future<Output = Result<(), PaceError>> + Send {
        P::slot(self, agreement)
    }

    fn told(&self, agreement: AgreementNumber, figures: Figures) -> impl Future<Output = ()> + Send {
        P::told(self, agreement, figures)
    }

    fn refused(&self, agreement: AgreementNumber, retry_after: Option<Duration>) -> impl Future<Output = ()> + Send {
        P::refused(self, agreement, retry_after)
    }
}

/// The time by which a [`LocalPacer`] goes: the machine's, or a made-up one.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since some moment; never goes back.
    fn now_ms(&self) -> u64;

    /// Ends at that moment.
    fn sleep_until_ms(&self, moment_ms: u64) -> impl Future<Output = ()> + Send;
}

/// The machine's time, from the moment that this is made.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock(Instant);

impl Default for TokioClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TokioClock {
    fn now_ms(&self) -> u64 {
        millis(self.0.elapsed())
    }

    async fn sleep_until_ms(&self, moment_ms: u64) {
        tokio::time::sleep_until(self.0 + Duration::from_millis(moment_ms)).await;
    }
}

/// Paces the calls of one process. Enough where one process makes all calls of an agreement.
#[derive(Debug)]
pub struct LocalPacer<C = TokioClock> {
    longest_wait_ms: u64,
    clock: C,
    buckets: Mutex<HashMap<AgreementNumber, Bucket>>,
}

impl LocalPacer {
    /// A pacer that makes a caller wait this long at most, and answers [`PaceError::Busy`] instead of waiting longer.
    pub fn new(longest_wait: Duration) -> Self {
        Self::with_clock(longest_wait, TokioClock::default())
    }
}

impl<C: Clock> LocalPacer<C> {
    /// The same by another clock.
    pub fn with_clock(longest_wait: Duration, clock: C) -> Self {
        Self { longest_wait_ms: millis(longest_wait), clock, buckets: Mutex::default() }
    }

    fn with_bucket<T>(&self, agreement: AgreementNumber, now_ms: u64, change: impl FnOnce(&mut Bucket) -> T) -> T {
        // A panic elsewhere cannot leave a bucket in a state that isn't usable: every value of one is.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= AGREEMENTS_BEFORE_TIDYING && !buckets.contains_key(&agreement) {
            buckets.retain(|_, bucket| !bucket.is_idle(now_ms));
        }
        change(buckets.entry(agreement).or_default())
    }
}

impl<C: Clock> Pacer for LocalPacer<C> {
    async fn slot(&self, agreement: AgreementNumber) -> Result<(), PaceError> {
        let now_ms = self.clock.now_ms();
        let start_ms = self.with_bucket(agreement, now_ms, |bucket| bucket.reserve(now_ms, self.longest_wait_ms))?;
        if start_ms > now_ms {
            self.clock.sleep_until_ms(start_ms).await;
        }
        Ok(())
    }

    async fn told(&self, agreement: AgreementNumber, figures: Figures) {
        let now_ms = self.clock.now_ms();
        self.with_bucket(agreement, now_ms, |bucket| bucket.told(now_ms, figures));
    }

    async fn refused(&self, agreement: AgreementNumber, retry_after: Option<Duration>) {
        let now_ms = self.clock.now_ms();
        self.with_bucket(agreement, now_ms, |bucket| bucket.refused(now_ms, retry_after));
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
