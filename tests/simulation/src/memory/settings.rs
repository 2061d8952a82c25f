//! The settings table in memory.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, Utc};
use domain::{
    ids::{AgreementNumber, CustomerNumber, TenantId},
    preflight::Standing,
    settings::{Mode, Scope, TenantFields, TenantSettings},
};
use judge::SettingsOverTime;
use serde_json::{Map, Value};
use workflow::ports::{Clock, Look, PortError, Settings};

use super::journal::through_text;
use crate::{
    clock::VirtualClock,
    faults::{Call, Faults},
    lock,
};

/// Settings items as text would hold them, and when each tenant is scanned or swept next.
#[derive(Debug)]
pub struct MemorySettings {
    tables: Mutex<Tables>,
    clock: VirtualClock,
    faults: Faults,
}

type Item = Map<String, Value>;

#[derive(Debug, Clone, Default)]
struct Tables {
    profiles: BTreeMap<TenantId, Item>,
    layers: BTreeMap<TenantId, Vec<(Scope, Item)>>,
    next_at: BTreeMap<TenantId, DateTime<Utc>>,
    due_since: BTreeMap<TenantId, DateTime<Utc>>,
    standings: BTreeMap<TenantId, Standing>,
    told: BTreeMap<TenantId, SettingsOverTime>,
}

impl Tables {
    fn next_of(&self, look: Look) -> impl Iterator<Item = (&TenantId, &DateTime<Utc>)> {
        self.next_at.iter().filter(move |(tenant, _)| Look::at(tenant.system()) == look)
    }

    fn of(&self, tenant: &TenantId, wanted: impl Fn(&Scope) -> bool) -> Option<TenantSettings> {
        let mut settings = TenantSettings::new(self.profiles.get(tenant)?.clone());
        for (scope, item) in self.layers.get(tenant).into_iter().flatten().filter(|(scope, _)| wanted(scope)) {
            settings.add(scope.clone(), item.clone());
        }
        if let Some(standing) = self.standings.get(tenant) {
            settings.hold_back(standing.clone());
        }
        Some(settings)
    }
}

impl MemorySettings {
    pub(super) fn new(clock: VirtualClock, faults: Faults) -> Self {
        Self { tables: Mutex::default(), clock, faults }
    }

    /// Another table that says the same.
    pub(super) fn copy(&self, clock: VirtualClock, faults: Faults) -> Self {
        Self { tables: Mutex::new(lock(&self.tables).clone()), clock, faults }
    }

    /// A tenant's profile as it was written.
    pub fn profile(&self, tenant: &TenantId) -> Option<Map<String, Value>> {
        lock(&self.tables).profiles.get(tenant).cloned()
    }

    /// All that a tenant's settings ever were, each from a moment on. `None`: no profile.
    pub fn told(&self, tenant: &TenantId) -> Vec<(DateTime<Utc>, Option<TenantSettings>)> {
        lock(&self.tables).told.get(tenant).cloned().unwrap_or_default()
    }

    fn write(&self, tenant: &TenantId, write: impl FnOnce(&mut Tables)) {
        let now = self.clock.now();
        let mut tables = lock(&self.tables);
        write(&mut tables);
        let settings = tables.of(tenant, |_| true);
        tables.told.entry(tenant.clone()).or_default().push((now, settings));
    }

    /// Writes an item, in the place of the one there was.
    pub fn put(&self, tenant: &TenantId, scope: Scope, item: Map<String, Value>) {
        self.write(tenant, |tables| {
            if scope == Scope::Profile {
                tables.profiles.insert(tenant.clone(), item);
                return;
            }
            let layers = tables.layers.entry(tenant.clone()).or_default();
            layers.retain(|(known, _)| *known != scope);
            layers.push((scope, item));
        });
    }

    /// Removes an item.
    pub fn remove(&self, tenant: &TenantId, scope: &Scope) {
        self.write(tenant, |tables| {
            if *scope == Scope::Profile {
                tables.profiles.remove(tenant);
            } else if let Some(layers) = tables.layers.get_mut(tenant) {
                layers.retain(|(known, _)| known != scope);
            }
        });
    }

    /// Sets when the tenant is looked at next.
    pub(crate) fn schedule(&self, tenant: &TenantId, at: DateTime<Utc>) {
        lock(&self.tables).next_at.insert(tenant.clone(), at);
    }

    /// When the tenant is scanned or swept next, if it's scheduled.
    pub fn next_scan_at(&self, tenant: &TenantId) -> Option<DateTime<Utc>> {
        lock(&self.tables).next_at.get(tenant).copied()
    }

    /// Whether some tenant waits to be taken up.
    pub fn has_unscheduled(&self) -> bool {
        let tables = lock(&self.tables);
        tables.profiles.keys().any(|tenant| !tables.next_at.contains_key(tenant))
    }

    /// Whether there's such a tenant with a profile.
    pub(crate) fn has_any(&self, is_it: impl Fn(&TenantId) -> bool) -> bool {
        lock(&self.tables).profiles.keys().any(is_it)
    }

    /// When the next scan of any tenant is due.
    pub fn earliest_scan(&self) -> Option<DateTime<Utc>> {
        self.earliest(Look::Scan)
    }

