//! Connecting companies as people do it: an operator's link, a browser, and a choice on the accounting system's page.

use domain::{
    connect::{Auth, link_address},
    ids::{SystemKind, TenantId},
};
use serde_json::{Value, json};
use workflow::connect::{invite, prepare};

use crate::{Browser, Stage, StageError, WebPage};

/// What a person does on a consent page. The names are the simulators'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Yes, for the company of this number.
    Approve(u64),
    /// No.
    Deny,
    /// Yes, but the company has no licence for it.
    MissingLicence,
    /// Yes, by somebody who may not.
    NoAdministrator,
}

impl Choice {
    fn query(self) -> String {
        match self {
            Self::Approve(tenant) => format!("choice=approve&tenant={tenant}"),
            Self::Deny => "choice=deny".to_owned(),
            Self::MissingLicence => "choice=missing_licence".to_owned(),
            Self::NoAdministrator => "choice=no_administrator".to_owned(),
        }
    }
}

impl Stage {
    /// Our own credentials at Fortnox.
    pub fn put_fortnox_app(&self, client_id: &str, client_secret: &str) -> Result<(), StageError> {
        let app = json!({"client_id": client_id, "client_secret": client_secret});
        Ok(self.cloud.put_secret("FortnoxAppSecret", &app.to_string())?)
    }

    /// Our own credentials at e-conomic.
    pub fn put_economic_app(&self, app_secret_token: &str) -> Result<(), StageError> {
        let app = json!({"app_secret_token": app_secret_token, "app_public_token": "sim-public-token"});
        Ok(self.cloud.put_secret("EconomicAppSecret", &app.to_string())?)
    }

    /// An operator invites a company. Gives the link's address and its secret.
    pub async fn invite(
        &self,
        system: SystemKind,
        auth: Auth,
        expected: Option<TenantId>,
    ) -> Result<(String, String), StageError> {
        let link = invite(&self.operator()?.connect_desk(), system, auth, expected, false).await?;
        Ok((link_address(self.api_url(), system, &link), link.expose().to_owned()))
    }

    /// A consultant chooses what is to be done for a company that isn't connected yet. Whether it was written.
    pub async fn prepare(&self, tenant: &TenantId, profile: &Value) -> Result<bool, StageError> {
        let fields = profile.as_object().cloned().unwrap_or_default();
        let written = prepare(&self.operator()?.connect_desk(), tenant, &fields).await?;
        self.note_settings(tenant)?;
        Ok(written)
    }

    /// [`Browser::ask`].
    pub async fn ask(&self, browser: &Browser, link: &(String, String)) -> Result<String, StageError> {
        browser.ask(&link.0, &link.1).await
    }

    /// [`Browser::choose`].
    pub async fn choose(&self, browser: &Browser, page: &str, choice: Choice) -> Result<String, StageError> {
        browser.choose(page, choice).await
    }

    /// [`Browser::consent`].
    pub async fn consent(
        &self,
        browser: &Browser,
        link: &(String, String),
        choice: Choice,
    ) -> Result<WebPage, StageError> {
        browser.consent(&link.0, &link.1, choice).await
    }
}

impl Browser {
    /// Opens a link and presses its button. Gives the address of the consent page.
    pub async fn ask(&self, address: &str, secret: &str) -> Result<String, StageError> {
        let (page, _) = address.split_once('?').unwrap_or((address, ""));
        let asked = self.submit(page, "link", secret).await?;
        if asked.status != 303 {
            return Err(format!("the link leads nowhere: {} {}", asked.status, asked.html).into());
        }
        Ok(asked.location().to_owned())
    }

    /// Looks at the consent page and makes a choice there. Gives the address that it leads back to.
    pub async fn choose(&self, page: &str, choice: Choice) -> Result<String, StageError> {
        let shown = self.open(page).await?;
        let choice = choice.query();
        // The page has the choice as a link.
        if shown.status != 200 || !shown.html.contains(&choice.replace('&', "&amp;")) {
            return Err(format!("the consent page has no {choice}: {} {}", shown.status, shown.html).into());
        }
        let link = page
            .replace("/oauth-v1/auth?", "/oauth-v1/auth/answer?")
            .replace("/secure/api1/requestaccess.aspx?", "/secure/api1/answer?");
        let answer = self.open(&format!("{link}&{choice}")).await?;
        Ok(answer.location().to_owned())
    }

    /// The whole way. Gives the last page.
    pub async fn consent(&self, address: &str, secret: &str, choice: Choice) -> Result<WebPage, StageError> {
        let page = self.ask(address, secret).await?;
        let back = self.choose(&page, choice).await?;
        self.open(&back).await
    }
}
