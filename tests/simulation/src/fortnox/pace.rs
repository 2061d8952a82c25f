//! The shared rate of calls, on the virtual clock: the window that the functions share through the journal.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta};
use fortnox::{PaceError, Pacer, TenantId, Window, wait_for_slot, wait_for_slot_beside, window::Full};
use workflow::ports::Clock;

use crate::{
    clock::VirtualClock,
    faults::{Call, Fault, Faults},
    lock,
};

/// How long a worker of the functions waits for a slot.
const LONGEST_WAIT_MS: u64 = 8_000;
/// And how long for finding one.
const LONGEST_SEARCH: TimeDelta = TimeDelta::seconds(2);

/// One window a tenant.
pub struct Pace {
    windows: Mutex<HashMap<TenantId, Window>>,
    clock: VirtualClock,
    faults: Faults,
}

impl Pace {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        Self { windows: Mutex::default(), clock, faults }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0)
    }

    /// One search for a slot.
    async fn search(
        &self,
        tenant: TenantId,
        take: impl FnOnce(&mut Window) -> Result<u64, Full> + Send,
    ) -> Result<u64, PaceError> {
        let take = move || take(lock(&self.windows).entry(tenant).or_default());
        match self.faults.make(Call::Slot, LONGEST_SEARCH, take).await {
            Ok(start_ms) => Ok(start_ms?),
            Err(Fault::Busy(retry_in)) => Err(PaceError::Busy { retry_in }),
            Err(_) => Err(PaceError::Unavailable("no answer".into())),
        }
    }

    async fn sleep_until_ms(&self, start_ms: u64) {
        let start = i64::try_from(start_ms).ok().and_then(DateTime::from_timestamp_millis);
        if let Some(start) = start {
            self.clock.sleep_until(start).await;
        }
    }
}

impl Pacer for Pace {
    async fn slot(&self, tenant: TenantId) -> Result<(), PaceError> {
        let reserve = |longest_ms| self.search(tenant, move |window| window.reserve(self.now_ms(), longest_ms));
        wait_for_slot(LONGEST_WAIT_MS, || self.now_ms(), reserve, |start_ms| self.sleep_until_ms(start_ms)).await
    }

    async fn slot_beside(&self, tenant: TenantId) -> Result<(), PaceError> {
        let reserve = || self.search(tenant, |window| window.reserve_beside(self.now_ms()));
        wait_for_slot_beside(LONGEST_WAIT_MS, || self.now_ms(), reserve, |at_ms| self.sleep_until_ms(at_ms)).await
    }

    async fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) {
        lock(&self.windows).entry(tenant).or_default().penalise(self.now_ms(), retry_after);
    }
}
