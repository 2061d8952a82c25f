//! The dead letters, from their two sides: a worker gives a message up, a person looks at what was given up.

use std::future::Future;

use chrono::{DateTime, Utc};

use super::PortError;
use crate::{
    dead_letters::{DeadLetter, DeadLetterQueue, LetterId},
    message::WorkQueue,
};

/// A message at the end of its last try, with all that its worker knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUp<'a> {
    /// The queue it came from.
    pub queue: WorkQueue,
    /// Its id there.
    pub id: &'a str,
    /// Its text.
    pub body: &'a str,
    /// Why the last try failed.
    pub error: &'a str,
    /// How often it was tried.
    pub tries: u32,
    /// When it was sent to its queue, if that is known.
    pub first_sent_at: Option<DateTime<Utc>>,
}

/// A worker's way to put a message with the dead letters of its queue.
pub trait GiveUp: Send + Sync {
    /// How often the queue hands a message out before it moves it to the dead letters by itself, without a word.
    fn most_tries(&self) -> u32;

    /// Puts it with the dead letters.
    fn give_up(&self, letter: &GivenUp<'_>) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// A letter in one person's hands. Others can't see it for a short while, after which it's back by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// The letter.
    pub letter: DeadLetter,
    /// What the queue knows this holding by.
    pub receipt: String,
}

/// What was found in the dead letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The letters of each queue, the oldest first.
    pub letters: Vec<DeadLetter>,
    /// About how many more there are: over the limit, or in somebody's hands at that moment.
    pub more: u64,
}

/// A person's way to the dead letters.
///
/// A queue knows no letter by its name: whoever looks holds what was looked at, and puts it back. What is held by somebody
/// who dies is back by itself after a short while.
pub trait DeadLetters: Send + Sync {
    /// The letters of a queue, at most `limit`. They stay there.
    fn list(&self, queue: DeadLetterQueue, limit: usize) -> impl Future<Output = Result<Listing, PortError>> + Send;

    /// Takes one letter in hand. `None` when it isn't there: not now, and not once whoever may have held it must have let it
    /// go.
    fn take(
        &self,
        queue: DeadLetterQueue,
        id: &LetterId,
    ) -> impl Future<Output = Result<Option<InHand>, PortError>> + Send;

    /// Takes some letters in hand, whichever come first. None when none can be seen.
    fn take_any(&self, queue: DeadLetterQueue) -> impl Future<Output = Result<Vec<InHand>, PortError>> + Send;

    /// Lets a letter go, so that others see it at once. One that isn't in hand any more is no error.
    fn put_back(&self, held: &InHand) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Removes a letter for good. One that isn't there any more is no error.
    fn delete(&self, held: &InHand) -> impl Future<Output = Result<(), PortError>> + Send;
}
