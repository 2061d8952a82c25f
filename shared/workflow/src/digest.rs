//! The use case of the function `digest`: tells each tenant's people once a day what happened and what waits for them, and at
//! once what can't wait.
//!
//! A mail is kept before it's sent, announced, handed over once, and its outcome written down: see [`domain::digest::Fate`].

mod address;
mod daily;
mod notices;
mod post;
mod tick;

use std::time::Duration;

use chrono::TimeDelta;

pub use tick::{DigestTick, register, tick};

use crate::{
    advance::Outcome,
    message::DigestMessage,
    ports::{Clock, Digests, Mailer, PortError, Ports},
};
use address::Book;

/// Most held and failed jobs that are read at once: far more than anybody lets stand, and some megabytes at most.
const MOST_WAITING: usize = 2_000;

/// What became of what was to be mailed.
enum Posted {
    /// It's settled, one way or another.
    Settled,
    /// It's looked at again after this.
    Later(Duration),
}

/// Tells whatever is to be told to the message's tenant by now.
pub async fn work<P: Ports, M: Mailer>(ports: &P, mailer: &M, message: &DigestMessage) -> Result<Outcome, PortError> {
    let DigestMessage::Tenant { tenant } = message;
    let Some(seen) = ports.journal().digests_wake(tenant).await? else { return Ok(Outcome::Settled) };
    let Some(book) = Book::open(ports, tenant).await? else {
        // A tenant without settings is nobody's.
        ports.journal().move_digests(tenant, seen, None).await?;
        return Ok(Outcome::Settled);
    };
    let now = ports.clock().now();
    let posted = [notices::tell(ports, mailer, &book, now).await?, daily::tell(ports, mailer, &book, now).await?];
    let later = posted.into_iter().filter_map(|posted| match posted {
        Posted::Settled => None,
        Posted::Later(time) => Some(time),
    });
    // By the heartbeat and not by the message: what is waited for may be long, and a message that comes again and again may end with
    // the dead letters.
    let waits = later.min().and_then(|time| TimeDelta::from_std(time).ok()).map(|time| now + time);
    ports.journal().move_digests(tenant, seen, Some(waits.unwrap_or_else(|| book.next(now)))).await?;
    Ok(Outcome::Settled)
}
