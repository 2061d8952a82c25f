//! The authorization server: three grants, rotating refresh tokens, and the odd content types of its errors.

mod refusal;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::consent;
use super::ledger::{Effect, EffectKind};
use crate::company_file::Access;
use refusal::{
    INVALID_CLIENT, INVALID_CODE, INVALID_REFRESH_TOKEN, NO_CONSENT, TokenRefusal, UNKNOWN_GRANT, WRONG_REDIRECT,
};
use sim_kit::parse_form;
use sim_kit::{Method, SimRequest, SimResponse};

/// Life of an access token (source: recording).
const ACCESS_LIFE: TimeDelta = TimeDelta::seconds(3600);
/// Life of a refresh token (source: authorization guide).
const REFRESH_LIFE: TimeDelta = TimeDelta::days(45);
/// Life of an authorization code (same source).
const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Who a token speaks for.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    tenant: u64,
    client_id: String,
    expires_at: DateTime<Utc>,
}

/// An access token's owner, when it is still good.
pub(crate) struct Bearer {
    pub(crate) tenant: u64,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
}

/// What a code must be redeemed with, and whether it gives a refresh token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    redirect_uri: String,
    offline: bool,
}

/// All that is issued. Token texts are counted, not random: a run can be repeated.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tokens {
    clients: BTreeMap<u64, Access>,
    access: BTreeMap<String, (Grant, Vec<String>)>,
    refresh: BTreeMap<String, Grant>,
    codes: BTreeMap<String, Grant>,
    /// What a code of the consent page came with; one that a test asked for has none.
    #[serde(default)]
    asked: BTreeMap<String, Asked>,
    issued: u64,
}

impl Tokens {
    /// Lets an integration in.
    pub(crate) fn add_client(&mut self, tenant: u64, access: Access, now: DateTime<Utc>) {
        if let Some(token) = &access.refresh_token {
            let grant = Grant { tenant, client_id: access.client_id.clone(), expires_at: now + REFRESH_LIFE };
            self.refresh.insert(token.clone(), grant);
        }
        self.clients.insert(tenant, access);
    }

    /// Companies that an integration may ask.
    pub(crate) fn tenants_of(&self, client_id: &str) -> Vec<u64> {
        let own = self.clients.iter().filter(|(_, access)| access.client_id == client_id);
        own.map(|(tenant, _)| *tenant).collect()
    }

