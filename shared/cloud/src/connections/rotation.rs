//! Access tokens by refresh tokens, each of which is spent by its first use.
//!
//! Fortnox gives a new refresh token for an old one, and only once (API fact sheet, 1.2). So it's done as every effect here:
//! the intent is stored first, then the call is made once, then its outcome is stored, and only then is the access token used.
//! The intent is a lease in the tenant's item: of all workers that need a token one refreshes, and the others look at the item
//! until the token is there. A lease that outlives the longest call tells of an answer that was lost: the old token may be spent
//! and the new one is known to nobody, so the item says for good that a new consent is needed. Nobody tries the old token again.

use std::time::Duration;

use accounting::TokenError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use fortnox::{AccessToken, Auth, AuthError, Effect, RefreshToken, Token};
use workflow::ports::{Clock, PortError};

use super::{DynamoConnections, Living, stored, token_error};
use crate::{
    items::{Item, failed, get_text, instant, text},
    random,
};

/// A lease that is older belongs to nobody who lives: a call takes 25 s at most, storing its outcome a few tries of 3 s.
const LEASE_OUTLIVES: TimeDelta = TimeDelta::seconds(90);
/// Who finds another at it looks again so often,
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// and so many times; then the work is left for later. Half of a minute, which is longer than a call takes.
const MOST_LOOKS: usize = 300;
/// How often storing a new token is tried, beside the SDK's own tries: all depends on it.
const MOST_STORES: usize = 5;

/// What is stored as the reason for a new consent.
const ANSWER_LOST: &str = "answer_lost";
const REFUSED: &str = "refused";

fn needs_consent(tenant: &TenantId, why: &str) -> TokenError {
    let problem = match why {
        ANSWER_LOST => format!("{tenant} needs consent again: the answer to a token refresh was lost"),
        _ => format!("{tenant} needs consent again: Fortnox no longer accepts the company's consent"),
    };
    let advice =
        "needs consent again: connect the company again with a new link (docs/connect.md); what waits goes on then";
    TokenError::Blocked { problem, advice: advice.to_owned() }
}

fn unavailable(error: &PortError) -> TokenError {
    TokenError::Unavailable(error.to_string())
}

/// What the item says of its refresh token.
struct Standing<'a> {
    refresh_token: &'a str,
    lease: Option<(&'a str, Option<DateTime<Utc>>)>,
}

impl DynamoConnections {
    /// An access token for a tenant that consented as a user.
    pub(super) async fn rotated(&self, tenant: &TenantId, item: Item, auth: &Auth) -> Result<AccessToken, TokenError> {
        let mine = random::id().map_err(|error| unavailable(&error))?;
        let mut item = item;
        for _ in 0..MOST_LOOKS {
            if let Some(living) = stored(&item).filter(|living| self.usable(living)) {
                let token = living.token.clone();
                self.remember(tenant, living);
                return Ok(token);
            }
            let Standing { refresh_token, lease } = standing(tenant, &item)?;
            match lease {
                // Ours although we weren't told: the answer to taking it was lost.
                Some((lease, _)) if lease == mine => {
                    return self.refresh_once(tenant, auth, refresh_token, &mine).await;
                }
                Some((lease, since)) if since.is_none_or(|since| self.clock.now() - since > LEASE_OUTLIVES) => {
                    self.mark(tenant, lease, ANSWER_LOST).await.map_err(|error| unavailable(&error))?;
                }
                Some(_) => tokio::time::sleep(LOOK_EVERY).await,
                None if self.take_lease(tenant, refresh_token, &mine).await? => {
                    return self.refresh_once(tenant, auth, refresh_token, &mine).await;
                }
                None => {}
            }
            item = self.read(tenant).await?;
        }
        Err(TokenError::Unavailable("another worker is refreshing the access token".to_owned()))
    }

    /// The intent. `false` if another was first.
    async fn take_lease(&self, tenant: &TenantId, refresh_token: &str, mine: &str) -> Result<bool, TokenError> {
        let taken = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression("SET refreshing = :mine, refreshing_since = :now")
            // For this very token: who read the item before it was replaced must read it again.
            .condition_expression(
                "attribute_not_exists(refreshing) AND attribute_not_exists(needs_consent) AND refresh_token = :token",
            )
            .expression_attribute_values(":mine", text(mine))
            .expression_attribute_values(":now", text(instant(self.clock.now())))
            .expression_attribute_values(":token", text(refresh_token))
            .send()
            .await;
        match taken {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => {
                // It may have been taken: nobody else can know that no call follows.
                self.free(tenant, mine).await;
                Err(unavailable(&failed("taking the lease on a refresh token")(error)))
            }
        }
    }

