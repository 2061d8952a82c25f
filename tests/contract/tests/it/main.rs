//! The contract suite, once for each accounting system, and what only one of them can get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod economic;
mod fortnox;
mod fortnox_only;

mod fortnox_keeps_the_contract {
    contract::contract_suite!(crate::fortnox::FortnoxSubject, agreements);
}

mod economic_keeps_the_contract {
    contract::contract_suite!(crate::economic::EconomicSubject, drafts);
}
