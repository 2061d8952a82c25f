//! The consent of both accounting systems, and the connections table.

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::{Client, operation::put_item::builders::PutItemFluentBuilder};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    connect::{Auth as In, Invitation},
    ids::{SystemKind, TenantId},
};
use economic::{AgreementGrantToken, AppSecretToken};
use fortnox::{
    AccessToken, Auth, AuthError, AuthorizationCode, ClientSecret, Consent, Effect, HttpClient, RefreshToken, Token,
};
use workflow::{
    connect::{Connector, GrantError, Granted, Proof},
    ports::{Clock, PortError},
};

use crate::{
    apps::Apps,
    clock::SystemClock,
    connections::{SERVICE_ACCOUNT, USER},
    items::{failed, instant, text},
    pace::SharedPacer,
};

/// All that the pipeline does in Fortnox needs these and no more (API fact sheet, 1.7): `invoice` covers agreements too.
const SCOPES: [&str; 6] = ["invoice", "customer", "article", "price", "companyinformation", "settings"];

/// The same, and to hand invoices over to the invoice service.
const WITH_INVOICE_SERVICE: [&str; 7] =
    ["invoice", "customer", "article", "price", "companyinformation", "settings", "noxfinansinvoice"];

/// Longest wait for a slot of our own: one company makes one call here.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Both accounting systems' consent.
#[derive(Debug, Clone)]
pub struct SystemsConnector {
    pub(crate) client: Client,
    pub(crate) pacer: Arc<SharedPacer>,
    pub(crate) connections_table: String,
    pub(crate) apps: Apps,
    pub(crate) http: HttpClient,
    pub(crate) fortnox_auth_url: String,
    pub(crate) fortnox_api_url: String,
    pub(crate) economic: economic::Settings,
    pub(crate) economic_grant_url: String,
    pub(crate) clock: SystemClock,
}

/// What a tenant's calls are made with. No `Debug` but that of its tokens, which print nothing.
#[derive(Debug)]
pub enum NewConnection {
    /// Fortnox.
    Fortnox {
        /// The first access token, and until when it lives.
        access: (AccessToken, DateTime<Utc>),
        /// The first refresh token of a user; a service account needs none.
        refresh: Option<RefreshToken>,
    },
    /// e-conomic.
    Economic(AgreementGrantToken),
}

impl SystemsConnector {
    async fn auth(&self) -> Result<Auth, PortError> {
        let app = self.apps.fortnox().await?;
        Auth::new(self.http.clone(), &self.fortnox_auth_url, app.client_id, ClientSecret::new(app.client_secret))
            .map_err(|error| PortError::new("using the address of Fortnox's sign-in", error))
    }

    async fn redeem_fortnox(
        &self,
        auth: In,
        code: &AuthorizationCode,
        callback: &str,
    ) -> Result<Granted<NewConnection>, GrantError> {
        let asked_at = self.clock.now();
        let token = self.auth().await?.authorization_code(code, Some(callback)).await.map_err(|error| {
            if matches!(error, AuthError::InvalidClient { .. }) {
                self.apps.forget_fortnox();
            }
            grant_error(error)
        })?;
        let Token { access_token, refresh_token, expires_in, .. } = token;
        let refresh = match (auth, refresh_token) {
            (In::ServiceAccount, _) => None,
            (In::User, Some(token)) => Some(token),
            (In::User, None) => return Err(GrantError::Unusable("no refresh token came".to_owned())),
        };
        let (number, name) = self.whose(&access_token).await?;
        let until = asked_at + TimeDelta::from_std(expires_in).unwrap_or_default();
        let tenant = TenantId::new(SystemKind::Fortnox, number);
        let connection = NewConnection::Fortnox { access: (access_token, until), refresh };
        Ok(Granted { tenant, name, culture: None, connection })
    }

    /// Whose token it is: by its claim, by what the company says of itself, or by both, if they agree.
    async fn whose(&self, token: &AccessToken) -> Result<(u64, Option<String>), GrantError> {
        let claimed = token.tenant_id();
        let client = fortnox::Client::new(self.http.clone(), &self.fortnox_api_url, Arc::clone(&self.pacer))
            .map_err(|error| PortError::new("using the address of Fortnox", error))?;
        // The number is only what the pace goes by, which all calls for a company share: one that is connected anew may be in use.
        let session = client.for_tenant(claimed.unwrap_or(fortnox::TenantId::new(0)), token.clone());
        match (claimed, session.company_information().await) {
            (Some(claimed), Ok(company)) if company.database_number != claimed => {
                Err(GrantError::Unusable("the token and the company name two tenants".to_owned()))
            }
            (_, Ok(company)) => {
                let name = company.company_name.map(fortnox::Private::into_inner);
                Ok((company.database_number.get(), name))
            }
            (Some(claimed), Err(error)) => {
                tracing::warn!(error = %error, "a company that consented tells nothing of itself");
                Ok((claimed.get(), None))
            }
            (None, Err(error)) => Err(GrantError::Unusable(error.to_string())),
        }
    }

