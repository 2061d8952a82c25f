//! What customers' cards in Fortnox say of how their invoices are delivered.

use chrono::{DateTime, Utc};
use domain::settings::Channel;

use super::{LAG, made::Made};
use crate::Evidence;

/// The words on the card of the invoice's customer in this time, LAG before it included: the last that's known from before, and all
/// that were written since.
fn words(evidence: &Evidence, made: &Made, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<String> {
    let written = evidence.effects().filter_map(|(entry, effect)| {
        let its = entry.tenant == Some(made.tenant.number()) && effect.customer.as_deref() == Some(&made.customer);
        Some((entry.at, effect.default_delivery.clone().filter(|_| its)?))
    });
    let written: Vec<(DateTime<Utc>, String)> = written.filter(|(at, _)| *at <= to).collect();
    let from = from - LAG;
    let since = written.iter().filter(|(at, _)| *at > from);
    written.iter().rfind(|(at, _)| *at <= from).into_iter().chain(since).map(|(_, word)| word.clone()).collect()
}

/// The channel that a card names with this word.
fn channel(word: &str) -> Option<Channel> {
    match word {
        "EMAIL" => Some(Channel::FortnoxEmail),
        "PRINTSERVICE" => Some(Channel::FortnoxPrintService),
        "ELECTRONICINVOICE" => Some(Channel::FortnoxEinvoice),
        _ => None,
    }
}

/// Whether a worker that had an effect at `at` may have seen this channel on the card.
pub(super) fn may_name(evidence: &Evidence, made: &Made, at: DateTime<Utc>, wanted: Channel) -> bool {
    words(evidence, made, at, at).iter().any(|word| channel(word) == Some(wanted))
}

/// Whether the card named some channel all the while.
pub(super) fn always_names_one(evidence: &Evidence, made: &Made, to: DateTime<Utc>) -> bool {
    words(evidence, made, made.at, to).iter().all(|word| channel(word).is_some())
}
