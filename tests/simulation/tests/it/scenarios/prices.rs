//! Prices that follow the list: what a person set by hand stays, and nothing else on a document changes.

mod company;
mod faults;
mod follows;
mod odd;
mod scale;
mod storms;
