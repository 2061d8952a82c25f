//! Who may call now: the port, and the implementation for a single process.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Cause;
use crate::tenant::TenantId;
use crate::window::{Full, Window, is_missed};

/// From this many tenants on, the idle ones are forgotten when a new one comes: bounds the memory of a long-lived
/// process to a few megabytes.
const TENANTS_BEFORE_TIDYING: usize = 4_096;

/// Hands out the slots in which calls may start. Asked once before each call to `/3/`.
///
/// An implementation that several machines share stores the [`Window`] and changes it by compare-and-set.
pub trait Pacer: Send + Sync + 'static {
    /// Waits until a call for this tenant may start, or says that this would take too long.
    fn slot(&self, tenant: TenantId) -> impl Future<Output = Result<(), PaceError>> + Send;

    /// Is told that Fortnox answered 429 nevertheless. Best effort: a failure to note it is the implementation's to log.
    fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) -> impl Future<Output = ()> + Send;
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
    fn slot(&self, tenant: TenantId) -> impl Future<Output = Result<(), PaceError>> + Send {
        P::slot(self, tenant)
    }

    fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) -> impl Future<Output = ()> + Send {
        P::refused(self, tenant, retry_after)
    }
}

/// Paces the calls of one process. Enough where one process makes all calls of a tenant.
#[derive(Debug)]
pub struct LocalPacer {
    longest_wait: Duration,
    epoch: Instant,
    windows: Mutex<HashMap<TenantId, Window>>,
}

impl LocalPacer {
    /// A pacer that makes a caller wait this long at most, and answers [`PaceError::Busy`] instead of waiting longer.
    pub fn new(longest_wait: Duration) -> Self {
        Self { longest_wait, epoch: Instant::now(), windows: Mutex::default() }
    }

    fn now_ms(&self) -> u64 {
        millis(self.epoch.elapsed())
    }

    fn with_window<T>(&self, tenant: TenantId, now_ms: u64, change: impl FnOnce(&mut Window) -> T) -> T {
        // A panic elsewhere cannot leave a window half changed: `Window` replaces its starts in one assignment.
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= TENANTS_BEFORE_TIDYING && !windows.contains_key(&tenant) {
            windows.retain(|_, window| !window.is_idle(now_ms));
        }
        change(windows.entry(tenant).or_default())
    }
}

impl Pacer for LocalPacer {
    async fn slot(&self, tenant: TenantId) -> Result<(), PaceError> {
        let longest_wait_ms = millis(self.longest_wait);
        loop {
            let now_ms = self.now_ms();
            let start_ms = self.with_window(tenant, now_ms, |window| window.reserve(now_ms, longest_wait_ms))?;
            tokio::time::sleep_until(self.epoch + Duration::from_millis(start_ms)).await;
            if !is_missed(start_ms, self.now_ms()) {
                return Ok(());
            }
        }
    }

    async fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) {
        let now_ms = self.now_ms();
        self.with_window(tenant, now_ms, |window| {
            window.penalise(now_ms, retry_after);
        });
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::window::{BURST, CALLS, PERIOD_MS};

    const TENANT: TenantId = TenantId::new(1);

    #[tokio::test(start_paused = true)]
    async fn the_first_calls_wait_for_nothing() {
        let pacer = LocalPacer::new(Duration::from_mins(1));
        let begin = Instant::now();
        for _ in 0..BURST {
            pacer.slot(TENANT).await.unwrap();
        }
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn more_calls_than_allowed_take_longer_than_the_period() {
        let pacer = LocalPacer::new(Duration::from_mins(1));
        let begin = Instant::now();
        for _ in 0..=CALLS {
            pacer.slot(TENANT).await.unwrap();
        }
        assert!(begin.elapsed() > Duration::from_millis(PERIOD_MS));
    }

    #[tokio::test(start_paused = true)]
    async fn too_long_a_wait_is_answered_at_once_and_reserves_nothing() {
        let pacer = LocalPacer::new(Duration::ZERO);
        for _ in 0..BURST {
            pacer.slot(TENANT).await.unwrap();
        }
        for _ in 0..1000 {
            let Err(PaceError::Busy { retry_in }) = pacer.slot(TENANT).await else { panic!("no slot is free") };
            assert!(retry_in <= Duration::from_millis(PERIOD_MS));
        }
        pacer.slot(TenantId::new(2)).await.expect("another tenant is not delayed");
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_stops_the_tenant_for_as_long_as_asked() {
        let pacer = Arc::new(LocalPacer::new(Duration::from_mins(1)));
        let begin = Instant::now();
        pacer.refused(TENANT, Some(Duration::from_secs(7))).await;
        pacer.slot(TENANT).await.unwrap();
        assert_eq!(begin.elapsed(), Duration::from_secs(7));
    }
}
