//! A simulator's world, who may come in, and the calls that are still on their way.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use sim_kit::{SimRequest, SimResponse};
use workflow::ports::Clock;

use super::Rules;
use crate::{clock::VirtualClock, lock};

/// One accounting system.
pub(crate) struct State<W: Rules> {
    clock: VirtualClock,
    inside: Mutex<Inside<W>>,
}

#[derive(Clone)]
struct Inside<W: Rules> {
    world: W,
    access: BTreeMap<TenantId, W::Access>,
    late: Vec<(DateTime<Utc>, SimRequest)>,
}

impl<W: Rules> std::fmt::Debug for State<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl<W: Rules> State<W> {
    pub(crate) fn new(clock: VirtualClock, world: W) -> Self {
        let inside = Inside { world, access: BTreeMap::new(), late: Vec::new() };
        Self { clock, inside: Mutex::new(inside) }
    }

    pub(crate) fn copy(&self, clock: VirtualClock) -> Self {
        Self { clock, inside: Mutex::new(lock(&self.inside).clone()) }
    }

    /// A new company, as `add` makes it.
    pub(crate) fn open<T>(
        &self,
        tenant: TenantId,
        access: W::Access,
        add: impl FnOnce(&mut W, DateTime<Utc>) -> T,
    ) -> T {
        let now = self.clock.now();
        let mut inside = lock(&self.inside);
        inside.access.insert(tenant, access);
        add(&mut inside.world, now)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn access(&self, tenant: &TenantId) -> Option<W::Access> {
        lock(&self.inside).access.get(tenant).cloned()
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut W) -> T) -> T {
        let mut inside = lock(&self.inside);
        inside.arrive(self.clock.now());
        act(&mut inside.world)
    }

    /// Answers a request now.
    pub(crate) fn handle(&self, request: &SimRequest) -> SimResponse {
        let now = self.clock.now();
        self.with(|world| world.handle(now, request))
    }

    /// Takes a request that arrives only `by` later, when nobody waits for its answer any more.
    pub(crate) fn take_late(&self, request: SimRequest, by: TimeDelta) {
        lock(&self.inside).late.push((self.clock.now() + by, request));
    }

    pub(crate) fn next_arrival(&self) -> Option<DateTime<Utc>> {
        lock(&self.inside).late.iter().map(|(at, _)| *at).min()
    }
}

impl<W: Rules> Inside<W> {
    fn arrive(&mut self, now: DateTime<Utc>) {
        while let Some(first) = (0..self.late.len()).min_by_key(|at| self.late[*at].0) {
            if self.late[first].0 > now {
                return;
            }
            let (at, request) = self.late.remove(first);
            self.world.handle(at, &request);
        }
    }
}
