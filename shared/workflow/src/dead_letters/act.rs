//! What a person does with dead letters, one at a time.

use std::time::Duration;

use futures_util::future::try_join_all;

use super::{Content, DeadLetter, DeadLetterQueue, Deed, LetterDeed, LetterId};
use crate::{
    message::Message,
    ports::{Clock, DeadLetters, InHand, Journal, Listing, PortError, Ports, Queues},
};

/// What came of acting on a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It's done.
    Done(Box<DeadLetter>),
    /// The letter isn't there any more: somebody was quicker.
    AlreadyGone,
}

/// Why a letter was not sent to its queue again. It's still where it was.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// A worker of this version could only give it up again. Not to be repeated with this version.
    #[error("the letter {id} can't be read by this version: discard it, or deploy a version that knows it ({why})")]
    Unreadable {
        /// Which.
        id: LetterId,
        /// Why, in serde's words.
        why: String,
    },
    /// Not to be repeated: there is no queue to send a tick to.
    #[error("the letter {0} is a tick, and the next tick finds all that is due: discard it")]
    Tick(LetterId),
    /// A store or queue didn't answer. May be repeated: the letter may come to its queue twice, which changes nothing.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl RedriveError {
    /// Whether the same call may have another result.
    pub fn may_be_repeated(&self) -> bool {
        matches!(self, Self::Port(_))
    }
}

/// The letters of one queue, or of all; at most `limit` of each. They stay there.
pub async fn list<L: DeadLetters>(
    letters: &L,
    queue: Option<DeadLetterQueue>,
    limit: usize,
) -> Result<Listing, PortError> {
    let Some(queue) = queue else {
        let all = try_join_all(DeadLetterQueue::ALL.map(|queue| letters.list(queue, limit))).await?;
        let more = all.iter().map(|listing| listing.more).sum();
        return Ok(Listing { letters: all.into_iter().flat_map(|listing| listing.letters).collect(), more });
    };
    letters.list(queue, limit).await
}

/// `by` sends a letter to its queue again, as a new message with all its tries before it.
///
/// It's sent first and removed then. A crash in between leaves it in both places, and another redrive sends it twice: that
/// changes nothing, since a worker goes by the journal and does nothing twice. The other way round it could get lost.
pub async fn redrive<P: Ports, L: DeadLetters>(
    ports: &P,
    letters: &L,
    by: &str,
    queue: DeadLetterQueue,
    id: &LetterId,
) -> Result<Acted, RedriveError> {
    let Some(held) = letters.take(queue, id).await? else { return Ok(Acted::AlreadyGone) };
    let done = redrive_held(ports, letters, by, &held).await;
    settle(letters, held, done).await
}

/// `by` throws a letter away.
pub async fn discard<P: Ports, L: DeadLetters>(
    ports: &P,
    letters: &L,
    by: &str,
    queue: DeadLetterQueue,
    id: &LetterId,
) -> Result<Acted, PortError> {
    let Some(held) = letters.take(queue, id).await? else { return Ok(Acted::AlreadyGone) };
    let done = discard_held(ports, letters, by, &held).await;
    settle(letters, held, done).await
}

/// What a letter goes to its queue as.
fn readable(letter: &DeadLetter) -> Result<&Message, RedriveError> {
    match &letter.content {
        Content::Message(message) => Ok(message),
        Content::Tick(_) => Err(RedriveError::Tick(letter.id.clone())),
        Content::Unreadable { why } => Err(RedriveError::Unreadable { id: letter.id.clone(), why: why.clone() }),
    }
}

pub(super) async fn redrive_held<P: Ports, L: DeadLetters>(
    ports: &P,
    letters: &L,
    by: &str,
    held: &InHand,
) -> Result<(), RedriveError> {
    let message = readable(&held.letter)?;
    let deed = begin(ports, Deed::Redrive, by, held).await?;
    ports.queues().send(message, Duration::ZERO).await?;
    letters.delete(held).await?;
    Ok(end(ports, deed).await?)
}

async fn discard_held<P: Ports, L: DeadLetters>(
    ports: &P,
    letters: &L,
    by: &str,
    held: &InHand,
) -> Result<(), PortError> {
    let deed = begin(ports, Deed::Discard, by, held).await?;
    letters.delete(held).await?;
    end(ports, deed).await
}

async fn begin<P: Ports>(ports: &P, deed: Deed, by: &str, held: &InHand) -> Result<LetterDeed, PortError> {
    let deed = LetterDeed::begun(deed, by, &held.letter, ports.clock().now());
    ports.journal().keep_deed(&deed).await?;
    Ok(deed)
}

async fn end<P: Ports>(ports: &P, deed: LetterDeed) -> Result<(), PortError> {
    ports.journal().keep_deed(&LetterDeed { done: true, ..deed }).await
}

/// Lets go of a letter with which nothing was done.
async fn settle<L: DeadLetters, E>(letters: &L, held: InHand, done: Result<(), E>) -> Result<Acted, E> {
    if let Err(error) = done {
        let_go(letters, &held).await;
        return Err(error);
    }
    Ok(Acted::Done(Box::new(held.letter)))
}

/// Puts a letter back. If that fails it's back by itself a little later.
pub(super) async fn let_go<L: DeadLetters>(letters: &L, held: &InHand) {
    if let Err(error) = letters.put_back(held).await {
        tracing::warn!(error = error.for_logs(), "a dead letter could not be put back; it comes back by itself");
    }
}
