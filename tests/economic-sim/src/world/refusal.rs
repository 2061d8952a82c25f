//! Refusals in e-conomic's form.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// Codes. Those from E9 are made up: no source names the real ones.
pub(crate) mod code {
    pub(crate) const DEMO_WRITES: &str = "E02002";
    pub(crate) const NOT_LOGGED_IN: &str = "E02250";
    pub(crate) const MISSING_ROLE: &str = "E03040";
    pub(crate) const REQUIRED: &str = "E04042";
    pub(crate) const DECIMALS: &str = "E04740";
    pub(crate) const PAGE_SIZE: &str = "E04810";
    pub(crate) const NO_SUCH: &str = "E06000";
    pub(crate) const NUMBER_USED: &str = "E06010";
    pub(crate) const NO_LINES: &str = "E90001";
    pub(crate) const CLOSED: &str = "E90002";
    pub(crate) const BARRED_CUSTOMER: &str = "E90003";
    pub(crate) const BARRED_PRODUCT: &str = "E90004";
    pub(crate) const SEND_BY: &str = "E90005";
    pub(crate) const EINVOICE: &str = "E90006";
    pub(crate) const NO_EMAIL: &str = "E90007";
    pub(crate) const TYPE: &str = "E90008";
}

/// A refused call.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) code: Option<&'static str>,
    pub(crate) more: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), code, more: Map::new() }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, None, "Resource not found.")
    }

    /// 400 whose `errors` mirrors the payload: one leaf.
    pub(crate) fn field(property: &str, code: &'static str, message: &str, input: impl Into<Value>) -> Self {
        let input: Value = input.into();
        let leaf = json!({
            "propertyName": property, "errorMessage": message, "errorCode": code, "inputValue": input,
            "developerHint": "Inspect validation errors and correct your request.",
        });
        let mut refusal = Self::new(400, Some("E04300"), "Validation failed. 1 error found.");
        refusal.more.insert("errorCount".to_owned(), json!(1));
        refusal.more.insert("errors".to_owned(), json!({property: {"errors": [leaf]}}));
        refusal
    }

    pub(crate) fn body(&self, now: DateTime<Utc>, log_id: &str) -> Value {
        let mut body = self.more.clone();
        body.insert("message".to_owned(), json!(self.message));
        if let Some(code) = self.code {
            body.insert("errorCode".to_owned(), json!(code));
        }
        body.insert("httpStatusCode".to_owned(), json!(self.status));
        body.insert("developerHint".to_owned(), json!("Inspect the message and correct your request."));
        body.insert("logId".to_owned(), json!(log_id));
        body.insert("logTime".to_owned(), json!(now.format("%Y-%m-%dT%H:%M:%S").to_string()));
        Value::Object(body)
    }

    /// `application/problem+json` of the newer surface.
    pub(crate) fn problem(&self, now: DateTime<Utc>, path: &str, trace: &str) -> Value {
        let code = match self.status {
            404 => "ResourceNotFound",
            400 => "BadFilterRequest",
            401 => "Unauthorized",
            403 => "AccessDenied",
            _ => "InvalidInput",
        };
        json!({
            "type": "about:blank", "title": self.message, "status": self.status, "detail": self.message,
            "instance": path, "errors": [{"message": self.message, "errorCode": code}],
            "traceId": trace, "traceTimeUtc": now, "errorCode": code,
        })
    }
}
