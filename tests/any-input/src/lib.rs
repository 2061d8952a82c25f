//! What must hold whatever comes in. A module an entry, each with one function that takes any bytes and panics when a promise
//! is broken. The tests of this crate run it over generated inputs and the corpus; [tests/fuzz](../../fuzz/README.md) runs the same
//! function for as long as anybody likes.

pub mod letter_template;
pub mod mail_event;
