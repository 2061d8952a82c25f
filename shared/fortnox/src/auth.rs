//! Getting access tokens, by the three grants of Fortnox's token endpoint, and the address of the consent page.

use std::fmt;
use std::time::Duration;

use http_once::{Fault, HttpClient, SetupError, Transport as _, base_url};
use lenient_json::{Malformed, Object};
use reqwest::header::{self, ACCEPT};
use reqwest::{Method, Url};

use crate::auth_error::{self, AuthError};
use crate::limits::USER_AGENT;
use crate::tenant::TenantId;
use crate::tokens::{AccessToken, AuthorizationCode, ClientSecret, RefreshToken};

/// Where consent and tokens come from.
pub const AUTH_URL: &str = "https://apps.fortnox.se";

/// Life of an access token if the answer does not say: what Fortnox documents.
const ACCESS_TOKEN_LIFE: Duration = Duration::from_hours(1);

/// Largest answer of the token endpoint: it holds two tokens, of which the longer is a few kilobytes.
const LARGEST_TOKEN_BYTES: usize = 64 * 1024;

/// What the token endpoint gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// For the calls to the API.
    pub access_token: AccessToken,
    /// For the next refresh: store it durably **before** the access token is used, because the one before is spent.
    /// The client credentials grant gives none.
    pub refresh_token: Option<RefreshToken>,
    /// How long the access token lives from now.
    pub expires_in: Duration,
    /// What it may do, as far as the answer says.
    pub scopes: Vec<String>,
}

impl Token {
    fn read(answer: &Object<'_>) -> Result<Self, Malformed> {
        // Only the access token is demanded: an oddity elsewhere must not lose a refresh token that was just rotated.
        let life = answer.integer("expires_in").ok().flatten().and_then(|seconds| u64::try_from(seconds).ok());
        let scopes = answer.text("scope").ok().flatten().unwrap_or_default();
        Ok(Self {
            access_token: AccessToken::new(answer.required("access_token", Object::text)?),
            refresh_token: answer.text("refresh_token")?.map(RefreshToken::new),
            expires_in: life.map_or(ACCESS_TOKEN_LIFE, Duration::from_secs),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

/// What the user is asked to agree to.
#[derive(Clone, Copy)]
pub struct Consent<'a> {
    /// Scopes, such as `invoice` and `customer`. One whose licence the company lacks fails the whole consent.
    pub scopes: &'a [&'a str],
    /// Comes back unchanged: proof that the answer belongs to this question.
    pub state: &'a str,
    /// One of the addresses registered for the integration; must be given again with the code.
    pub redirect_uri: Option<&'a str>,
    /// Whether to bind to a service account, which the client credentials grant needs and a system administrator must
    /// agree to.
    pub service_account: bool,
}

impl fmt::Debug for Consent<'_> {
    /// Without `state`, which is a secret until it came back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent")
            .field("scopes", &self.scopes)
            .field("redirect_uri", &self.redirect_uri)
            .field("service_account", &self.service_account)
            .finish_non_exhaustive()
    }
}

/// The integration at Fortnox's authorisation server.
#[derive(Clone)]
pub struct Auth {
    http: HttpClient,
    base_url: Url,
    client_id: String,
    client_secret: ClientSecret,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

impl Auth {
    /// The integration with this id and secret at this address, normally [`AUTH_URL`].
    pub fn new(
        http: HttpClient,
        auth_url: &str,
        client_id: impl Into<String>,
        client_secret: ClientSecret,
    ) -> Result<Self, SetupError> {
        Ok(Self { http, base_url: base_url(auth_url)?, client_id: client_id.into(), client_secret })
    }

