#![allow(clippy::unwrap_used)]

mod composing;
mod goldens;
mod reasons;
mod sample;
mod spans;
