//! The end of a message's last try.

use chrono::{DateTime, Utc};

use super::DeadLetterQueue;
use crate::{
    message::WorkQueue,
    ports::{GiveUp, GivenUp},
};

/// Longest text that is kept with a letter. SQS bounds a message together with its attributes (256 KiB, later 1 MiB): with
/// the longest characters this is 8 kB, so it never costs a letter its place. The cause stands at the beginning; what is cut
/// off are the SDK's own details.
pub const MOST_ERROR_CHARS: usize = 2_000;

/// A message as the queue handed it to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The queue.
    pub queue: WorkQueue,
    /// Its id.
    pub id: String,
    /// Its text.
    pub body: String,
    /// How often it was handed out, this time included; `None` when the queue doesn't say.
    pub tries: Option<u32>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Takes note of a failed try. At the last one the message goes to the dead letters with `error` and is dealt with: `true`.
/// Before that it isn't and must come again: `false`. Nor is it when the dead letters can't be reached: then the queue moves
/// it there by itself, without the text.
///
/// A worker that dies between here and telling its queue leaves the letter twice. So a letter may be redriven twice, like
/// any message may come twice.
pub async fn failed<G: GiveUp>(letters: &G, record: &Record, error: &str) -> bool {
    let Some(tries) = record.tries.filter(|tries| *tries >= letters.most_tries()) else { return false };
    let error = bounded(error);
    let Record { queue, id, body, sent_at, .. } = record;
    let letter = GivenUp { queue: *queue, id, body, error: &error, tries, first_sent_at: *sent_at };
    match letters.give_up(&letter).await {
        Ok(()) => {
            tracing::error!(queue = %DeadLetterQueue::of(*queue), tries, "given up: the dead letters say why");
            true
        }
        Err(error) => {
            tracing::error!(error = error.for_logs(), tries, "the dead letters can't be reached: the reason is lost");
            false
        }
    }
}

/// The beginning of a text, as far as it's kept.
pub(super) fn bounded(text: &str) -> String {
    const CUT: char = '…';
    if text.chars().nth(MOST_ERROR_CHARS).is_none() {
        return text.to_owned();
    }
    text.chars().take(MOST_ERROR_CHARS - 1).chain([CUT]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_whole_up_to_its_bound_and_cut_visibly_beyond() {
        let longest = "å".repeat(MOST_ERROR_CHARS);
        assert_eq!(bounded(&longest), longest);
        let cut = bounded(&format!("{longest}b"));
        assert_eq!(cut.chars().count(), MOST_ERROR_CHARS);
        assert!(cut.ends_with("å…"));
    }
}