    /// The page to send a user to, who comes back with a code that lives ten minutes.
    pub fn consent_url(&self, consent: &Consent<'_>) -> String {
        let mut url = self.endpoint("auth");
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("client_id", &self.client_id)
                .append_pair("response_type", "code")
                .append_pair("access_type", "offline")
                .append_pair("scope", &consent.scopes.join(" "))
                .append_pair("state", consent.state);
            if let Some(redirect_uri) = consent.redirect_uri {
                query.append_pair("redirect_uri", redirect_uri);
            }
            if consent.service_account {
                query.append_pair("account_type", "service");
            }
        }
        url.into()
    }

    /// An access token for a company that once consented with a service account. May be repeated freely: nothing is
    /// spent.
    pub async fn client_credentials(&self, tenant: TenantId) -> Result<Token, AuthError> {
        self.token(&[("grant_type", "client_credentials")], Some(tenant)).await
    }

    /// A new access token and a new refresh token for an old refresh token, **which this spends**. One at a time per
    /// company. After an error with [`Effect::Unknown`](crate::Effect::Unknown) the old one may be spent and the new one
    /// lost; one more try with the old one tells, at the price of at most a new consent.
    pub async fn refresh(&self, refresh_token: &RefreshToken) -> Result<Token, AuthError> {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())], None).await
    }

    /// The first tokens, for the code that the consent page sent back, **which this spends**. `redirect_uri` exactly as
    /// in [`Consent`].
    pub async fn authorization_code(
        &self,
        code: &AuthorizationCode,
        redirect_uri: Option<&str>,
    ) -> Result<Token, AuthError> {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code.expose())];
        form.extend(redirect_uri.map(|uri| ("redirect_uri", uri)));
        self.token(&form, None).await
    }

    async fn token(&self, form: &[(&str, &str)], tenant: Option<TenantId>) -> Result<Token, AuthError> {
        let mut request = self
            .http
            .request(Method::POST, self.endpoint("token"))
            .map_err(Fault::from)?
            .basic_auth(&self.client_id, Some(self.client_secret.expose()))
            .header(ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT)
            .form(form);
        if let Some(tenant) = tenant {
            request = request.header("TenantId", tenant.get());
        }
        let request = request.build().map_err(|_| Fault::Unsendable)?;
        let answer = self.http.send(request, LARGEST_TOKEN_BYTES).await?;
        let status = answer.status;
        tracing::debug!(status, grant = form.first().map(|(_, grant)| grant), "fortnox.token.done");
        let body = auth_error::sort(answer)?;
        std::str::from_utf8(&body)
            .map_err(|_| "the body is not UTF-8".to_owned())
            .and_then(|text| {
                Object::root(text).and_then(|root| Token::read(&root)).map_err(|problem| problem.to_string())
            })
            .map_err(|reason| AuthError::Unreadable { status, reason })
    }

    fn endpoint(&self, name: &str) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["oauth-v1", name]);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use http_once::Timeouts;

    #[test]
    fn the_consent_page_is_asked_for_what_the_caller_wants() {
        let http = HttpClient::new(Timeouts::default());
        let auth = Auth::new(http, AUTH_URL, "id", ClientSecret::new("secret")).unwrap();
        let url = auth.consent_url(&Consent {
            scopes: &["invoice", "customer"],
            state: "a b",
            redirect_uri: Some("https://me.test/back"),
            service_account: true,
        });
        assert_eq!(
            url,
            "https://apps.fortnox.se/oauth-v1/auth?client_id=id&response_type=code&access_type=offline\
             &scope=invoice+customer&state=a+b&redirect_uri=https%3A%2F%2Fme.test%2Fback&account_type=service"
        );
    }

    #[test]
    fn oddities_do_not_lose_a_rotated_refresh_token() {
        let text = r#"{"access_token":"a","refresh_token":"r","expires_in":"soon","scope":["x"]}"#;
        let token = Token::read(&Object::root(text).unwrap()).unwrap();
        assert_eq!(token.refresh_token, Some(RefreshToken::new("r")));
        assert_eq!(token.expires_in, ACCESS_TOKEN_LIFE);
    }
}
