#![doc = include_str!("../README.md")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "every line here runs in tests only")]

pub mod absent;
pub mod access;
pub mod agreements;
pub mod booked;
pub mod booking;
pub mod creating;
pub mod delivering;
pub mod draft_booking;
mod draft_subject;
pub mod drafts;
pub mod effects;
pub mod finding;
pub mod handing_over;
pub mod invoices;
mod ledger;
pub mod letters;
pub mod pace;
pub mod ports;
pub mod quiet;
mod subject;
mod suite;

pub use crate::{
    draft_subject::{DraftSubject, Drafts},
    ledger::{Actor, Effect, EffectKind, Entry, Ledger},
    subject::{
        AgreementSubject, Agreements, AnswersWithInvoice, Call, CreationAnswer, Deed, Edit, Fault, Habits, Sample,
        Scene, Subject,
    },
};
