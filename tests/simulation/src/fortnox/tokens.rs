//! Access tokens by client credentials, as the functions get them: one call an hour, and a dead one forgotten.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use accounting::{AccessTokens, TokenError};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use fortnox::AccessToken;
use fortnox_sim::{Access, Method, SimRequest, World};
use workflow::ports::Clock;

use crate::{
    clock::VirtualClock,
    far::{PATIENCE, State},
    faults::{Call, Faults},
    lock,
};

/// A token that lives shorter than this is renewed first, as in the functions.
const MUST_LIVE_FOR: TimeDelta = TimeDelta::minutes(5);

/// The tokens that are out.
pub struct Tokens {
    state: Arc<State<World>>,
    clock: VirtualClock,
    faults: Faults,
    known: Mutex<HashMap<TenantId, (AccessToken, DateTime<Utc>)>>,
}

impl Tokens {
    pub(super) fn new(state: Arc<State<World>>, clock: VirtualClock, faults: Faults) -> Self {
        Self { state, clock, faults, known: Mutex::default() }
    }

    async fn renew(&self, tenant: &TenantId) -> Result<AccessToken, TokenError> {
        let blocked = |problem: &str| TokenError::Blocked {
            problem: problem.to_owned(),
            advice: "connect the company again".to_owned(),
        };
        let Some(access) = self.state.access(tenant) else { return Err(blocked("the company is not connected")) };
        let request = request(tenant, &access);
        let asked_at = self.clock.now();
        let answer = self.faults.make(Call::Token, PATIENCE, || self.state.handle(&request)).await;
        let answer = answer.map_err(|_| TokenError::Unavailable("no answer".to_owned()))?;
        let body = answer.json_body();
        let Some(token) = body["access_token"].as_str().map(AccessToken::new) else {
            return Err(blocked("the consent was revoked"));
        };
        let life = TimeDelta::seconds(body["expires_in"].as_i64().unwrap_or_default());
        lock(&self.known).insert(tenant.clone(), (token.clone(), asked_at + life));
        Ok(token)
    }
}

fn request(tenant: &TenantId, access: &Access) -> SimRequest {
    let credentials = STANDARD.encode(format!("{}:{}", access.client_id, access.client_secret));
    let mut request = SimRequest::new(Method::Post, "/oauth-v1/token")
        .with_header("Authorization", &format!("Basic {credentials}"))
        .with_header("Content-Type", "application/x-www-form-urlencoded")
        .with_header("TenantId", &tenant.number().to_string());
    request.body = b"grant_type=client_credentials".to_vec();
    request
}

impl AccessTokens for Tokens {
    async fn access_token(&self, tenant: &TenantId) -> Result<AccessToken, TokenError> {
        let known = lock(&self.known).get(tenant).cloned();
        match known {
            Some((token, until)) if until > self.clock.now() + MUST_LIVE_FOR => Ok(token),
            _ => self.renew(tenant).await,
        }
    }

    async fn rejected(&self, tenant: &TenantId, token: &AccessToken) {
        let mut known = lock(&self.known);
        if known.get(tenant).is_some_and(|(alive, _)| alive == token) {
            known.remove(tenant);
        }
    }
}
