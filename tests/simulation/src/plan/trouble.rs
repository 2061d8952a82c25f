//! What happens to a run from outside.

use chrono::TimeDelta;

use super::act::Act;
use crate::faults::{Call, Fault};

/// One thing that happens. Each can be left out without changing what the others are.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The `nth` such call goes wrong.
    Fault {
        /// Which.
        call: Call,
        /// The how manieth of its kind.
        nth: u64,
        /// How.
        fault: Fault,
        /// What happens so long after it went wrong.
        meanwhile: Vec<(TimeDelta, Act)>,
    },
    /// For some time calls go wrong at a rate.
    Storm {
        /// Since the start.
        after: TimeDelta,
        /// How long.
        lasts: TimeDelta,
        /// Of so many calls about one.
        one_in: u64,
        /// What may go wrong.
        faults: Vec<Fault>,
        /// Which calls it hits.
        seed: u64,
    },
    /// Somebody, or the platform, does something.
    Deed {
        /// Since the start.
        after: TimeDelta,
        /// What.
        act: Act,
    },
}
