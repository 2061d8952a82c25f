//! The dead letter queues. A worker only sends to the one of its own queue; the rest is a person's.

mod attributes;
mod give_up;
mod look;

pub use self::{
    give_up::SqsGiveUp,
    look::{DeadLetterUrls, SqsDeadLetters},
};
