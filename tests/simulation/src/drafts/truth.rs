//! What became of each draft of the plan, for whoever does something to it.

use chrono::{DateTime, Utc};
use judge::Said;

/// One draft that was put there.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// Its number in e-conomic.
    pub(super) number: u64,
    /// When it was put there.
    pub(super) put_at: DateTime<Utc>,
    /// A person deleted or booked it.
    pub(super) is_gone: bool,
    /// It has lines.
    pub(super) has_lines: bool,
}

/// All of them, and what the integration said.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// By their place in the plan, once they're there.
    pub(super) facts: Vec<Option<Fact>>,
    /// The signals, as they were sent.
    pub(super) said: Vec<Said>,
}

impl Truth {
    /// Whether no later draft has the number of this one.
    pub(super) fn is_latest(&self, at: usize) -> bool {
        let Some(fact) = self.facts.get(at).and_then(Option::as_ref) else { return false };
        !self.facts.iter().flatten().any(|other| other.number == fact.number && other.put_at > fact.put_at)
    }
}
