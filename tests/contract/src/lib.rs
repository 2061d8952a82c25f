#![doc = include_str!("../README.md")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "every line here runs in tests only")]

pub mod access;
pub mod agreements;
pub mod creating;
pub mod finding;
pub mod invoices;
mod ledger;
pub mod letters;
pub mod pace;
pub mod ports;
pub mod quiet;
mod subject;
mod suite;

pub use crate::{
    ledger::{Actor, Effect, EffectKind, Entry, Ledger},
    subject::{AnswersWithInvoice, Call, Capabilities, CreationAnswer, Deed, Fault, Sample, Scene, Subject},
};
