//! The promises, one module each.

mod asked_for;
mod cards;
mod drafts;
mod made;
mod mailed;
mod missed;
mod once;
mod prices;
mod recurring;
mod told;

use chrono::{NaiveDate, TimeDelta};
use domain::job::{ACT_WITHIN, SETTLED_AFTER};

use crate::Evidence;

pub use missed::never_ended;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the design.
    pub promise: u8,
    /// How.
    pub how: String,
}

/// An effect goes by what its worker read so long before it at the most: the worker announces its call within
/// [`ACT_WITHIN`] of the reading, and no call takes effect later than [`SETTLED_AFTER`] its announcement. What people do in
/// that time may come too late for it.
const LAG: TimeDelta = TimeDelta::seconds(ACT_WITHIN.num_seconds() + SETTLED_AFTER.num_seconds());

/// Every promise that was broken. `today` is the last date that was scanned.
pub fn check(evidence: &Evidence, today: NaiveDate) -> Vec<Broken> {
    let mut broken = check_so_far(evidence);
    broken.extend(missed::nothing_missed(evidence, today));
    broken.extend(missed::every_job_ended(evidence));
    broken.extend(drafts::none_is_missed(evidence, today));
    broken
}

/// The promises that must hold at every moment, also in the middle of trouble.
pub fn check_so_far(evidence: &Evidence) -> Vec<Broken> {
    let made = made::all(evidence);
    [
        once::one_invoice_a_period(evidence, &made),
        once::none_too_early(evidence, &made),
        asked_for::only_what_was_asked_for(evidence, &made),
        prices::no_agreement_changed_unasked(evidence),
        mailed::one_mail_an_invoice(evidence),
        told::the_journal_tells_what_happened(evidence, &made),
        told::who_waits_for_a_person_says_why(evidence),
        told::no_429(evidence),
        drafts::as_promised(evidence),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn broken(promise: u8, how: String) -> Broken {
    Broken { promise, how }
}
