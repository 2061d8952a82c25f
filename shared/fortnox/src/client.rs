//! The client: one call in, one typed answer or error out.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use http_once::{HeaderMap, HttpClient, SetupError, Transport, base_url};
use lenient_json::{FromObject, Malformed, Object};
use reqwest::Url;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::call::Call;
use crate::error::Error;
use crate::outcome::{self, Success};
use crate::pacer::Pacer;
use crate::tenant::TenantId;
use crate::tokens::AccessToken;

/// Where the API lives.
pub const API_URL: &str = "https://api.fortnox.se";

/// The API for all companies of one integration, reached over `H`. Clones share connections and pacer.
pub struct Client<P, H = HttpClient> {
    shared: Arc<Shared<P, H>>,
}

struct Shared<P, H> {
    http: H,
    api_url: Url,
    pacer: P,
}

impl<P: Pacer, H: Transport> Client<P, H> {
    /// A client of the API at this address, normally [`API_URL`].
    pub fn new(http: H, api_url: &str, pacer: P) -> Result<Self, SetupError> {
        let api_url = base_url(api_url)?;
        Ok(Self { shared: Arc::new(Shared { http, api_url, pacer }) })
    }

    /// The API as this company, for as long as the token lives.
    pub fn for_tenant(&self, tenant: TenantId, access_token: AccessToken) -> Session<P, H> {
        Session { client: self.clone(), tenant, access_token, can_wait: false }
    }
}

impl<P, H> Clone for Client<P, H> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<P, H> fmt::Debug for Client<P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("api_url", &self.shared.api_url.as_str()).finish_non_exhaustive()
    }
}

/// The API as one company. All calls are methods of this.
pub struct Session<P, H = HttpClient> {
    client: Client<P, H>,
    tenant: TenantId,
    access_token: AccessToken,
    /// Whether its calls get only the slots that others leave.
    can_wait: bool,
}

impl<P, H> Clone for Session<P, H> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            tenant: self.tenant,
            access_token: self.access_token.clone(),
            can_wait: self.can_wait,
        }
    }
}

impl<P, H> fmt::Debug for Session<P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl<P, H> Session<P, H> {
    /// The company.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The same, for calls that can wait: they leave room for those that can't.
    #[must_use]
    pub fn beside(self) -> Self {
        Self { can_wait: true, ..self }
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// Makes the call and reads the object under `key`.
    pub(crate) async fn document<T: FromObject>(&self, call: Call<'_>, key: &'static str) -> Result<T, Error> {
        self.json(call, |root| T::from_object(&root.required(key, Object::object)?)).await
    }

    /// Makes the call and reads the JSON answer.
    pub(crate) async fn json<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&Object<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        self.text(call, |text, _| Object::root(text).and_then(|root| read(&root))).await
    }

    /// Makes the call and reads the answer's text and headers.
    pub(crate) async fn text<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&str, &HeaderMap) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        let Success { status, uid, headers, body } = self.call(call).await?;
        let answer = std::str::from_utf8(&body)
            .map_err(|_| "the body is not UTF-8".to_owned())
            .and_then(|text| read(text, &headers).map_err(|problem| problem.to_string()));
        answer.map_err(|reason| Error::Unreadable { status, reason, uid })
    }

    /// Makes the call and checks that the answer is a PDF.
    pub(crate) async fn pdf(&self, call: Call<'_>) -> Result<Vec<u8>, Error> {
        let Success { uid, body, .. } = self.call(call.pdf()).await?;
        if body.starts_with(b"%PDF") { Ok(body) } else { Err(Error::NotPdf { uid }) }
    }

    /// Waits for a slot, sends the request once and sorts the answer. Logs neither arguments nor bodies.
    async fn call(&self, call: Call<'_>) -> Result<Success, Error> {
        let span = tracing::info_span!(
            "fortnox.call",
            company = %self.tenant,
            method = %call.method,
            path = call.template,
            status = Empty,
            duration_ms = Empty,
            outcome = Empty,
        );
        async {
            let result = self.paced(&call).await;
            let outcome = result.as_ref().map_or_else(Error::kind, |_| "ok");
            Span::current().record("outcome", outcome);
            tracing::debug!("fortnox.call.done");
            result
        }
        .instrument(span)
        .await
    }

    async fn paced(&self, call: &Call<'_>) -> Result<Success, Error> {
        let Shared { http, api_url, pacer } = &*self.client.shared;
        let request = call.request(api_url, &self.access_token)?;
        if self.can_wait {
            pacer.slot_beside(self.tenant).await?;
        } else {
            pacer.slot(self.tenant).await?;
        }
        let sent_at = Instant::now();
        let answer = http.send(request, call.largest_body).await;
        let span = Span::current();
        span.record("duration_ms", u64::try_from(sent_at.elapsed().as_millis()).unwrap_or(u64::MAX));
        let answer = answer.map_err(Error::from)?;
        span.record("status", answer.status);

        let result = outcome::sort(answer);
        if let Err(Error::RateLimited { retry_after, .. }) = &result {
            pacer.refused(self.tenant, *retry_after).await;
        }
        result
    }
}
