//! How fast and how cheap the system is: the real function binaries on the local cloud, the outside world simulated, and what
//! came of it counted by the outside world's ledgers and the local cloud's tally.
//!
//! Counts and ratios are the same on every machine, and `tests/budgets.rs` holds them; times are this machine's, and only
//! `cargo measure` tells them.

pub mod cases;
mod figure;
mod ledger;
mod machine;
mod page;
mod report;
mod scene;
mod tariff;

pub use figure::{Bar, Figure, Unit};
pub use page::write_page;
pub use report::{Report, Sheet};
pub use scene::{Built, Setting};
