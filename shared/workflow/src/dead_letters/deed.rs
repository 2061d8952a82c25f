//! What a person did with a letter, as the journal keeps it.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use super::{DeadLetter, DeadLetterQueue, LetterId, last_try::bounded};

/// What is done with a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Sent to its queue again.
    Redrive,
    /// Thrown away.
    Discard,
}

/// Who did what with which letter. Written before, since a letter that is gone can't be asked any more, and again after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterDeed {
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// What.
    pub deed: Deed,
    /// Where the letter lay.
    pub queue: DeadLetterQueue,
    /// Which letter.
    pub letter: LetterId,
    /// Its text, or the beginning of a long one.
    pub body: String,
    /// Why it was there, if anybody knew.
    pub error: Option<String>,
    /// Whether it was done. If not, it was begun, and the letter may still be there.
    pub done: bool,
}

impl LetterDeed {
    /// `by` begins a deed.
    pub(super) fn begun(deed: Deed, by: &str, letter: &DeadLetter, at: DateTime<Utc>) -> Self {
        Self {
            // As exact as the journal's keys, under which it's written twice.
            at: at.trunc_subsecs(3),
            by: by.to_owned(),
            deed,
            queue: letter.queue,
            letter: letter.id.clone(),
            body: bounded(&letter.body),
            error: letter.told.error.as_deref().map(bounded),
            done: false,
        }
    }
}
