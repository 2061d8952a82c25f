//! Running a plan: the platform, the people, and the time that passes.

mod apart;
mod deeds;
mod digests;
mod open;
mod outcome;
mod people;
mod platform;
mod preview;
pub(crate) mod worker;

pub use self::outcome::{Outcome, Run};
