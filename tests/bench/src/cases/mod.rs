//! What is measured.

mod calls;
mod journal;
mod pace;
mod prices;
mod scale;
mod start;

use std::pin::Pin;

use stage::StageError;

use crate::{Report, Setting};

pub(crate) use calls::Made;
pub use calls::by_channel;
pub use journal::of_a_job;
pub use prices::of_a_price_change;
pub use scale::by_agreements;

/// One case.
pub struct Case {
    /// What it's called on the command line.
    pub name: &'static str,
    /// What it measures, in a line.
    pub about: &'static str,
    /// Measures.
    pub run: for<'a> fn(&'a Setting, &'a mut Report) -> Running<'a>,
}

/// A case that goes on.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), StageError>> + 'a>>;

/// All cases, the quick ones first.
pub const CASES: [Case; 6] = [
    Case {
        name: "start",
        about: "how soon a function asks for work and does some, beside the same in Python; sizes and memory",
        run: |setting, report| Box::pin(start::measure(setting, report)),
    },
    Case {
        name: "calls",
        about: "accounting-system and AWS calls for an invoice, by channel, and what they cost",
        run: |setting, report| Box::pin(calls::measure(setting, report)),
    },
    Case {
        name: "journal",
        about: "what a job reads and writes, and how large its items are",
        run: |setting, report| Box::pin(journal::measure(setting, report)),
    },
    Case {
        name: "pace",
        about: "one company's 500 due agreements: how much of Fortnox's rate is used, and how soon",
        run: |setting, report| Box::pin(pace::measure(setting, report)),
    },
    Case {
        name: "scale",
        about: "up to 100 000 agreements in a company, up to 10 000 companies, a large one beside small ones",
        run: |setting, report| Box::pin(scale::measure(setting, report)),
    },
    Case {
        name: "prices",
        about: "one changed price in a company of 5 000 agreements",
        run: |setting, report| Box::pin(prices::measure(setting, report)),
    },
];
