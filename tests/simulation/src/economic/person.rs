//! What people and other programs do in e-conomic by hand.

use domain::ids::TenantId;
use economic_sim::{Method, SimRequest, SimResponse, World};
use serde_json::{Value, json};

use crate::far::State;

/// The first HTTP status that says no.
const FIRST_REFUSAL: u16 = 400;

/// Somebody at work in one company. What isn't there or isn't allowed gives `None`, as the screen would show no button.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub(super) state: &'a State<World>,
    pub(super) tenant: &'a TenantId,
}

impl Person<'_> {
    fn press(&self, method: Method, path: &str, body: Option<&Value>) -> Option<SimResponse> {
        let mut request = SimRequest::new(method, path)
            .with_header("X-Sim-Actor", "person")
            .with_header("X-Sim-Tenant", &self.tenant.number().to_string());
        if let Some(body) = body {
            request = request.with_json(body);
        }
        Some(self.state.handle(&request)).filter(|answer| answer.status < FIRST_REFUSAL)
    }

    /// Puts a draft there. Gives its number.
    pub fn put_draft(&self, draft: &Value) -> Option<u64> {
        self.press(Method::Post, "/invoices/drafts", Some(draft))?.json_body()["draftInvoiceNumber"].as_u64()
    }

    /// A draft as it is.
    pub fn draft(&self, number: u64) -> Option<Value> {
        Some(self.press(Method::Get, &format!("/invoices/drafts/{number}"), None)?.json_body())
    }

    /// Edits a draft.
    pub fn edit(&self, number: u64, change: impl FnOnce(&mut Value)) -> Option<()> {
        let mut draft = self.draft(number)?;
        change(&mut draft);
        self.press(Method::Put, &format!("/invoices/drafts/{number}"), Some(&draft)).map(drop)
    }

    /// Deletes a draft.
    pub fn delete(&self, number: u64) -> Option<()> {
        self.press(Method::Delete, &format!("/invoices/drafts/{number}"), None).map(drop)
    }

    /// Books a draft. Gives the invoice's number.
    pub fn book(&self, number: u64) -> Option<u64> {
        let body = json!({"draftInvoice": {"draftInvoiceNumber": number}});
        self.press(Method::Post, "/invoices/booked", Some(&body))?.json_body()["bookedInvoiceNumber"].as_u64()
    }
}
