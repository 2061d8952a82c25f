//! Who may call now: the port, and the implementation for a single process.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_once::Cause;
use tokio::time::Instant;

use crate::tenant::TenantId;
use crate::window::{Full, JITTER_MARGIN_MS, Window, is_missed};

/// From this many tenants on, the idle ones are forgotten when a new one comes: bounds the memory of a long-lived
/// process to a few megabytes.
const TENANTS_BEFORE_TIDYING: usize = 4_096;

/// Hands out the slots in which calls may start. Asked once before each call to `/3/`.
///
/// An implementation that several machines share stores the [`Window`] and changes it by compare-and-set.
pub trait Pacer: Send + Sync + 'static {
    /// Waits until a call for this tenant may start, or says that this would take too long.
    fn slot(&self, tenant: TenantId) -> impl Future<Output = Result<(), PaceError>> + Send;

    /// The same for a call that can wait, beside those that can't: it gets what they leave.
    fn slot_beside(&self, tenant: TenantId) -> impl Future<Output = Result<(), PaceError>> + Send;

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

    fn slot_beside(&self, tenant: TenantId) -> impl Future<Output = Result<(), PaceError>> + Send {
        P::slot_beside(self, tenant)
    }

    fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) -> impl Future<Output = ()> + Send {
        P::refused(self, tenant, retry_after)
    }
}

/// What finding one slot may take, on top of the waiting. A caller that was held up for longer has been given up by whoever
/// counts on its call, and must not call any more.
const LONGEST_SEARCH_MS: u64 = 2_000;

/// Takes a slot with `reserve`, which is given the longest wait in milliseconds, and waits for it.
///
/// A slot that was missed, since taking it or waiting for it took its time, is another call's by now: a new one is taken. All
/// of it ends within `longest_wait_ms` and what one search takes.
///
/// # Errors
///
/// Those of `reserve`; and [`PaceError::Busy`] when the time is over.
pub async fn wait_for_slot<Found, Waited>(
    longest_wait_ms: u64,
    now_ms: impl Fn() -> u64,
    reserve: impl Fn(u64) -> Found,
    sleep_until_ms: impl Fn(u64) -> Waited,
) -> Result<(), PaceError>
where
    Found: Future<Output = Result<u64, PaceError>>,
    Waited: Future<Output = ()>,
{
    let latest_ms = now_ms().saturating_add(longest_wait_ms);
    loop {
        let start_ms = reserve(latest_ms.saturating_sub(now_ms())).await?;
        sleep_until_ms(start_ms).await;
        let then_ms = now_ms();
        let too_late = then_ms > latest_ms.saturating_add(LONGEST_SEARCH_MS);
        if !too_late && !is_missed(start_ms, then_ms) {
            return Ok(());
        }
        if then_ms >= latest_ms {
            return Err(PaceError::Busy { retry_in: Duration::from_millis(JITTER_MARGIN_MS) });
        }
    }
}

