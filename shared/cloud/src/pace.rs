//! The rate of calls to Fortnox, shared by all workers: the window stands in one journal item a tenant and is moved on by
//! compare-and-set.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::{Client, operation::update_item::UpdateItemError, types::ReturnValuesOnConditionCheckFailure};
use fortnox::{PaceError, Pacer, TenantId, Window, wait_for_slot, wait_for_slot_beside, window::Full};
use workflow::ports::{Clock, PortError};

use crate::{
    clock::SystemClock,
    items::{Item, failed, get_number, get_text, number, text},
};

/// A worker waits this long for a slot; beyond it gives its work back, so that a slow tenant holds up no other. Counts into
/// a call's time (`domain::job::CALL_LIMIT`).
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Finding a slot may take this long, however slow DynamoDB is or however many workers ask: it counts into a call's time too.
pub(crate) const LONGEST_SEARCH: Duration = Duration::from_secs(2);

/// Rounds of compare-and-set. Each lost round means that another worker won one, and at most fifty work at once.
const MOST_ROUNDS: usize = 60;

/// The window as last seen, and its version.
#[derive(Debug, Clone, Default)]
struct Seen {
    window: Window,
    version: u64,
}

#[derive(Debug)]
pub struct SharedPacer {
    client: Client,
    table: String,
    clock: SystemClock,
    /// Saves a read where this worker was the last to write.
    seen: Mutex<HashMap<TenantId, Seen>>,
}

impl SharedPacer {
    pub(crate) fn new(client: Client, table: String, clock: SystemClock) -> Self {
        Self { client, table, clock, seen: Mutex::default() }
    }

    /// Changes the shared window: `change` works on the newest state, and its result counts once that state still stood.
    async fn change<T>(&self, tenant: TenantId, change: impl Fn(&mut Window) -> T) -> Result<T, PaceError> {
        let mut seen = self.known(tenant);
        for _ in 0..MOST_ROUNDS {
            let mut window = seen.window.clone();
            let result = change(&mut window);
            match self.store(tenant, seen.version, &window).await.map_err(unavailable)? {
                Ok(()) => {
                    self.remember(tenant, Seen { window, version: seen.version + 1 });
                    return Ok(result);
                }
                Err(newer) => seen = newer,
            }
        }
        Err(unavailable(PortError::new("pacing", "too many workers move the window at once")))
    }

    async fn reserve(
        &self,
        tenant: TenantId,
        reserve: impl Fn(&mut Window) -> Result<u64, Full>,
    ) -> Result<u64, PaceError> {
        let search = self.change(tenant, reserve);
        // Cut off, it may have taken a slot in vain, which costs a fifth of a second and nothing else.
        let found = tokio::time::timeout(LONGEST_SEARCH, search).await;
        found
            .map_err(|_| unavailable(PortError::new("pacing", "finding a slot took too long")))??
            .map_err(PaceError::from)
    }

    async fn store(&self, tenant: TenantId, version: u64, window: &Window) -> Result<Result<(), Seen>, PortError> {
        const WHAT: &str = "moving the window of calls";
        let json = serde_json::to_string(window).map_err(|error| PortError::new(WHAT, error))?;
        let condition = if version == 0 { "attribute_not_exists(pk)" } else { "version = :seen" };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(format!("pace#fortnox-{tenant}")))
            .key("sk", text("window"))
            .update_expression("SET calls = :calls, version = :next")
            .condition_expression(condition)
            .expression_attribute_values(":calls", text(json))
            .expression_attribute_values(":next", number(version + 1))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if version > 0 {
            update = update.expression_attribute_values(":seen", number(version));
        }
        match update.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => {
                    Ok(Err(refusal.item.as_ref().map(read).unwrap_or_default()))
                }
                _ => Err(failed(WHAT)(error)),
            },
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0)
    }

    fn known(&self, tenant: TenantId) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned().unwrap_or_default()
    }

    fn remember(&self, tenant: TenantId, seen: Seen) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, seen);
    }
}

fn read(item: &Item) -> Seen {
    let window = get_text(item, "calls").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    Seen { window, version: get_number(item, "version").unwrap_or(0) }
}

fn unavailable(error: PortError) -> PaceError {
    PaceError::Unavailable(Box::new(error))
}

impl Pacer for SharedPacer {
    async fn slot(&self, tenant: TenantId) -> Result<(), PaceError> {
        let longest_ms = u64::try_from(LONGEST_WAIT.as_millis()).unwrap_or(u64::MAX);
        let reserve = |longest_ms| self.reserve(tenant, move |window| window.reserve(self.now_ms(), longest_ms));
        wait_for_slot(longest_ms, || self.now_ms(), reserve, |start_ms| self.clock.sleep_until_ms(start_ms)).await?;
        metric::FORTNOX_CALLS.add(1);
        Ok(())
    }

    async fn slot_beside(&self, tenant: TenantId) -> Result<(), PaceError> {
        let longest_ms = u64::try_from(LONGEST_WAIT.as_millis()).unwrap_or(u64::MAX);
        let reserve = || self.reserve(tenant, |window| window.reserve_beside(self.now_ms()));
        wait_for_slot_beside(longest_ms, || self.now_ms(), reserve, |at_ms| self.clock.sleep_until_ms(at_ms)).await?;
        metric::FORTNOX_CALLS.add(1);
        Ok(())
    }

    async fn refused(&self, tenant: TenantId, retry_after: Option<Duration>) {
        metric::FORTNOX_TOO_MANY.add(1);
        tracing::error!(company = %tenant, "Fortnox answered 429: a defect of our pacing, or another program uses the same consent");
        if let Err(error) = self.change(tenant, |window| window.penalise(self.now_ms(), retry_after)).await {
            tracing::error!(company = %tenant, error = %error, "the 429 could not be noted");
        }
    }
}
