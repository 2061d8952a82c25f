//! The client: one call in, one typed answer or error out.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use http_once::{HttpClient, SetupError, Transport, Url, base_url};
use lenient_json::{FromObject, Malformed, Object};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::booking::SendByWords;
use crate::call::{Call, Surface};
use crate::error::Error;
use crate::figures::Figures;
use crate::numbers::AgreementNumber;
use crate::outcome::{self, Purpose, Success};
use crate::pacer::Pacer;
use crate::self_info::SelfInfo;
use crate::tokens::{AgreementGrantToken, AppSecretToken};

/// Where the legacy REST API lives.
pub const REST_URL: &str = "https://restapi.e-conomic.com";

/// Where the OpenAPI lives.
pub const OPEN_API_URL: &str = "https://apis.e-conomic.com";

/// What may differ from the real e-conomic, or from what is assumed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Address of the legacy REST API, normally [`REST_URL`].
    pub rest_url: String,
    /// Address of the OpenAPI, normally [`OPEN_API_URL`].
    pub open_api_url: String,
    /// How the ways of sending are spelled.
    pub send_by_words: SendByWords,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rest_url: REST_URL.to_owned(),
            open_api_url: OPEN_API_URL.to_owned(),
            send_by_words: SendByWords::default(),
        }
    }
}

/// The API for all agreements of one app, reached over `H`. Clones share connections and pacer.
pub struct Client<P, H = HttpClient> {
    shared: Arc<Shared<P, H>>,
}

struct Shared<P, H> {
    http: H,
    rest_url: Url,
    open_api_url: Url,
    send_by_words: SendByWords,
    app: AppSecretToken,
    pacer: P,
}

impl<P: Pacer, H: Transport> Client<P, H> {
    /// A client of the API for the app with this secret.
    pub fn new(http: H, settings: &Settings, app: AppSecretToken, pacer: P) -> Result<Self, SetupError> {
        let (rest_url, open_api_url) = (base_url(&settings.rest_url)?, base_url(&settings.open_api_url)?);
        let send_by_words = settings.send_by_words.clone();
        Ok(Self { shared: Arc::new(Shared { http, rest_url, open_api_url, send_by_words, app, pacer }) })
    }

    /// The API as this agreement.
    pub fn for_agreement(&self, agreement: AgreementNumber, grant: AgreementGrantToken) -> Session<P, H> {
        Session { client: self.clone(), agreement: Some(agreement), grant }
    }

    /// Whose grant this is. The one call that is not paced, because it's what tells the agreement to pace by.
    pub async fn identify(&self, grant: AgreementGrantToken) -> Result<SelfInfo, Error> {
        Session { client: self.clone(), agreement: None, grant }.self_info().await
    }
}

impl<P, H> Clone for Client<P, H> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<P, H> fmt::Debug for Client<P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("rest_url", &self.shared.rest_url.as_str())
            .field("open_api_url", &self.shared.open_api_url.as_str())
            .finish_non_exhaustive()
    }
}

/// The API as one agreement. All calls are methods of this.
pub struct Session<P, H = HttpClient> {
    client: Client<P, H>,
    agreement: Option<AgreementNumber>,
    grant: AgreementGrantToken,
}

impl<P, H> Clone for Session<P, H> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), agreement: self.agreement, grant: self.grant.clone() }
    }
}

impl<P, H> fmt::Debug for Session<P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("agreement", &self.agreement).finish_non_exhaustive()
    }
}

impl<P, H> Session<P, H> {
    pub(crate) fn send_by_words(&self) -> &SendByWords {
        &self.client.shared.send_by_words
    }
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// Makes the call and reads the answer as one document.
    pub(crate) async fn document<T: FromObject>(&self, call: Call) -> Result<T, Error> {
        self.json(call, T::from_object).await
    }

    /// The same, and `None` if e-conomic itself says that there is no such document.
    pub(crate) async fn document_if_any<T: FromObject>(&self, call: Call) -> Result<Option<T>, Error> {
        match self.document(call).await {
            Ok(document) => Ok(Some(document)),
            Err(Error::Refused(refusal)) if refusal.proves_absence() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the call and reads the JSON answer.
    pub(crate) async fn json<T>(
        &self,
        call: Call,
        read: impl FnOnce(&Object<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        self.call(call, Purpose::Read).await?.read(read)
    }

    /// Makes the call and checks that the answer is a PDF.
    pub(crate) async fn pdf(&self, call: Call) -> Result<Vec<u8>, Error> {
        let Success { request_id, body, .. } = self.call(call.pdf(), Purpose::Read).await?;
        if body.starts_with(b"%PDF") { Ok(body) } else { Err(Error::NotPdf { request_id }) }
    }

    /// Waits for a slot, sends the request once and sorts the answer. Logs neither arguments nor bodies.
    pub(crate) async fn call(&self, call: Call, purpose: Purpose) -> Result<Success, Error> {
        let span = tracing::info_span!(
            "economic.call",
            company = self.agreement.map(AgreementNumber::get),
            method = %call.method(),
            path = call.template,
            status = Empty,
            duration_ms = Empty,
            outcome = Empty,
        );
        async {
            let result = self.paced(call, purpose).await;
            let outcome = result.as_ref().map_or_else(Error::kind, |_| "ok");
            Span::current().record("outcome", outcome);
            tracing::debug!("economic.call.done");
            result
        }
        .instrument(span)
        .await
    }

    async fn paced(&self, call: Call, purpose: Purpose) -> Result<Success, Error> {
        let Shared { http, rest_url, open_api_url, app, pacer, .. } = &*self.client.shared;
        let base_url = match call.surface {
            Surface::Rest => rest_url,
            Surface::OpenApi => open_api_url,
        };
        let largest_body = call.largest_body;
        let request = call.request(base_url, app, &self.grant)?;
        if let Some(agreement) = self.agreement {
            pacer.slot(agreement).await?;
        }
        let sent_at = Instant::now();
        let answer = http.send(request, largest_body).await;
        let span = Span::current();
        span.record("duration_ms", u64::try_from(sent_at.elapsed().as_millis()).unwrap_or(u64::MAX));
        let answer = answer.map_err(Error::from)?;
        span.record("status", answer.status);

        let figures = Figures::read(&answer.headers);
        let result = outcome::sort(answer, purpose);
        if let Some(agreement) = self.agreement {
            if let Some(figures) = figures {
                pacer.told(agreement, figures).await;
            }
            if let Err(Error::RateLimited { retry_after, .. }) = &result {
                pacer.refused(agreement, *retry_after).await;
            }
        }
        result
    }
}

impl Success {
    /// Reads the body.
    pub(crate) fn read<T>(self, read: impl FnOnce(&Object<'_>) -> Result<T, Malformed>) -> Result<T, Error> {
        let Self { status, request_id, body, .. } = self;
        let answer = std::str::from_utf8(&body)
            .map_err(|_| "the body is not UTF-8".to_owned())
            .and_then(|text| Object::root(text).and_then(|root| read(&root)).map_err(|problem| problem.to_string()));
        answer.map_err(|reason| Error::Unreadable { status, reason, request_id })
    }
}
