//! The command line, typed against the running system on this machine: what it shows is what the tables hold, and what is decided
//! by it happens in Fortnox.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod decides;
mod desk;
mod erases;
mod first_tenant;
mod foresees;
mod pages;
mod sets;
