//! What really was the matter with each draft, and when: what the oracles go by.

use chrono::{DateTime, Utc};

/// One draft that was put there.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// Its number in e-conomic.
    pub(super) number: u64,
    /// Whom it's for.
    pub(super) customer: u32,
    /// When it was put there.
    pub(super) put_at: DateTime<Utc>,
    /// When it was deleted or booked by a person.
    pub(super) gone_at: Option<DateTime<Utc>>,
    /// When it first showed that it's finished. A signal counts from when it was sent, since it may arrive.
    pub(super) signed_at: Option<DateTime<Utc>>,
    /// The integration was told that its signal was taken.
    pub(super) taken: bool,
    /// The hold word, from when to when.
    pub(super) held: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    /// It has lines.
    pub(super) has_lines: bool,
    /// From which date on it may be sent.
    pub(super) date: chrono::NaiveDate,
    /// A person booked it.
    pub(super) booked_by_hand: bool,
}

/// All of them, and what the settings were.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// By their place in the plan, once they're there.
    pub(super) facts: Vec<Option<Fact>>,
    /// The mode, since when.
    pub(super) modes: Vec<(DateTime<Utc>, &'static str)>,
    /// Customers' flags, since when.
    pub(super) flags: Vec<(DateTime<Utc>, u32, bool)>,
    /// The consent, since when.
    pub(super) consent: Vec<(DateTime<Utc>, bool)>,
}

impl Truth {
    /// The draft that had a number at a moment.
    pub(super) fn with_number(&self, number: u64, at: DateTime<Utc>) -> Option<&Fact> {
        let mut had = self.facts.iter().flatten().filter(|fact| fact.number == number && fact.put_at <= at);
        had.by_ref().max_by_key(|fact| fact.put_at)
    }

    /// Whether no later draft has the number of this one.
    pub(super) fn is_latest(&self, at: usize) -> bool {
        let Some(fact) = self.facts.get(at).and_then(Option::as_ref) else { return false };
        !self.facts.iter().flatten().any(|other| other.number == fact.number && other.put_at > fact.put_at)
    }

    /// Whether the mode was `wanted` at any moment between the two.
    pub(super) fn mode_was(&self, from: DateTime<Utc>, to: DateTime<Utc>, wanted: &str) -> bool {
        was(self.modes.iter().map(|(at, mode)| (*at, *mode == wanted)), wanted == "full", from, to)
    }

    /// Whether the customer was flagged at any moment between the two.
    pub(super) fn was_flagged(&self, customer: u32, at_first: bool, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        let told = self.flags.iter().filter(|(_, of, _)| *of == customer).map(|(at, _, on)| (*at, *on));
        was(told, at_first, from, to)
    }
}

impl Fact {
    /// Whether it carried the hold word for the whole time between the two.
    pub(super) fn was_held_throughout(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        self.held.iter().any(|(since, until)| *since <= from && until.is_none_or(|until| until >= to))
    }

    /// Whether it carries the hold word.
    pub(super) fn is_held(&self) -> bool {
        self.held.last().is_some_and(|(_, until)| until.is_none())
    }
}

/// Whether a switch that was `at_first` before the first change was on at any moment between the two.
fn was(
    changes: impl Iterator<Item = (DateTime<Utc>, bool)>,
    at_first: bool,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> bool {
    let mut before = at_first;
    let mut within = false;
    for (at, on) in changes {
        if at <= from {
            before = on;
        } else if at <= to {
            within |= on;
        }
    }
    before || within
}
