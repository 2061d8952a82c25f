//! One request to the API, before it is sent.

use http_once::{Request, Url};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Body, Method};

use crate::error::Error;
use crate::limits::{self, LARGEST_JSON_BYTES, LARGEST_PDF_BYTES};
use crate::tokens::{AgreementGrantToken, AppSecretToken, IdempotencyKey};

const APP_SECRET_TOKEN: HeaderName = HeaderName::from_static("x-appsecrettoken");
const AGREEMENT_GRANT_TOKEN: HeaderName = HeaderName::from_static("x-agreementgranttoken");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Which of the two hosts a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// The legacy REST API.
    Rest,
    /// The OpenAPI host.
    OpenApi,
}

/// What a call does. There is no way to change or delete anything: `DELETE /invoices/drafts` deletes **all** drafts.
enum Verb {
    Get,
    Book { body: Vec<u8>, key: IdempotencyKey },
}

/// One request.
pub(crate) struct Call {
    verb: Verb,
    pub(crate) surface: Surface,
    /// Path, with a `{name}` segment for each argument: what logs show.
    pub(crate) template: &'static str,
    arguments: Vec<String>,
    query: Vec<(&'static str, String)>,
    accept: &'static str,
    pub(crate) largest_body: usize,
}

impl Call {
    pub(crate) const fn rest(template: &'static str) -> Self {
        Self::new(Verb::Get, Surface::Rest, template)
    }

    pub(crate) const fn open_api(template: &'static str) -> Self {
        Self::new(Verb::Get, Surface::OpenApi, template)
    }

    /// Books what the body says: the one call with an effect.
    pub(crate) const fn book(body: Vec<u8>, key: IdempotencyKey) -> Self {
        Self::new(Verb::Book { body, key }, Surface::Rest, "invoices/booked")
    }

    const fn new(verb: Verb, surface: Surface, template: &'static str) -> Self {
        Self {
            verb,
            surface,
            template,
            arguments: Vec::new(),
            query: Vec::new(),
            accept: "application/json",
            largest_body: LARGEST_JSON_BYTES,
        }
    }

