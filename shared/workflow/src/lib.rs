//! The use cases of Fakturapilot over ports: scan, sweep, book, mail, prices, digest. No AWS and no HTTP in here.
//!
//! A function's `main.rs` makes the ports and calls one of [`scan`], [`sweep`], [`ready`], [`book`], [`mail`], [`prices`] and [`digest`]; tests and the simulation call the
//! same code over ports of their own.

mod advance;
pub mod book;
pub mod connect;
pub mod dead_letters;
pub mod digest;
pub mod feedback;
mod figures;
mod letter;
mod looking;
pub mod mail;
mod message;
mod notebook;
mod people;
pub mod ports;
pub mod preflight;
pub mod preview;
pub mod prices;
pub mod ready;
pub mod scan;
mod steps;
pub mod sweep;

pub use advance::Outcome;
pub use letter::preview::{LetterPreview, PreviewError, preview_letter};
pub use looking::{TimeLeft, turns::Calls};
pub use message::{
    BookingMessage, DeliveryMessage, DigestMessage, FeedbackMessage, Message, PriceMessage, QueueMessage, ScanMessage,
    SweepMessage, WorkQueue,
};
pub use notebook::Notebook;
pub use people::{PeopleError, Retried, approve, resend, retry, skip};
