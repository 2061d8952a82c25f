//! The HTTP layer: one request, one answer, nothing by itself.

use std::future::Future;
use std::time::{Duration, SystemTime};

use chrono::DateTime;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Request, RequestBuilder, redirect, retry};

use crate::error::{Cause, SetupError};

/// Longest JSON answer. A page of 500 contracts is about 0.3 MB and an invoice of a thousand rows about 0.5 MB; this
/// leaves room tenfold and still fits a function of 128 MB.
pub(crate) const LARGEST_JSON_BYTES: usize = 4 * 1024 * 1024;

/// Longest PDF. It is mailed base64-coded, a third longer, and mailboxes commonly stop at 20 to 25 MB.
pub(crate) const LARGEST_PDF_BYTES: usize = 12 * 1024 * 1024;

/// How long an unused connection is kept. Short, because a request written to a connection that the other side has
/// already given up ends as "effect unknown"; long enough for the calls of one invoice to share one.
const KEEP_UNUSED_CONNECTION: Duration = Duration::from_secs(10);

/// Longest identifier taken over from an `X-Uid` header.
const LONGEST_UID: usize = 100;

/// Longest pause taken over from a `Retry-After` header: the limit is counted over five seconds, so more than five
/// minutes cannot be meant.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(5);

/// How long to wait for Fortnox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included. Running out means that nothing was sent.
    pub connect: Duration,
    /// For the whole call until the last byte of the answer. Running out leaves an effect unknown, so this is long.
    pub answer: Duration,
}

impl Default for Timeouts {
    /// 5 s to connect: normally 0.1 s, and a failure here is harmless. 30 s in all: giving up early on a slow create or
    /// book call turns a plain success into an unknown, which costs more calls than waiting.
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), answer: Duration::from_secs(30) }
    }
}

/// The shared connections to Fortnox. Clones share them.
///
/// Never follows a redirect and never sends a request twice: a repeated create or book call would be a second invoice.
/// The one thing below that may try again is the connection pool, when a kept connection turns out closed before any
/// byte of the request was written.
#[derive(Clone, Debug)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// Sets up TLS and the connection pool.
    pub fn new(timeouts: Timeouts) -> Result<Self, SetupError> {
        reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.answer)
            .pool_idle_timeout(KEEP_UNUSED_CONNECTION)
            .user_agent(concat!("fortnox-rs/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|error| SetupError::Http(error.without_url().into()))
    }

    pub(crate) const fn inner(&self) -> &reqwest::Client {
        &self.0
    }
}

/// The way to the API: the network, or a Fortnox in the same process.
///
/// An implementation sends a request **once** and never again by itself: a repeated create or book call would be a second
/// invoice. What it can't answer for it says in the error, since the caller decides by that whether the effect may have
/// happened.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request once. A longer body than `largest_body` bytes is given up.
    fn send(&self, request: Request, largest_body: usize) -> impl Future<Output = Result<Answer, Fault>> + Send;
}

impl Transport for HttpClient {
    async fn send(&self, request: Request, largest_body: usize) -> Result<Answer, Fault> {
        receive(self.0.execute(request).await, largest_body).await
    }
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

/// Why an answer has no body.
#[derive(Debug)]
pub enum BodyFault {
    /// It did not come to its end.
    Lost(Lost),
    /// Longer than the limit, in bytes.
    TooLarge(usize),
}

/// An answer with the headers that matter. `Debug` leaves the body out, which holds names, addresses and amounts.
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) uid: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Result<Vec<u8>, BodyFault>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("uid", &self.uid).finish_non_exhaustive()
    }
}

impl Answer {
    /// The answer with this status, these headers and this body, as it came in at `now`.
    pub fn new(status: u16, headers: &HeaderMap, now: SystemTime, body: Result<Vec<u8>, BodyFault>) -> Self {
        Self { status, uid: uid(headers), retry_after: retry_after(headers, now), body }
    }

    /// The body, or nothing if it could not be read: good enough where the status has already decided.
    pub(crate) fn body_or_nothing(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

/// Sends one request once.
pub(crate) async fn send(request: RequestBuilder, largest_body: usize) -> Result<Answer, Fault> {
    receive(request.send().await, largest_body).await
}

async fn receive(response: reqwest::Result<reqwest::Response>, largest_body: usize) -> Result<Answer, Fault> {
    let response = response.map_err(fault)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = body(response, largest_body).await;
    Ok(Answer::new(status, &headers, SystemTime::now(), body))
}

fn fault(error: reqwest::Error) -> Fault {
    if error.is_builder() {
        Fault::Unsendable
    } else if error.is_connect() {
        Fault::NotSent(error.without_url().into())
    } else {
        Fault::Lost(lost(error))
    }
}

fn lost(error: reqwest::Error) -> Lost {
    Lost { timed_out: error.is_timeout(), cause: error.without_url().into() }
}

async fn body(mut response: reqwest::Response, largest: usize) -> Result<Vec<u8>, BodyFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| BodyFault::Lost(lost(error)))? {
        if body.len() + chunk.len() > largest {
            return Err(BodyFault::TooLarge(largest));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn uid(headers: &HeaderMap) -> Option<String> {
    let uid = headers.get("x-uid")?.to_str().ok()?;
    Some(uid.chars().filter(char::is_ascii_graphic).take(LONGEST_UID).collect())
}

/// `Retry-After` in either of its forms. Whether Fortnox sends it at all is not documented.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = SystemTime::from(DateTime::parse_from_rfc2822(value).ok()?);
        until.duration_since(now).unwrap_or_default()
    };
    Some(pause.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn pause(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        let now = DateTime::parse_from_rfc2822("Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
        retry_after(&headers, now.into())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_bounded() {
        assert_eq!(pause("2"), Some(Duration::from_secs(2)));
        assert_eq!(pause("Wed, 21 Oct 2026 07:28:07 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(pause("Wed, 21 Oct 2026 07:27:00 GMT"), Some(Duration::ZERO));
        assert_eq!(pause("86400"), Some(LONGEST_RETRY_AFTER));
        assert_eq!(pause("soon"), None);
        assert_eq!(pause("-1"), None);
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::now()), None);
    }
}
