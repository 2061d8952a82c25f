//! The use cases over ports in memory, one module a promise. Asserts on the accounting system's ledger and the mails.

mod apart;
mod by_default;
mod by_fortnox;
mod by_hand;
mod catch_up;
mod crash;
mod dead_letters;
mod digest;
mod holds;
mod letters;
mod mail;
mod mail_states;
mod missed;
mod once;
mod preflight;
mod prices;
mod recurring;
mod settings;
mod sweeps;
mod to_service;
mod turns;
pub(crate) mod world;
