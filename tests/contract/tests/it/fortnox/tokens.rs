//! One company's access token, kept until Fortnox doesn't accept it any more.

use accounting::{AccessTokens, TokenError};
use domain::ids::TenantId;
use fortnox::{AccessToken, Advice, Auth, AuthError};
use tokio::sync::Mutex;

/// One token. Callers wait for the one who fetches it.
pub(crate) struct CachedToken {
    auth: Auth,
    token: Mutex<Option<AccessToken>>,
}

impl CachedToken {
    pub(crate) fn new(auth: Auth) -> Self {
        Self { auth, token: Mutex::new(None) }
    }
}

impl AccessTokens for CachedToken {
    async fn access_token(&self, tenant: &TenantId) -> Result<AccessToken, TokenError> {
        let mut kept = self.token.lock().await;
        if let Some(token) = &*kept {
            return Ok(token.clone());
        }
        let fetched = self.auth.client_credentials(fortnox::TenantId::new(tenant.number())).await;
        let token = fetched.map_err(|error| token_error(&error))?.access_token;
        Ok(kept.insert(token).clone())
    }

    async fn rejected(&self, _tenant: &TenantId, token: &AccessToken) {
        self.token.lock().await.take_if(|kept| kept == token);
    }
}

fn token_error(error: &AuthError) -> TokenError {
    match error.advice() {
        Advice::AskPerson | Advice::FixProgram => {
            TokenError::Blocked { problem: error.to_string(), advice: "connect the company again".to_owned() }
        }
        Advice::RepeatLater | Advice::RenewToken | Advice::ObserveFirst => TokenError::Unavailable(error.to_string()),
    }
}
