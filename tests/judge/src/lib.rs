//! The promises of the design's section 3, judged by what the outside world saw and what the journal's public view says.
//!
//! One set of oracles for every kind of run: the deterministic simulation, the end-to-end tests with the real binaries, the
//! demo. What came of a run is [`Evidence`]; [`promises::check`] judges it.

mod evidence;
mod mails;
mod planted;
pub mod promises;
mod records;
mod signals;

pub use evidence::{Evidence, SettingsOverTime};
pub use mails::{DigestMail, SentMail, is_digest, read_digest, read_mail};
pub use planted::{Leak, Planted, Private};
pub use records::{DecidedPage, DecidedSweep, JobRecord, StandingConcern};
pub use signals::Said;
