//! e-conomic's credentials: an app's secret and what the company granted it. Neither ever runs out; a company may revoke
//! its grant, and a person may replace either.

use std::{fmt, sync::PoisonError};

use accounting::{Grant, Grants, TokenError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use economic::{AgreementGrantToken, AppSecretToken};
use workflow::ports::Clock;

use super::DynamoConnections;
use crate::items::get_text;

/// How long tokens are used without another look: a sweep's calls need one read, and a replaced token counts soon.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(5);

/// What every call to e-conomic carries.
#[derive(Clone, PartialEq, Eq)]
pub struct EconomicTokens {
    /// `X-AppSecretToken`
    pub app_secret: String,
    /// `X-AgreementGrantToken`
    pub grant: String,
}

/// Without the tokens.
impl fmt::Debug for EconomicTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EconomicTokens").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Known {
    tokens: EconomicTokens,
    read_at: DateTime<Utc>,
}

impl DynamoConnections {
    /// The tenant's tokens for e-conomic.
    pub async fn economic(&self, tenant: &TenantId) -> Result<EconomicTokens, TokenError> {
        let now = self.clock.now();
        {
            let known = self.economic.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.get(tenant).filter(|known| (now - known.read_at).abs() < KNOWN_FOR) {
                return Ok(known.tokens.clone());
            }
        }
        let item = self.read(tenant).await?;
        let Some(grant) = get_text(&item, "agreement_grant_token") else {
            return Err(TokenError::Blocked {
                problem: format!("the connection of {tenant} lacks `agreement_grant_token`"),
                advice: "connect the company again".to_owned(),
            });
        };
        // An item of before has the app's secret, too.
        let app_secret = match get_text(&item, "app_secret_token") {
            Some(own) => own.to_owned(),
            None => self.apps.economic().await?.app_secret_token,
        };
        let tokens = EconomicTokens { app_secret, grant: grant.to_owned() };
        let known = Known { tokens: tokens.clone(), read_at: now };
        self.economic.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone(), known);
        Ok(tokens)
    }

    /// Has the tenant's tokens read anew, since e-conomic refused them (401).
    pub fn forget(&self, tenant: &TenantId) {
        self.economic.lock().unwrap_or_else(PoisonError::into_inner).remove(tenant);
        self.apps.forget_economic();
    }
}

impl Grants for DynamoConnections {
    async fn grant(&self, tenant: &TenantId) -> Result<Grant, TokenError> {
        let EconomicTokens { app_secret, grant } = self.economic(tenant).await?;
        Ok(Grant { app: AppSecretToken::new(app_secret), agreement: AgreementGrantToken::new(grant) })
    }

    async fn rejected(&self, tenant: &TenantId) {
        self.forget(tenant);
    }
}
