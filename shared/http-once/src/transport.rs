//! The way to a service, and why nothing came back on it.

use std::future::Future;

use reqwest::Request;

use crate::answer::Answer;

/// The cause below an error, without any URL in it.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The way to a service: the network, or a service in the same process.
///
/// An implementation sends a request **once** and never again by itself: a repeated create or book call would be a second
/// invoice. What it can't answer for it says in the error, since the caller decides by that whether the effect may have
/// happened.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request once. A longer body than `largest_body` bytes is given up.
    fn send(&self, request: Request, largest_body: usize) -> impl Future<Output = Result<Answer, Fault>> + Send;
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Fault {
    /// The request could not even be built.
    Unsendable,
    /// No connection, so nothing was sent.
    NotSent(Cause),
    /// Possibly sent, no answer.
    Lost(Lost),
}

/// An answer that did not come, or not to its end.
#[derive(Debug)]
pub struct Lost {
    /// Time ran out; else the connection broke.
    pub timed_out: bool,
    /// What happened below.
    pub cause: Cause,
}
