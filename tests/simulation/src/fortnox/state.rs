//! The simulator's world, who may come in, and the calls that are still on their way.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{SystemKind, TenantId};
use fortnox_sim::{Access, CompanyFile, CompanyFileError, SimRequest, SimResponse, World};
use workflow::ports::Clock;

use crate::{clock::VirtualClock, lock};

/// One Fortnox.
pub(super) struct State {
    clock: VirtualClock,
    inside: Mutex<Inside>,
}

#[derive(Clone)]
struct Inside {
    world: World,
    access: BTreeMap<TenantId, Access>,
    late: Vec<(DateTime<Utc>, SimRequest)>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn new(clock: VirtualClock) -> Self {
        #[expect(clippy::expect_used, reason = "nothing can be refused")]
        let world = World::new(Vec::new(), clock.now()).expect("there is no company that could be refused");
        let inside = Inside { world, access: BTreeMap::new(), late: Vec::new() };
        Self { clock, inside: Mutex::new(inside) }
    }

    pub(super) fn copy(&self, clock: VirtualClock) -> Self {
        Self { clock, inside: Mutex::new(lock(&self.inside).clone()) }
    }

    pub(super) fn open(&self, company: CompanyFile) -> Result<(), CompanyFileError> {
        let now = self.clock.now();
        let mut inside = lock(&self.inside);
        let tenant = TenantId::new(SystemKind::Fortnox, company.company.database_number);
        inside.access.insert(tenant, company.access.clone());
        inside.world.add_company(company, now)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn access(&self, tenant: &TenantId) -> Option<Access> {
        lock(&self.inside).access.get(tenant).cloned()
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut inside = lock(&self.inside);
        inside.arrive(self.clock.now());
        act(&mut inside.world)
    }

    /// Answers a request now.
    pub(super) fn handle(&self, request: &SimRequest) -> SimResponse {
        let now = self.clock.now();
        self.with(|world| world.handle(now, request))
    }

    /// Takes a request that arrives only `by` later, when nobody waits for its answer any more.
    pub(super) fn take_late(&self, request: SimRequest, by: TimeDelta) {
        lock(&self.inside).late.push((self.clock.now() + by, request));
    }

    pub(super) fn next_arrival(&self) -> Option<DateTime<Utc>> {
        lock(&self.inside).late.iter().map(|(at, _)| *at).min()
    }
}

impl Inside {
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