/// Takes a slot with `reserve`, which gives only one that is now and else says when to ask again.
///
/// # Errors
///
/// Those of `reserve`, of which [`PaceError::Busy`] only once `longest_wait_ms` are over.
pub async fn wait_for_slot_beside<Found, Waited>(
    longest_wait_ms: u64,
    now_ms: impl Fn() -> u64,
    reserve: impl Fn() -> Found,
    sleep_until_ms: impl Fn(u64) -> Waited,
) -> Result<(), PaceError>
where
    Found: Future<Output = Result<u64, PaceError>>,
    Waited: Future<Output = ()>,
{
    let latest_ms = now_ms().saturating_add(longest_wait_ms);
    loop {
        let again_ms = match reserve().await {
            Ok(start_ms) => {
                sleep_until_ms(start_ms).await;
                let then_ms = now_ms();
                let too_late = then_ms > latest_ms.saturating_add(LONGEST_SEARCH_MS);
                if !too_late && !is_missed(start_ms, then_ms) {
                    return Ok(());
                }
                then_ms
            }
            Err(PaceError::Busy { retry_in }) => {
                let again_ms = now_ms().saturating_add(millis(retry_in));
                if again_ms > latest_ms {
                    return Err(PaceError::Busy { retry_in });
                }
                sleep_until_ms(again_ms).await;
                again_ms
            }
            Err(error) => return Err(error),
        };
        if again_ms >= latest_ms {
            return Err(PaceError::Busy { retry_in: Duration::from_millis(JITTER_MARGIN_MS) });
        }
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
        let reserve = |longest_wait_ms| async move {
            let now_ms = self.now_ms();
            Ok(self.with_window(tenant, now_ms, |window| window.reserve(now_ms, longest_wait_ms))?)
        };
        let sleep = |start_ms| tokio::time::sleep_until(self.epoch + Duration::from_millis(start_ms));
        wait_for_slot(millis(self.longest_wait), || self.now_ms(), reserve, sleep).await
    }

    async fn slot_beside(&self, tenant: TenantId) -> Result<(), PaceError> {
        let reserve = || async move {
            let now_ms = self.now_ms();
            Ok(self.with_window(tenant, now_ms, |window| window.reserve_beside(now_ms))?)
        };
        let sleep = |start_ms| tokio::time::sleep_until(self.epoch + Duration::from_millis(start_ms));
        wait_for_slot_beside(millis(self.longest_wait), || self.now_ms(), reserve, sleep).await
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
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

    use super::*;
    use crate::window::{BESIDE, BURST, CALLS, PERIOD_MS, WINDOW_MS};

    const TENANT: TenantId = TenantId::new(1);

    /// Finding the slots takes so long, one after another.
    async fn slots_found_in(searches_ms: &[u64], longest_wait_ms: u64) -> (Result<(), PaceError>, usize) {
        let (now, found) = (AtomicU64::new(1_000), AtomicUsize::new(0));
        let reserve = |_longest| async {
            let start = now.load(Relaxed);
            let nth = found.fetch_add(1, Relaxed);
            now.fetch_add(*searches_ms.get(nth).unwrap_or(searches_ms.last().unwrap()), Relaxed);
            Ok(start)
        };
        let slot = wait_for_slot(longest_wait_ms, || now.load(Relaxed), reserve, |_| std::future::ready(())).await;
        (slot, found.into_inner())
    }

    #[tokio::test]
    async fn a_slot_that_was_missed_is_taken_anew() {
        assert!(matches!(slots_found_in(&[JITTER_MARGIN_MS], 8_000).await, (Ok(()), 1)));
        assert!(matches!(slots_found_in(&[JITTER_MARGIN_MS + 1, 400, 0], 8_000).await, (Ok(()), 3)));
    }

    #[tokio::test]
    async fn slots_that_are_always_missed_end_with_the_time() {
        let (slot, found) = slots_found_in(&[1_000], 8_000).await;
        assert!(matches!(slot, Err(PaceError::Busy { .. })));
        assert_eq!(found, 8);
    }

    /// A worker that stood still for minutes in the middle of its search finds a slot at once, and must not use it.
    #[tokio::test]
    async fn a_slot_that_is_found_minutes_later_is_no_use() {
        for (held_up_ms, fine) in [(0, true), (9_000, true), (10_001, false), (400_000, false)] {
            let now = AtomicU64::new(1_000);
            let reserve = |_longest| async { Ok(now.fetch_add(held_up_ms, Relaxed) + held_up_ms) };
            let slot = wait_for_slot(8_000, || now.load(Relaxed), reserve, |_| std::future::ready(())).await;
            assert_eq!(slot.is_ok(), fine, "{held_up_ms}: {slot:?}");
        }
    }

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

    /// However long those that can wait have been calling, an invoice's calls start at once; and they go on once there is room.
    #[tokio::test(start_paused = true)]
    async fn those_that_can_wait_leave_room_for_those_that_cannot() {
        let pacer = Arc::new(LocalPacer::new(Duration::from_mins(1)));
        let compared = Arc::new(AtomicU64::new(0));
        let comparison = tokio::spawn({
            let (pacer, compared) = (Arc::clone(&pacer), Arc::clone(&compared));
            async move {
                loop {
                    pacer.slot_beside(TENANT).await.unwrap();
                    compared.fetch_add(1, Relaxed);
                }
            }
        });
        let begin = Instant::now();
        tokio::time::sleep(Duration::from_mins(1)).await;
        let alone = compared.load(Relaxed);
        // A window's worth in each window, and the first at once.
        let windows = 60_000_u64.div_ceil(WINDOW_MS);
        assert!(alone >= (windows - 1) * BESIDE as u64 && alone <= (windows + 1) * BESIDE as u64, "{alone}");
        let before = begin.elapsed();
        for _ in 0..BURST {
            pacer.slot(TENANT).await.unwrap();
        }
        assert_eq!(begin.elapsed(), before, "an invoice waits for nothing");
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert!(compared.load(Relaxed) > alone + BESIDE as u64, "and the comparison goes on");
        comparison.abort();
    }

    #[tokio::test]
    async fn one_that_can_wait_waits_no_longer_than_it_may() {
        let now = AtomicU64::new(1_000);
        let tries = AtomicU64::new(0);
        let reserve = || async {
            tries.fetch_add(1, Relaxed);
            Err(PaceError::Busy { retry_in: Duration::from_secs(3) })
        };
        let sleep = |until| {
            now.store(until, Relaxed);
            std::future::ready(())
        };
        let slot = wait_for_slot_beside(8_000, || now.load(Relaxed), reserve, sleep).await;
        assert!(matches!(slot, Err(PaceError::Busy { .. })), "{slot:?}");
        assert_eq!((tries.load(Relaxed), now.load(Relaxed)), (3, 7_000));
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
