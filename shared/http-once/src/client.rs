//! The network.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use reqwest::{Method, Request, RequestBuilder, Url, redirect, retry};

use crate::answer::{Answer, BodyFault};
use crate::setup::SetupError;
use crate::transport::{Fault, Lost, Transport};

/// How long an unused connection is kept. Short, because a request written to a connection that the other side has
/// already given up ends as "effect unknown"; long enough for the calls of one invoice to share one.
const KEEP_UNUSED_CONNECTION: Duration = Duration::from_secs(10);

/// How long to wait for the service.
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

/// Shared connections. Clones share them, and so may clients of several services.
///
/// Never follows a redirect and never sends a request twice: a repeated create or book call would be a second invoice.
/// The one thing below that may try again is the connection pool, when a kept connection turns out closed before any
/// byte of the request was written.
#[derive(Clone, Debug)]
pub struct HttpClient(Arc<OnFirstUse>);

#[derive(Debug)]
struct OnFirstUse {
    timeouts: Timeouts,
    client: OnceLock<reqwest::Client>,
}

impl HttpClient {
    /// Sets nothing up yet: that reads the machine's root certificates, which takes milliseconds, and a process that calls nobody
    /// needs none.
    pub fn new(timeouts: Timeouts) -> Self {
        Self(Arc::new(OnFirstUse { timeouts, client: OnceLock::new() }))
    }

    /// Sets up TLS and the connection pool, so that the first call needn't.
    pub fn set_up(&self) -> Result<(), SetupError> {
        self.client().map(drop)
    }

    /// Begins a request, to be finished, built and given to [`Transport::send`].
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, SetupError> {
        Ok(self.client()?.request(method, url))
    }

    fn client(&self) -> Result<&reqwest::Client, SetupError> {
        let OnFirstUse { timeouts, client } = &*self.0;
        if let Some(client) = client.get() {
            return Ok(client);
        }
        let made = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.answer)
            .pool_idle_timeout(KEEP_UNUSED_CONNECTION)
            .build()
            .map_err(|error| SetupError::Http(error.without_url().into()))?;
        // Of two that were made at once all use one, or they'd have connections that the other can't use.
        Ok(client.get_or_init(|| made))
    }
}

impl Transport for HttpClient {
    async fn send(&self, request: Request, largest_body: usize) -> Result<Answer, Fault> {
        let client = self.client()?;
        let response = client.execute(request).await.map_err(fault)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = body(response, largest_body).await;
        Ok(Answer::new(status, &headers, SystemTime::now(), body))
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nothing_is_set_up_for_who_calls_nobody_and_clones_share_what_is() {
        let client = HttpClient::new(Timeouts::default());
        let clone = client.clone();
        assert!(client.0.client.get().is_none());
        clone.set_up().unwrap();
        assert!(std::ptr::eq(client.client().unwrap(), clone.client().unwrap()));
    }
}
