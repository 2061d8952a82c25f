//! One run spelled out: what is in the world at first, and everything that happens to it. Made from a seed; a failing one is
//! made smaller piece by piece.

mod act;
mod make;
mod tenant;
mod trouble;

use chrono::{DateTime, TimeDelta, Utc};

use crate::memory::Telling;

pub(crate) use self::make::HABITS;
pub use self::{
    act::Act,
    tenant::{AgreementPlan, Quirks, TenantPlan},
    trouble::Trouble,
};

/// Everything that a run is made of. Running it twice gives the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What it was made from; also decides how long each call takes.
    pub seed: u64,
    /// The first moment.
    pub start: DateTime<Utc>,
    /// How long there is trouble.
    pub lasts: TimeDelta,
    /// How many workers there are at once.
    pub workers: usize,
    /// Whether the platform ends a worker that takes too long. It should, but a frozen one may thaw later.
    pub ends_slow_workers: bool,
    /// How the mail service tells what becomes of mails.
    pub telling: Telling,
    /// Whether the companies' people are told of their days.
    pub digests: bool,
    /// The companies.
    pub tenants: Vec<TenantPlan>,
    /// What happens.
    pub troubles: Vec<Trouble>,
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        make::plan(seed)
    }

    /// When the trouble ends.
    pub fn calm_from(&self) -> DateTime<Utc> {
        self.start + self.lasts
    }
}