    /// When the next sweep of any tenant is due.
    pub fn earliest_sweep(&self) -> Option<DateTime<Utc>> {
        self.earliest(Look::Sweep)
    }

    fn earliest(&self, look: Look) -> Option<DateTime<Utc>> {
        lock(&self.tables).next_of(look).map(|(_, at)| *at).min()
    }
}

impl Settings for MemorySettings {
    async fn of_tenant(&self, tenant: &TenantId) -> Result<Option<TenantSettings>, PortError> {
        let read = || lock(&self.tables).of(tenant, |_| true);
        self.faults.store(Call::OfTenant, "reading a tenant's settings", read).await
    }

    async fn of_agreement(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
        agreement: &AgreementNumber,
    ) -> Result<Option<TenantSettings>, PortError> {
        let read = || {
            lock(&self.tables).of(tenant, |scope| match scope {
                Scope::Profile => true,
                Scope::Customer(number) => number == customer,
                Scope::Agreement(number) => number == agreement,
            })
        };
        self.faults.store(Call::OfAgreement, "reading an agreement's settings", read).await
    }

    async fn of_customer(
        &self,
        tenant: &TenantId,
        customer: &CustomerNumber,
    ) -> Result<Option<TenantSettings>, PortError> {
        let read = || {
            lock(&self.tables).of(tenant, |scope| match scope {
                Scope::Profile => true,
                Scope::Customer(number) => number == customer,
                Scope::Agreement(_) => false,
            })
        };
        self.faults.store(Call::OfAgreement, "reading a customer's settings", read).await
    }

    async fn due_for(&self, look: Look, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            let mut due: Vec<_> = tables.next_of(look).filter(|(_, at)| **at <= now).collect();
            due.sort_by_key(|(_, at)| **at);
            due.into_iter().take(limit).map(|(tenant, _)| tenant.clone()).collect()
        };
        let call = match look {
            Look::Scan => Call::DueForScan,
            Look::Sweep => Call::DueForSweep,
        };
        self.faults.store(call, "finding the tenants that are due", read).await
    }

    async fn schedule_next(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            tables.next_at.insert(tenant.clone(), at);
            tables.due_since.remove(tenant);
        };
        self.faults.store(Call::ScanNextAt, "setting the next look", write).await
    }

    async fn forget_look(&self, tenant: &TenantId) -> Result<(), PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            tables.next_at.remove(tenant);
            tables.due_since.remove(tenant);
        };
        self.faults.store(Call::ScanNextAt, "taking a tenant off the schedule", write).await
    }

    async fn look_again(&self, tenant: &TenantId, at: DateTime<Utc>) -> Result<(), PortError> {
        let write = || {
            let mut tables = lock(&self.tables);
            if let Some(due_at) = tables.next_at.insert(tenant.clone(), at) {
                tables.due_since.entry(tenant.clone()).or_insert(due_at);
            }
        };
        self.faults.store(Call::ScanNextAt, "having a tenant looked at again", write).await
    }

    /// Only watched, so nothing goes wrong with it.
    async fn overdue(&self, look: Look, since: DateTime<Utc>) -> Result<u64, PortError> {
        let tables = lock(&self.tables);
        let is_late = |tenant, due_at| tables.due_since.get(tenant).unwrap_or(due_at) <= &since;
        let late = tables.next_of(look).filter(|(tenant, due_at)| is_late(tenant, due_at)).count();
        Ok(u64::try_from(late).unwrap_or(u64::MAX))
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, PortError> {
        let read = || lock(&self.tables).profiles.keys().cloned().collect();
        self.faults.store(Call::Unscheduled, "listing the tenants", read).await
    }

    async fn unscheduled(&self) -> Result<Vec<TenantId>, PortError> {
        let read = || {
            let tables = lock(&self.tables);
            tables.profiles.keys().filter(|tenant| !tables.next_at.contains_key(*tenant)).cloned().collect()
        };
        self.faults.store(Call::Unscheduled, "finding new tenants", read).await
    }
    async fn keep_standing(&self, tenant: &TenantId, standing: &Standing) -> Result<(), PortError> {
        let standing = through_text(standing)?;
        let write = || {
            let is_newer = lock(&self.tables).standings.get(tenant).is_none_or(|known| known.at <= standing.at);
            if is_newer {
                self.write(tenant, |tables| _ = tables.standings.insert(tenant.clone(), standing));
            }
        };
        self.faults.store(Call::ScanNextAt, "keeping what a pre-flight came to", write).await
    }

    async fn set_mode(&self, tenant: &TenantId, from: Mode, to: Mode) -> Result<bool, PortError> {
        let write = || {
            let says = |profile: &Item| match profile.get("mode") {
                Some(mode) => *mode == from.name(),
                None => from == TenantFields::default().mode,
            };
            let stands = lock(&self.tables).profiles.get(tenant).is_some_and(says);
            if stands {
                self.write(tenant, |tables| {
                    if let Some(profile) = tables.profiles.get_mut(tenant) {
                        profile.insert("mode".to_owned(), to.name().into());
                    }
                });
            }
            stands
        };
        self.faults.store(Call::ScanNextAt, "setting a tenant's mode", write).await
    }
}
