//! The connections table: each tenant's credentials, and the access token they last gave.

mod economic;
mod rotation;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use accounting::{AccessTokens, TokenError};
use aws_sdk_dynamodb::{Client, operation::update_item::UpdateItemError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use fortnox::{AccessToken, Auth, AuthError, ClientSecret, HttpClient};
use workflow::ports::{Clock, PortError};

pub use self::economic::EconomicTokens;
use crate::{
    apps::Apps,
    clock::SystemClock,
    items::{Item, failed, get_text, instant, text},
};

/// A token that lives shorter than this is renewed first: no call takes longer.
const MUST_LIVE_FOR: TimeDelta = TimeDelta::minutes(5);

/// Fortnox's access tokens, and e-conomic's own tokens. What a company gave stands in its item, what is ours in Secrets Manager.
///
/// `auth` in the item says how Fortnox's come: `service_account` by client credentials, `user` by refresh tokens, one by one. An
/// item may have a `client_id` and `client_secret` that take the place of ours, as all had before; with these and no `auth` it's a
/// service account's. The token is stored too,
/// so that a function that starts anew needs no call for one.
///
/// Clones share what they know.
#[derive(Debug, Clone)]
pub struct DynamoConnections {
    client: Client,
    table: String,
    http: HttpClient,
    auth_url: String,
    apps: Apps,
    clock: SystemClock,
    tokens: Arc<StdMutex<HashMap<TenantId, Living>>>,
    economic: Arc<StdMutex<HashMap<TenantId, economic::Known>>>,
}

/// No tenant is called so.
const NOBODY: &str = "-";
/// A start waits no longer for a connection: Lambda gives all of it ten seconds.
const WARM_WITHIN: Duration = Duration::from_secs(1);

/// The values of `auth`.
pub(crate) const SERVICE_ACCOUNT: &str = "service_account";
pub(crate) const USER: &str = "user";

#[derive(Debug, Clone)]
struct Living {
    token: AccessToken,
    until: DateTime<Utc>,
}

impl DynamoConnections {
    pub(crate) fn new(
        client: Client,
        table: String,
        http: HttpClient,
        auth_url: String,
        apps: Apps,
        clock: SystemClock,
    ) -> Self {
        Self { client, table, http, auth_url, apps, clock, tokens: Arc::default(), economic: Arc::default() }
    }

    /// Reads an item that isn't there, so that the connection is open when the first that is there is asked for. Whatever comes of it:
    /// the first real call tells.
    pub(crate) async fn warm(&self) {
        let read = self.client.get_item().table_name(&self.table).key("tenant", text(NOBODY)).send();
        drop(tokio::time::timeout(WARM_WITHIN, read).await);
    }

    fn usable(&self, living: &Living) -> bool {
        living.until > self.clock.now() + MUST_LIVE_FOR
    }

    fn known(&self, tenant: &TenantId) -> Option<AccessToken> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(tenant).filter(|living| self.usable(living)).map(|living| living.token.clone())
    }

    fn remember(&self, tenant: &TenantId, living: Living) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone(), living);
    }

    async fn read(&self, tenant: &TenantId) -> Result<Item, TokenError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| TokenError::Unavailable(failed("reading the connection")(error).to_string()))?;
        answer.item.ok_or_else(|| TokenError::Blocked {
            problem: format!("the tenant {tenant} has no connection to its accounting system"),
            advice: "connect the company".to_owned(),
        })
    }

    /// Fortnox's authorisation server for this id and secret.
    fn auth(&self, id: &str, secret: &str) -> Result<Auth, TokenError> {
        Auth::new(self.http.clone(), &self.auth_url, id, ClientSecret::new(secret))
            .map_err(|error| TokenError::Unavailable(error.to_string()))
    }

    async fn auth_of_app(&self) -> Result<Auth, TokenError> {
        let app = self.apps.fortnox().await?;
        self.auth(&app.client_id, &app.client_secret)
    }

    async fn renew(&self, tenant: &TenantId, item: Item) -> Result<AccessToken, TokenError> {
        let own = get_text(&item, "client_id").zip(get_text(&item, "client_secret"));
        let by = get_text(&item, "auth").or(own.map(|_| SERVICE_ACCOUNT));
        let auth = match own {
            Some((id, secret)) => self.auth(id, secret)?,
            None if by.is_some() => self.auth_of_app().await?,
            None => return Err(incomplete(tenant)),
        };
        match by {
            Some(USER) => self.rotated(tenant, item, &auth).await,
            Some(SERVICE_ACCOUNT) => self.by_client_credentials(tenant, &auth).await,
            _ => Err(incomplete(tenant)),
        }
    }

    async fn by_client_credentials(&self, tenant: &TenantId, auth: &Auth) -> Result<AccessToken, TokenError> {
        let asked_at = self.clock.now();
        let number = fortnox::TenantId::new(tenant.number());
        let token = auth.client_credentials(number).await.map_err(|error| {
            if matches!(error, AuthError::InvalidClient { .. }) {
                self.apps.forget_fortnox();
            }
            token_error(&error)
        })?;
        let life = TimeDelta::from_std(token.expires_in).unwrap_or_default();
        let living = Living { token: token.access_token.clone(), until: asked_at + life };
        if let Err(error) = self.store(tenant, &living).await {
            // It only costs the next worker a call of its own.
            tracing::warn!(tenant = %tenant, error = %error, "the access token could not be stored");
        }
        self.remember(tenant, living);
        Ok(token.access_token)
    }

    async fn store(&self, tenant: &TenantId, living: &Living) -> Result<(), PortError> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression("SET access_token = :token, access_token_until = :until")
            // A connection that was removed meanwhile must not come back as half an item.
            .condition_expression("attribute_exists(tenant)")
            .expression_attribute_values(":token", text(living.token.expose()))
            .expression_attribute_values(":until", text(instant(living.until)))
            .send()
            .await
            .map_err(failed("storing the access token"))?;
        Ok(())
    }
}