    /// The call and its outcome. **Spends the refresh token.**
    async fn refresh_once(
        &self,
        tenant: &TenantId,
        auth: &Auth,
        refresh_token: &str,
        mine: &str,
    ) -> Result<AccessToken, TokenError> {
        let asked_at = self.clock.now();
        match auth.refresh(&RefreshToken::new(refresh_token)).await {
            Ok(token @ Token { refresh_token: Some(_), .. }) => self.keep_rotated(tenant, token, asked_at, mine).await,
            Ok(Token { refresh_token: None, .. }) => self.lost(tenant, mine, "no new refresh token came").await,
            Err(error @ AuthError::InvalidGrant { .. }) => {
                tracing::warn!(tenant = %tenant, error = %error, "the consent is gone");
                self.mark(tenant, mine, REFUSED).await.map_err(|error| unavailable(&error))?;
                Err(needs_consent(tenant, REFUSED))
            }
            Err(error) if error.effect() == Effect::NotDone => {
                self.free(tenant, mine).await;
                if matches!(error, AuthError::InvalidClient { .. }) {
                    self.apps.forget_fortnox();
                }
                Err(token_error(&error))
            }
            Err(error) => self.lost(tenant, mine, &error.to_string()).await,
        }
    }

    async fn lost(&self, tenant: &TenantId, mine: &str, what: &str) -> Result<AccessToken, TokenError> {
        tracing::error!(tenant = %tenant, error = what, "the answer to a token refresh was lost");
        // If that can't be stored either, whoever finds the lease outlived does it.
        self.mark(tenant, mine, ANSWER_LOST).await.map_err(|error| unavailable(&error))?;
        Err(needs_consent(tenant, ANSWER_LOST))
    }

    /// Stores both tokens, and only then gives the one for use. It's stored on top of a verdict of another, too, who took this
    /// worker for dead.
    async fn keep_rotated(
        &self,
        tenant: &TenantId,
        token: Token,
        asked_at: DateTime<Utc>,
        mine: &str,
    ) -> Result<AccessToken, TokenError> {
        let life = TimeDelta::from_std(token.expires_in).unwrap_or_default();
        let living = Living { token: token.access_token, until: asked_at + life };
        let refresh_token = token.refresh_token.as_ref().map(RefreshToken::expose).unwrap_or_default();
        let mut last = None;
        for _ in 0..MOST_STORES {
            match self.store_rotated(tenant, &living, refresh_token, mine).await {
                Ok(()) => {
                    let token = living.token.clone();
                    self.remember(tenant, living);
                    return Ok(token);
                }
                Err(error) => last = Some(error),
            }
        }
        let error = last.map(|error| error.to_string()).unwrap_or_default();
        tracing::error!(tenant = %tenant, error, "a new refresh token could not be stored");
        Err(TokenError::Unavailable(error))
    }

    async fn store_rotated(
        &self,
        tenant: &TenantId,
        living: &Living,
        refresh_token: &str,
        mine: &str,
    ) -> Result<(), PortError> {
        let what = "storing a new refresh token";
        let stored = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression(
                "SET refresh_token = :refresh, access_token = :token, access_token_until = :until \
                 REMOVE refreshing, refreshing_since, needs_consent, needs_consent_at",
            )
            .condition_expression("refreshing = :mine")
            .expression_attribute_values(":refresh", text(refresh_token))
            .expression_attribute_values(":token", text(living.token.expose()))
            .expression_attribute_values(":until", text(instant(living.until)))
            .expression_attribute_values(":mine", text(mine))
            .send()
            .await;
        let Err(error) = stored else { return Ok(()) };
        // An earlier try may have stored it without our learning so.
        let item = self.read(tenant).await.map_err(|error| PortError::new(what, error.to_string()))?;
        if get_text(&item, "refresh_token") == Some(refresh_token) { Ok(()) } else { Err(failed(what)(error)) }
    }

    /// Stores that a new consent is needed. The lease stays, so that its owner's answer counts should it come after all.
    async fn mark(&self, tenant: &TenantId, lease: &str, why: &str) -> Result<(), PortError> {
        let marked = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression(
                "SET needs_consent = :why, needs_consent_at = :now REMOVE access_token, access_token_until",
            )
            .condition_expression("refreshing = :lease")
            .expression_attribute_values(":why", text(why))
            .expression_attribute_values(":now", text(instant(self.clock.now())))
            .expression_attribute_values(":lease", text(lease))
            .send()
            .await;
        match marked {
            // Another's outcome is there already.
            Err(error)
                if !error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Err(failed("storing that a new consent is needed")(error))
            }
            _ => Ok(()),
        }
    }

    /// Gives the lease back: nothing was spent. One that can't be given back ends as a lost answer, which is the safe side.
    async fn free(&self, tenant: &TenantId, mine: &str) {
        let freed = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("tenant", text(tenant.to_string()))
            .update_expression("REMOVE refreshing, refreshing_since")
            .condition_expression("refreshing = :mine")
            .expression_attribute_values(":mine", text(mine))
            .send()
            .await;
        if let Err(error) = freed
            && !error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
        {
            tracing::warn!(tenant = %tenant, "the lease on a refresh token could not be given back");
        }
    }
}

fn standing<'a>(tenant: &TenantId, item: &'a Item) -> Result<Standing<'a>, TokenError> {
    if let Some(why) = get_text(item, "needs_consent") {
        return Err(needs_consent(tenant, why));
    }
    let refresh_token = get_text(item, "refresh_token").ok_or_else(|| TokenError::Blocked {
        problem: format!("the connection of {tenant} lacks `refresh_token`"),
        advice: "connect the company again".to_owned(),
    })?;
    let since = get_text(item, "refreshing_since").and_then(|since| since.parse().ok());
    Ok(Standing { refresh_token, lease: get_text(item, "refreshing").map(|lease| (lease, since)) })
}
