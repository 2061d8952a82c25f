//! The client against a server on this machine, through real HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod auth;
mod effects;
mod secrecy;
mod server;
