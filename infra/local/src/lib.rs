//! The whole system on one machine, without Docker and without AWS.
//!
//! It reads `template.yaml` itself, makes the tables and queues it finds there in embedded emulators, starts the real
//! function binaries with the environment the template gives them, speaks the Lambda Runtime API to them, polls the queues
//! for them, serves their HTTP API, and fires the schedules on a clock that can be moved.
//!
//! ```no_run
//! # async fn month() -> Result<(), Box<dyn std::error::Error>> {
//! let binaries = local::build(std::path::Path::new("."))?;
//! let cloud = local::LocalCloud::start(local::Options::new("template.yaml", binaries, "target/local")).await?;
//! cloud.advance_to("2026-02-01T06:00:00Z".parse()?).await?;
//! cloud.idle().await?;
//! for mail in cloud.mails() {
//!     let _ = mail.file;
//! }
//! cloud.shutdown().await?;
//! # Ok(())
//! # }
//! ```
//!
//! What differs from AWS, all of it here:
//!
//! - A failed message comes back after [`Options::retry_after`], not after the queue's visibility timeout, and a delayed
//!   message waits at most [`Options::longest_delay`]: queues run in real time, not on the movable clock.
//! - Schedules fire only when the clock is moved; occurrences that were passed over collapse into one.
//! - A failed scheduled run is repeated at once.
//! - Throttling, encryption, time to live and memory size have no effect. What a function's role doesn't allow is refused
//!   ([`LocalCloud::denied`]); what a queue's or a key's own policy says has no effect.
//! - What becomes of a mail goes by its address, as with SES's own simulator, and is told at once.
//! - Secrets have the values that [`LocalCloud::put_secret`] gives them, in memory only.
//! - Queues are in memory. A clean stop stores what they hold; a killed process loses it.

#![allow(clippy::doc_markdown, reason = "the names of AWS's products are no code")]

mod access;
mod activity;
mod binaries;
mod clock;
mod cloud;
pub mod control;
mod emulators;
mod http_api;
mod in_hand;
mod lambda;
mod mails;
mod mapping;
mod options;
mod queues;
mod schedule;
mod tables;
mod tally;
pub mod template;

pub use access::{UnusedRight, unused};
pub use binaries::{BUILT, Binaries, BuildError, build, build_optimised, workspace_root};
pub use clock::Clock;
pub use cloud::{CloudError, LocalCloud};
pub use emulators::{Emulator, EmulatorError, Mail, MailAllowance, MailSet};
pub use lambda::{InvokeError, Process};
pub use mails::LocalMails;
pub use options::{Fronts, Options, Ports};
pub use queues::LocalQueues;
pub use schedule::{FireError, Firing};
pub use tables::LocalTables;
pub use tally::{CallKind, CallSum, Life, Spent};
