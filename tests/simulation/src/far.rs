//! An accounting system in the same process: a simulator's rules without HTTP, with all that can happen to a request on its way.

mod state;
mod wire;

use chrono::{DateTime, Utc};
use sim_kit::{Fault, SimRequest, SimResponse};

pub(crate) use self::wire::Wire;
pub(crate) use self::{
    state::State,
    wire::{PATIENCE, Ways},
};

/// The rules of one system.
pub trait Rules: Clone + Send + 'static {
    /// What lets somebody in.
    type Access: Clone + Send;

    /// Answers one request that arrives at `now`.
    fn handle(&mut self, now: DateTime<Utc>, request: &SimRequest) -> SimResponse;

    /// Has the next matching request spoiled.
    fn inject(&mut self, fault: Fault);
}
