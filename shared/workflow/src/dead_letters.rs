//! Dead letters: what no worker could deal with, why, and a way back.
//!
//! A message lands here when it can't be read, when its worker panics, or when a store is down ([`PortError`]) at every one
//! of its tries. Nothing of the business ever does: what Fortnox refuses, a limit, an address that is missing, all end as a
//! job's state. A dead letter is never the only trace of work, either: every job stands in the journal and every scan in
//! the settings, where the heartbeat finds them.
//!
//! [`failed`] is the worker's side. [`list`], [`redrive`], [`redrive_all`] and [`discard`] are a person's.
//!
//! [`PortError`]: crate::ports::PortError

mod act;
mod all;
mod deed;
mod last_try;
mod letter;
mod meaning;

pub use self::{
    act::{Acted, RedriveError, discard, list, redrive},
    all::{MOST_AT_ONCE, RedrivenAll, Refused, redrive_all},
    deed::{Deed, LetterDeed},
    last_try::{MOST_ERROR_CHARS, Record, failed},
    letter::{AnyTick, Content, DeadLetter, DeadLetterQueue, LetterId, NOBODY_LIVED, Told, UnknownQueue},
};