    /// A person consents. Answers the code, or nothing when the integration doesn't know the company.
    pub(crate) fn consent(
        &mut self,
        tenant: u64,
        client_id: &str,
        scopes: Vec<String>,
        (service, offline): (bool, bool),
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Option<String> {
        let access = self.clients.get_mut(&tenant).filter(|access| access.client_id == client_id)?;
        access.scopes = scopes;
        access.service_account |= service;
        let code = self.issue_code(tenant, now)?;
        self.asked.insert(code.clone(), Asked { redirect_uri: redirect_uri.to_owned(), offline });
        Some(code)
    }

    /// Ends or renews a company's consent to client credentials. All tokens of an ended one end with it.
    pub(crate) fn set_consent(&mut self, tenant: u64, given: bool) {
        if let Some(access) = self.clients.get_mut(&tenant) {
            access.service_account = given;
        }
        if !given {
            self.access.retain(|_, (grant, _)| grant.tenant != tenant);
            self.refresh.retain(|_, grant| grant.tenant != tenant);
        }
    }

    /// A code as the consent page would hand it to the integration. Nothing when there is no such company.
    pub(crate) fn issue_code(&mut self, tenant: u64, now: DateTime<Utc>) -> Option<String> {
        let client_id = self.clients.get(&tenant)?.client_id.clone();
        let code = format!("sim-code-{:08}", self.count());
        let expires_at = now + CODE_LIFE;
        let grant = Grant { tenant, client_id, expires_at };
        self.codes.insert(code.clone(), grant);
        Some(code)
    }

    /// The owner of the request's bearer token.
    pub(crate) fn bearer(&self, request: &SimRequest, now: DateTime<Utc>) -> Option<Bearer> {
        let (grant, scopes) = self.access.get(bearer_text(request)?)?;
        (grant.expires_at > now).then(|| Bearer {
            tenant: grant.tenant,
            client_id: grant.client_id.clone(),
            scopes: scopes.clone(),
        })
    }

    /// Whose call this is, also when its token is no good any more: for the ledger and for faults.
    pub(crate) fn tenant_of(&self, request: &SimRequest) -> Option<u64> {
        if let Some(token) = bearer_text(request) {
            return self.access.get(token).map(|(grant, _)| grant.tenant);
        }
        if let Some(tenant) = request.header("tenantid") {
            return tenant.parse().ok();
        }
        let form = form_of(request);
        let grant = field(&form, "refresh_token")
            .and_then(|token| self.refresh.get(token))
            .or_else(|| field(&form, "code").and_then(|code| self.codes.get(code)));
        grant.map(|grant| grant.tenant)
    }

    /// The consent page, `/oauth-v1/token` and `/oauth-v1/revoke`.
    pub(crate) fn handle(
        &mut self,
        now: DateTime<Utc>,
        request: &SimRequest,
        effects: &mut Vec<Effect>,
    ) -> SimResponse {
        let answer = match (request.method, request.path.trim_end_matches('/')) {
            (Method::Post, "/oauth-v1/token") => self.token(now, request, effects),
            (Method::Post, "/oauth-v1/revoke") => self.revoke(request, effects),
            (Method::Get, "/oauth-v1/auth" | consent::ANSWER) => return consent::handle(self, now, request),
            _ => return SimResponse::new(404, "text/html; charset=UTF-8", "Not Found"),
        };
        answer.unwrap_or_else(|refusal| refusal.answer())
    }

    fn token(
        &mut self,
        now: DateTime<Utc>,
        request: &SimRequest,
        effects: &mut Vec<Effect>,
    ) -> Result<SimResponse, TokenRefusal> {
        let client_id = self.authenticate(request)?;
        let form = form_of(request);
        let (tenant, with_refresh) = match field(&form, "grant_type") {
            Some("client_credentials") => (self.service_tenant(request, &client_id)?, false),
            Some("refresh_token") => {
                let token = field(&form, "refresh_token").unwrap_or_default();
                let tenant = spend(&mut self.refresh, token, &client_id, now).ok_or(INVALID_REFRESH_TOKEN)?;
                effects.push(Effect::of(EffectKind::RefreshTokenRotated));
                (tenant, true)
            }
            Some("authorization_code") => {
                let code = field(&form, "code").unwrap_or_default();
                let tenant = spend(&mut self.codes, code, &client_id, now).ok_or(INVALID_CODE)?;
                let asked = self.asked.remove(code);
                // Given on the consent page, it must be given again, the same (source: authorization guide).
                let wrong = |asked: &Asked| field(&form, "redirect_uri") != Some(asked.redirect_uri.as_str());
                if asked.as_ref().is_some_and(wrong) {
                    return Err(WRONG_REDIRECT);
                }
                (tenant, asked.is_none_or(|asked| asked.offline))
            }
            _ => return Err(UNKNOWN_GRANT),
        };
        effects.push(Effect::of(EffectKind::TokenIssued));
        Ok(self.issue(now, tenant, client_id, with_refresh))
    }

    fn service_tenant(&self, request: &SimRequest, client_id: &str) -> Result<u64, TokenRefusal> {
        request
            .header("tenantid")
            .and_then(|text| text.trim().parse().ok())
            .filter(|tenant| {
                self.clients.get(tenant).is_some_and(|access| access.client_id == client_id && access.service_account)
            })
            .ok_or(NO_CONSENT)
    }

    fn issue(&mut self, now: DateTime<Utc>, tenant: u64, client_id: String, with_refresh: bool) -> SimResponse {
        self.access.retain(|_, (grant, _)| grant.expires_at > now);
        let scopes = self.clients.get(&tenant).map(|access| access.scopes.clone()).unwrap_or_default();
        let serial = self.count();
        let grant = Grant { tenant, client_id, expires_at: now + ACCESS_LIFE };
        let token = unsigned_jwt(&grant, &scopes, now, serial);
        let mut body = json!({
            "access_token": token,
            "expires_in": ACCESS_LIFE.num_seconds(),
            "token_type": "bearer",
            "scope": scopes.join(" "),
        });
        if with_refresh {
            // Forty characters, as last seen.
            let refresh_token = format!("sim-refresh-{serial:028}");
            body["refresh_token"] = json!(refresh_token);
            let grant = Grant { expires_at: now + REFRESH_LIFE, ..grant.clone() };
            self.refresh.insert(refresh_token, grant);
        }
        self.access.insert(token, (grant, scopes));
        let mut answer = SimResponse::json(200, &body);
        answer.headers.push(("Cache-Control".to_owned(), "no-store".to_owned()));
        answer
    }

    /// Says yes also to a token it does not know.
    fn revoke(&mut self, request: &SimRequest, effects: &mut Vec<Effect>) -> Result<SimResponse, TokenRefusal> {
        self.authenticate(request)?;
        let form = form_of(request);
        let token = field(&form, "token").unwrap_or_default();
        if self.refresh.remove(token).is_some() {
            effects.push(Effect::of(EffectKind::TokenRevoked));
        }
        Ok(SimResponse::json(200, &json!({"revoked": true})))
    }

    /// Checks the Basic header. Answers the client id.
    fn authenticate(&self, request: &SimRequest) -> Result<String, TokenRefusal> {
        let (client_id, secret) = basic(request).ok_or(INVALID_CLIENT)?;
        let known = self.clients.values().any(|access| access.client_id == client_id && access.client_secret == secret);
        if known { Ok(client_id) } else { Err(INVALID_CLIENT) }
    }

    fn count(&mut self) -> u64 {
        self.issued += 1;
        self.issued
    }
}

/// Takes a single-use text out of circulation. Answers its company when it was good.
fn spend(grants: &mut BTreeMap<String, Grant>, text: &str, client_id: &str, now: DateTime<Utc>) -> Option<u64> {
    let good = grants.get(text).is_some_and(|grant| grant.client_id == client_id && grant.expires_at > now);
    good.then(|| grants.remove(text)).flatten().map(|grant| grant.tenant)
}

fn bearer_text(request: &SimRequest) -> Option<&str> {
    request.header("authorization")?.strip_prefix("Bearer ")
}

fn basic(request: &SimRequest) -> Option<(String, String)> {
    let encoded = request.header("authorization")?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((client_id.to_owned(), secret.to_owned()))
}

fn form_of(request: &SimRequest) -> Vec<(String, String)> {
    parse_form(&String::from_utf8_lossy(&request.body))
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A token with the claims that have been seen. Nobody checks its signature.
fn unsigned_jwt(grant: &Grant, scopes: &[String], now: DateTime<Utc>, serial: u64) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({"alg": "none", "typ": "JWT"}));
    let claims = part(json!({
        "userId": 1,
        "tenantId": grant.tenant,
        "clientId": grant.client_id,
        "scopes": scopes,
        "authsource": "simulated",
        "iss": "fortnox-sim",
        "aud": "fortnox-sim",
        "sub": format!("1@{}", grant.tenant),
        "iat": now.timestamp(),
        "exp": grant.expires_at.timestamp(),
        "jti": serial.to_string(),
    }));
    format!("{header}.{claims}.simulated")
}
