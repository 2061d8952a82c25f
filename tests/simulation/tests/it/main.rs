#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]
//! The workflow over the simulated world: told scenarios, many seeds, and whether the judge would notice.

mod found;
mod mutants;
mod scenarios;
mod seeds;
