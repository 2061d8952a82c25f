//! The client against an e-conomic that says what it is told to say.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod booking;
mod fake;
mod lists;
mod models;
mod proofs;
mod secrecy;
mod verbs;
