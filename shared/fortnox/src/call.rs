//! One request to the API, before it is sent.

use reqwest::header::{self, ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Method, Request, Url};

use crate::error::Error;
use crate::limits::{LARGEST_JSON_BYTES, LARGEST_PDF_BYTES, USER_AGENT};
use crate::tokens::AccessToken;

/// The classic API, which nearly everything is in.
const CLASSIC: &str = "3";
/// Where Fortnox puts what is newer.
const NEWER: &str = "api";

/// One request to `/3/…`, or to `/api/…`.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    root: &'static str,
    /// Path below the root, with a `{name}` segment for each argument: what logs show.
    pub(crate) template: &'static str,
    arguments: Vec<&'a str>,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    accept: &'static str,
    pub(crate) largest_body: usize,
}

impl<'a> Call<'a> {
    pub(crate) const fn get(template: &'static str) -> Self {
        Self::new(Method::GET, template)
    }

    /// A read of the newer API.
    pub(crate) const fn get_newer(template: &'static str) -> Self {
        let mut call = Self::new(Method::GET, template);
        call.root = NEWER;
        call
    }

    /// An action without input. Since 2026 Fortnox demands a JSON content type and takes `{}` as body.
    pub(crate) const fn put(template: &'static str) -> Self {
        Self::new(Method::PUT, template)
    }

    /// Something new, of which [`json`](Self::json) says what.
    pub(crate) const fn post(template: &'static str) -> Self {
        Self::new(Method::POST, template)
    }

    const fn new(method: Method, template: &'static str) -> Self {
        Self {
            method,
            root: CLASSIC,
            template,
            arguments: Vec::new(),
            query: Vec::new(),
            body: None,
            accept: "application/json",
            largest_body: LARGEST_JSON_BYTES,
        }
    }

    /// Fills the next `{name}` of the path.
    pub(crate) fn argument(mut self, value: &'a str) -> Self {
        self.arguments.push(value);
        self
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The JSON to send, in the place of `{}`.
    pub(crate) fn json(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// Asks for a PDF instead of JSON.
    pub(crate) const fn pdf(mut self) -> Self {
        self.accept = "application/pdf";
        self.largest_body = LARGEST_PDF_BYTES;
        self
    }

    /// The whole request, not yet sent.
    pub(crate) fn request(&self, api_url: &Url, access_token: &AccessToken) -> Result<Request, Error> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", access_token.expose()))
            .map_err(|_| Error::InvalidArgument { what: "the token" })?;
        bearer.set_sensitive(true);
        let mut request = Request::new(self.method.clone(), self.url(api_url)?);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.method != Method::GET {
            *request.body_mut() = Some(Body::from(self.body.clone().unwrap_or_else(|| "{}".to_owned())));
        }
        Ok(request)
    }

    /// The address, with every argument percent-encoded as one segment.
    fn url(&self, api_url: &Url) -> Result<Url, Error> {
        let mut url = api_url.clone();
        let mut arguments = self.arguments.iter();
        {
            let mut path = url.path_segments_mut().map_err(|()| Error::InvalidArgument { what: "the base address" })?;
            path.pop_if_empty().push(self.root);
            for segment in self.template.split('/') {
                if !segment.starts_with('{') {
                    path.push(segment);
                    continue;
                }
                match arguments.next() {
                    // An empty number would address the whole list, and dots would be resolved away.
                    None | Some(&("" | "." | "..")) => {
                        return Err(Error::InvalidArgument { what: "an empty number" });
                    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use http_once::base_url;

    use super::*;

    fn url(call: &Call<'_>) -> String {
        call.url(&base_url("https://x.test/").unwrap()).unwrap().to_string()
    }

    #[test]
    fn arguments_are_one_encoded_segment_each() {
        assert_eq!(
            url(&Call::get("customers/{CustomerNumber}").argument("A/1 ?#%å")),
            "https://x.test/3/customers/A%2F1%20%3F%23%25%C3%A5"
        );
        assert_eq!(
            url(&Call::put("contracts/{DocumentNumber}/createinvoice")
                .argument("7")
                .query("invoicedate", "2026-01-31")),
            "https://x.test/3/contracts/7/createinvoice?invoicedate=2026-01-31"
        );
        assert_eq!(url(&Call::get("settings/company")), "https://x.test/3/settings/company");
    }

    #[test]
    fn a_base_with_a_path_keeps_it() {
        let base = base_url("http://127.0.0.1:1/sim").unwrap();
        assert_eq!(Call::get("contracts").url(&base).unwrap().as_str(), "http://127.0.0.1:1/sim/3/contracts");
    }

    #[test]
    fn numbers_that_would_change_the_path_are_not_sent() {
        for number in ["", ".", ".."] {
            let call = Call::get("invoices/{DocumentNumber}").argument(number);
            let error = call.url(&base_url("https://x.test").unwrap()).unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { .. }));
        }
    }
}
