//! The shared rate of calls, on the virtual clock: the window that the functions share through the journal.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta};
use fortnox::{PaceError, Pacer, TenantId, Window, window::is_missed};
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
}

impl Pacer for Pace {
    async fn slot(&self, tenant: TenantId) -> Result<(), PaceError> {
        let latest_ms = self.now_ms() + LONGEST_WAIT_MS;
        loop {
            let reserve = || {
                let now_ms = self.now_ms();
                lock(&self.windows).entry(tenant).or_default().reserve(now_ms, latest_ms.saturating_sub(now_ms))
            };
            let start_ms = match self.faults.make(Call::Slot, LONGEST_SEARCH, reserve).await {
                Ok(start_ms) => start_ms?,
                Err(Fault::Busy(retry_in)) => return Err(PaceError::Busy { retry_in }),
                Err(_) => return Err(PaceError::Unavailable("no answer".into())),
            };
            let start = i64::try_from(start_ms).ok().and_then(DateTime::from_timestamp_millis);
            if let Some(start) = start {
                self.clock.sleep_until(start).await;
            }
            if !is_missed(start_ms, self.now_ms()) {
                return Ok(());
            }
            if self.now_ms() >= latest_ms {
                return Err(PaceError::Busy { retry_in: Duration::from_secs(2) });
            }
        }
    }

    async fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) {
        lock(&self.windows).entry(tenant).or_default().penalise(self.now_ms(), retry_after);
    }
}
