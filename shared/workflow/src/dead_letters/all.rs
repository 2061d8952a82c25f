//! All of a queue's letters at once, for whoever has to do it at night.

use std::collections::BTreeSet;

use super::{
    DeadLetterQueue, LetterId, RedriveError,
    act::{let_go, redrive_held},
};
use crate::ports::{DeadLetters, PortError, Ports};

/// Most letters that one call deals with: a few minutes' work. What is left is told, and another call goes on with it.
pub const MOST_AT_ONCE: usize = 1_000;

/// A letter that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub id: LetterId,
    /// Why, and what to do.
    pub why: String,
}

/// What came of redriving a queue's letters.
#[derive(Debug, Default)]
pub struct RedrivenAll {
    /// The letters that went to their queue again.
    pub redriven: Vec<LetterId>,
    /// Those that this version could only give up again.
    pub refused: Vec<Refused>,
    /// Those that somebody else acted on meanwhile, or holds.
    pub elsewhere: Vec<LetterId>,
    /// About how many there were besides: more than [`MOST_AT_ONCE`], or held by somebody from the beginning.
    pub more: u64,
    /// What ended it early. May be repeated: what was redriven stays redriven.
    pub stopped: Option<PortError>,
}

/// `by` sends all of a queue's letters that this version can read to their queue again, each as [`redrive`] does.
///
/// Letters that come meanwhile are left alone: one that is given up again at once would otherwise go round and round.
///
/// [`redrive`]: super::redrive
pub async fn redrive_all<P: Ports, L: DeadLetters>(
    ports: &P,
    letters: &L,
    by: &str,
    queue: DeadLetterQueue,
) -> Result<RedrivenAll, PortError> {
    let listing = letters.list(queue, MOST_AT_ONCE).await?;
    let mut left: BTreeSet<LetterId> = listing.letters.into_iter().map(|letter| letter.id).collect();
    let mut all = RedrivenAll { more: listing.more, ..RedrivenAll::default() };
    let mut aside = Vec::new();
    // A queue gives at least one letter at a time, of which some may be newcomers.
    for _ in 0..2 * MOST_AT_ONCE {
        if left.is_empty() || all.stopped.is_some() {
            break;
        }
        let batch = match letters.take_any(queue).await {
            Ok(batch) if batch.is_empty() => break,
            Ok(batch) => batch,
            Err(error) => {
                all.stopped = Some(error);
                break;
            }
        };
        for held in batch {
            let id = held.letter.id.clone();
            if all.stopped.is_some() || !left.contains(&id) {
                aside.push(held);
                continue;
            }
            match redrive_held(ports, letters, by, &held).await {
                Ok(()) => all.redriven.push(id.clone()),
                Err(RedriveError::Port(error)) => {
                    all.stopped = Some(error);
                    aside.push(held);
                    continue;
                }
                Err(refusal) => {
                    all.refused.push(Refused { id: id.clone(), why: refusal.to_string() });
                    aside.push(held);
                }
            }
            left.remove(&id);
        }
    }
    // Held until now, so that no batch brought them again.
    for held in &aside {
        let_go(letters, held).await;
    }
    if all.stopped.is_none() {
        all.elsewhere = left.into_iter().collect();
    }
    Ok(all)
}
