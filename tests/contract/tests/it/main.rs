//! The contract suite, once for each accounting system, and what only one of them can get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fortnox;
mod fortnox_only;

contract::contract_suite!(crate::fortnox::FortnoxSubject);