    async fn redeem_economic(&self, grant: AgreementGrantToken) -> Result<Granted<NewConnection>, GrantError> {
        let app = self.apps.economic().await.map_err(PortError::from)?;
        let app = AppSecretToken::new(app.app_secret_token);
        let pacer = economic::LocalPacer::new(LONGEST_WAIT);
        let client = economic::Client::new(self.http.clone(), &self.economic, app, pacer)
            .map_err(|error| PortError::new("using the address of e-conomic", error))?;
        let info = client.identify(grant.clone()).await.map_err(|error| match error {
            economic::Error::Unauthorized(_) => {
                self.apps.forget_economic();
                GrantError::Refused { words: "the grant is not valid for this app".to_owned() }
            }
            error => GrantError::Unusable(error.to_string()),
        })?;
        Ok(Granted {
            tenant: TenantId::new(SystemKind::Economic, u64::from(info.agreement.get())),
            name: info.company.name.map(economic::Private::into_inner),
            culture: info.user.culture,
            connection: NewConnection::Economic(grant),
        })
    }

    /// e-conomic gives no state back of itself, so it stands in the address to come back to. That this address may be given at
    /// all is said but not documented (API fact sheet, 1.2).
    async fn economic_page(&self, state: &str, callback: &str) -> Result<String, PortError> {
        let app = self.apps.economic().await?;
        let back = with_query(callback, &[("state", state)]);
        let page = format!("{}/secure/api1/requestaccess.aspx", self.economic_grant_url.trim_end_matches('/'));
        Ok(with_query(&page, &[("appPublicToken", &app.app_public_token), ("redirectUrl", &back)]))
    }
}

fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{address}?{query}")
}

/// What a failed exchange says. A code lives ten minutes and its answer came to us alone, so whatever went wrong a new consent is
/// the way on: nothing tries the code again.
fn grant_error(error: AuthError) -> GrantError {
    match error {
        AuthError::InvalidClient { .. } => {
            GrantError::Port(PortError::new("using our own credentials at Fortnox", error))
        }
        AuthError::Refused { description, error, .. } => {
            GrantError::Refused { words: if description.is_empty() { error } else { description } }
        }
        error => {
            let spent = if error.effect() == Effect::Unknown { "; the code may be spent" } else { "" };
            GrantError::Unusable(format!("{error}{spent}"))
        }
    }
}

impl Connector for SystemsConnector {
    type Connection = NewConnection;

    async fn consent_page(&self, invitation: &Invitation, state: &str, callback: &str) -> Result<String, PortError> {
        match invitation.system {
            SystemKind::Fortnox => Ok(self.auth().await?.consent_url(&Consent {
                scopes: if invitation.invoice_service { &WITH_INVOICE_SERVICE } else { &SCOPES },
                state,
                redirect_uri: Some(callback),
                service_account: invitation.auth == In::ServiceAccount,
            })),
            SystemKind::Economic => self.economic_page(state, callback).await,
        }
    }

    async fn redeem(
        &self,
        system: SystemKind,
        auth: In,
        proof: Proof,
        callback: &str,
    ) -> Result<Granted<NewConnection>, GrantError> {
        match system {
            SystemKind::Fortnox => self.redeem_fortnox(auth, &AuthorizationCode::new(proof.expose()), callback).await,
            SystemKind::Economic => self.redeem_economic(AgreementGrantToken::new(proof.expose())).await,
        }
    }

    async fn keep(&self, tenant: &TenantId, connection: &NewConnection) -> Result<(), PortError> {
        // The whole item: whatever was wrong with the last connection, and a lease on its refresh token, is gone with it.
        let item = self
            .client
            .put_item()
            .table_name(&self.connections_table)
            .item("tenant", text(tenant.to_string()))
            .item("connected_at", text(instant(self.clock.now())));
        attributes(item, connection).send().await.map(|_| ()).map_err(failed("storing a connection"))
    }
}

fn attributes(item: PutItemFluentBuilder, connection: &NewConnection) -> PutItemFluentBuilder {
    match connection {
        NewConnection::Fortnox { access: (token, until), refresh } => {
            let item = item
                .item("auth", text(if refresh.is_some() { USER } else { SERVICE_ACCOUNT }))
                .item("access_token", text(token.expose()))
                .item("access_token_until", text(instant(*until)));
            match refresh {
                Some(refresh) => item.item("refresh_token", text(refresh.expose())),
                None => item,
            }
        }
        NewConnection::Economic(grant) => item.item("agreement_grant_token", text(grant.expose())),
    }
}