fn stored(item: &Item) -> Option<Living> {
    let until = get_text(item, "access_token_until")?.parse().ok()?;
    Some(Living { token: AccessToken::new(get_text(item, "access_token")?), until })
}

fn incomplete(tenant: &TenantId) -> TokenError {
    TokenError::Blocked {
        problem: format!("the connection of {tenant} lacks `auth`, or `client_id` or `client_secret`"),
        advice: "connect the company again".to_owned(),
    }
}

fn token_error(error: &AuthError) -> TokenError {
    match error {
        AuthError::InvalidClient { .. } | AuthError::InvalidGrant { .. } | AuthError::Refused { .. } => {
            TokenError::Blocked {
                problem: error.to_string(),
                advice: "needs consent again: connect the company again; the consent was revoked or the app's secret changed"
                    .to_owned(),
            }
        }
        // Client credentials spend nothing, so asking again is always safe. A refresh that may have spent its token never comes
        // here.
        other => TokenError::Unavailable(other.to_string()),
    }
}

impl AccessTokens for DynamoConnections {
    async fn access_token(&self, tenant: &TenantId) -> Result<AccessToken, TokenError> {
        if let Some(token) = self.known(tenant) {
            return Ok(token);
        }
        let item = self.read(tenant).await?;
        match stored(&item).filter(|living| self.usable(living)) {
            Some(living) => {
                let token = living.token.clone();
                self.remember(tenant, living);
                Ok(token)
            }
            None => self.renew(tenant, item).await,
        }
    }

    async fn rejected(&self, tenant: &TenantId, token: &AccessToken) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant);
        let forget = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression("REMOVE access_token, access_token_until")
            // Only this one: another worker may have stored a newer already.
            .condition_expression("access_token = :token")
            .expression_attribute_values(":token", text(token.expose()));
        if let Err(error) = forget.send().await {
            let newer = error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception);
            if !newer {
                tracing::warn!(tenant = %tenant, "a dead access token could not be forgotten");
            }
        }
    }
}
