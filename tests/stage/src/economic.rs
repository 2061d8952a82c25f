//! Companies in e-conomic, and what people do there.

use domain::ids::{SystemKind, TenantId};
use economic_sim::{CompanyFile, Method, SimRequest};
use serde_json::{Value, json};

use crate::{FIRST_REFUSAL, Stage, StageError};

/// Where e-conomic's state is kept.
pub(crate) const SNAPSHOT: &str = "economic.json";

/// The tenant that a company in e-conomic is here.
pub fn economic_tenant(company: &CompanyFile) -> TenantId {
    TenantId::new(SystemKind::Economic, company.agreement_number)
}

impl Stage {
    /// Connects a company in e-conomic: its tokens are put where the functions look for them.
    pub fn connect_economic(&self, company: &CompanyFile) -> Result<TenantId, StageError> {
        let tenant = economic_tenant(company);
        let item = json!({
            "tenant": tenant.to_string(),
            "app_secret_token": company.access.app_secret_token,
            "agreement_grant_token": company.access.agreement_grant_token,
        });
        self.cloud.put_item("ConnectionsTable", &item)?;
        Ok(tenant)
    }

    /// What a person does in e-conomic's own screens: one call of `method` to `path`, by nobody's token. Gives the answer's
    /// body, and an error when e-conomic says no.
    pub fn by_hand_in_economic(
        &self,
        tenant: &TenantId,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, StageError> {
        let mut request = SimRequest::new(method, path)
            .with_header("X-Sim-Actor", "person")
            .with_header("X-Sim-Tenant", &tenant.number().to_string());
        if let Some(body) = body {
            request = request.with_json(body);
        }
        let now = self.economic.now();
        let answer = self.economic.with_world(|world| world.handle(now, &request));
        if answer.status >= FIRST_REFUSAL {
            return Err(format!("{method} {path} by hand: {} {}", answer.status, answer.json_body()).into());
        }
        Ok(answer.body)
    }

    /// A draft as a person sees it, good for writing again.
    pub fn draft_by_hand(&self, tenant: &TenantId, draft: u64) -> Result<Value, StageError> {
        let path = format!("/invoices/drafts/{draft}");
        Ok(serde_json::from_slice(&self.by_hand_in_economic(tenant, Method::Get, &path, None)?)?)
    }
}