    /// Fills the next `{name}` of the path.
    pub(crate) fn argument(mut self, value: &impl ToString) -> Self {
        self.arguments.push(value.to_string());
        self
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Asks for a PDF. e-conomic answers 406 to `Accept: application/pdf` (seen by others), so anything is accepted.
    pub(crate) const fn pdf(mut self) -> Self {
        self.accept = "*/*";
        self.largest_body = LARGEST_PDF_BYTES;
        self
    }

    pub(crate) const fn method(&self) -> Method {
        match self.verb {
            Verb::Get => Method::GET,
            Verb::Book { .. } => Method::POST,
        }
    }

    /// The whole request, not yet sent.
    pub(crate) fn request(
        self,
        base_url: &Url,
        app: &AppSecretToken,
        grant: &AgreementGrantToken,
    ) -> Result<Request, Error> {
        let mut request = Request::new(self.method(), self.url(base_url)?);
        let headers = request.headers_mut();
        secret(headers, APP_SECRET_TOKEN, app.expose(), "the app's secret token")?;
        secret(headers, AGREEMENT_GRANT_TOKEN, grant.expose(), "the agreement's grant token")?;
        headers.insert(USER_AGENT, HeaderValue::from_static(limits::USER_AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Verb::Book { body, key } = self.verb {
            let key = HeaderValue::from_str(key.as_str())
                .map_err(|_| Error::InvalidArgument { what: "the idempotency key" })?;
            headers.insert(IDEMPOTENCY_KEY, key);
            *request.body_mut() = Some(Body::from(body));
        }
        Ok(request)
    }

    /// The address, with every argument percent-encoded as one segment.
    fn url(&self, base_url: &Url) -> Result<Url, Error> {
        let mut url = base_url.clone();
        let mut arguments = self.arguments.iter();
        {
            let mut path = url.path_segments_mut().map_err(|()| Error::InvalidArgument { what: "the base address" })?;
            path.pop_if_empty();
            for segment in self.template.split('/') {
                if !segment.starts_with('{') {
                    path.push(segment);
                    continue;
                }
                match arguments.next().map(String::as_str) {
                    // An empty argument would address the whole list, and dots would be resolved away.
                    None | Some("" | "." | "..") => return Err(Error::InvalidArgument { what: "an empty argument" }),
                    Some(value) => path.push(value),
                };
            }
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

fn secret(headers: &mut HeaderMap, name: HeaderName, value: &str, what: &'static str) -> Result<(), Error> {
    let mut value = HeaderValue::from_str(value).map_err(|_| Error::InvalidArgument { what })?;
    if value.is_empty() {
        return Err(Error::InvalidArgument { what });
    }
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

/// Writes a text as a segment of the legacy REST API, which takes some characters in a spelling of its own (e-conomic's
/// documentation of 2019).
pub(crate) fn legacy_segment(text: &str) -> String {
    const SPELLED: [(char, &str); 14] = [
        ('<', "_0_"),
        ('>', "_1_"),
        ('*', "_2_"),
        ('%', "_3_"),
        (':', "_4_"),
        ('&', "_5_"),
        ('/', "_6_"),
        ('\\', "_7_"),
        ('_', "_8_"),
        (' ', "_9_"),
        ('?', "_10_"),
        ('.', "_11_"),
        ('#', "_12_"),
        ('+', "_13_"),
    ];
    let mut segment = String::with_capacity(text.len());
    for c in text.chars() {
        match SPELLED.iter().find(|(spelled, _)| *spelled == c) {
            Some((_, spelling)) => segment.push_str(spelling),
            None => segment.push(c),
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use http_once::base_url;

    use super::*;

    fn url(call: &Call) -> String {
        call.url(&base_url("https://x.test/").unwrap()).unwrap().to_string()
    }

    #[test]
    fn arguments_are_one_encoded_segment_each() {
        assert_eq!(url(&Call::rest("self")), "https://x.test/self");
        assert_eq!(url(&Call::rest("customers/{n}/contacts").argument(&7)), "https://x.test/customers/7/contacts");
        assert_eq!(url(&Call::rest("a/{n}").argument(&"æ/b")), "https://x.test/a/%C3%A6%2Fb");
        let call = Call::rest("invoices/drafts").query("filter", "references.other$eq:a&b").query("pagesize", "1000");
        assert_eq!(url(&call), "https://x.test/invoices/drafts?filter=references.other%24eq%3Aa%26b&pagesize=1000");
    }

    #[test]
    fn a_base_with_a_path_keeps_it() {
        let base = base_url("http://127.0.0.1:1/sim").unwrap();
        assert_eq!(Call::rest("self").url(&base).unwrap().as_str(), "http://127.0.0.1:1/sim/self");
    }

    #[test]
    fn arguments_that_would_change_the_path_are_not_sent() {
        for argument in ["", ".", ".."] {
            let error = Call::rest("a/{n}").argument(&argument).url(&base_url("https://x.test").unwrap()).unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { .. }));
        }
    }

    #[test]
    fn the_legacy_api_spells_some_characters_its_own_way() {
        assert_eq!(legacy_segment("2025/2026"), "2025_6_2026");
        assert_eq!(legacy_segment("a_b c+æ"), "a_8_b_9_c_13_æ");
    }

    #[test]
    fn tokens_are_sent_but_marked_as_secrets() {
        let base = base_url("https://x.test").unwrap();
        let (app, grant) = (AppSecretToken::new("hemmelig-app"), AgreementGrantToken::new("hemmelig-aftale"));
        let request = Call::rest("self").request(&base, &app, &grant).unwrap();
        assert_eq!(request.headers()["X-AppSecretToken"], "hemmelig-app");
        assert_eq!(request.headers()["X-AgreementGrantToken"], "hemmelig-aftale");
        assert!(!format!("{request:?}").contains("hemmelig"));
        for bad in ["", "a\nb"] {
            let error = Call::rest("self").request(&base, &AppSecretToken::new(bad), &grant).unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { what: "the app's secret token" }));
        }
    }
}
