//! Fortnox's invoice service (Fakturaservice, `noxfinansinvoices`): it sends invoices that it's handed, and looks after their
//! payment.

use http_once::Transport;
use lenient_json::{FromObject, Malformed, Object};
use serde::Serialize;

use crate::call::Call;
use crate::client::Session;
use crate::error::Error;
use crate::pacer::Pacer;

/// How the service sends an invoice. `NONE`, which Fortnox knows too, sends nothing and is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SendMethod {
    /// By e-mail.
    Email,
    /// By post.
    Letter,
    /// As an e-invoice.
    Einvoice,
}

/// What the service says of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FinanceStatus {
    /// `UNKNOWN`: not confirmed yet. It takes a minute to several hours.
    Unknown,
    /// `NOT_AUTHORIZED`: somebody at the company has to approve it.
    NotAuthorized,
    /// `OPEN`: the service has it in hand.
    Open,
    /// `PAUSED`: in hand, but resting.
    Paused,
    /// `CLOSED`: the service is done with it.
    Closed,
    /// One that this version does not know.
    Other(String),
}

impl From<String> for FinanceStatus {
    fn from(word: String) -> Self {
        match word.as_str() {
            "UNKNOWN" => Self::Unknown,
            "NOT_AUTHORIZED" => Self::NotAuthorized,
            "OPEN" => Self::Open,
            "PAUSED" => Self::Paused,
            "CLOSED" => Self::Closed,
            _ => Self::Other(word),
        }
    }
}

/// An invoice at the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinanceInvoice {
    /// The invoice's number.
    pub invoice_number: String,
    /// How it stands. An answer without one counts as not confirmed.
    pub status: FinanceStatus,
    /// `SERVICE_FULL` with reminders, `SERVICE_LIGHT` without, by the company's agreement; none on the service's old platform.
    pub service_name: Option<String>,
    /// The payment reference that the service gave it: another than the invoice's own.
    pub ocr: Option<String>,
}

impl FromObject for FinanceInvoice {
    fn from_object(invoice: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            invoice_number: invoice.required("InvoiceNumber", Object::text)?,
            status: invoice.text("Status")?.map_or(FinanceStatus::Unknown, FinanceStatus::from),
            service_name: invoice.text("ServiceName")?.filter(|name| !name.trim().is_empty()),
            ocr: invoice.text("OCRNumber")?.filter(|ocr| !ocr.trim().is_empty()),
        })
    }
}

/// To send it and look after its payment, with or without reminders as the company agreed with the service. The other service,
/// `REMINDER`, takes over what is overdue.
const LEDGER_BASE: &str = "LEDGERBASE";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HandOver<'a> {
    nox_finans_invoice: HandOverFields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HandOverFields<'a> {
    invoice_number: &'a str,
    send_method: SendMethod,
    service: &'static str,
}

impl<P: Pacer, H: Transport> Session<P, H> {
    /// Hands an invoice over to the invoice service, which sends it and charges for it. **Has an effect**; is sent once. After
    /// [`Effect::Unknown`](crate::Effect::Unknown) look for the [`finance_invoice`](Self::finance_invoice) and at the invoice's
    /// `nox_finans`. **On an ordinary sandbox this really sends, and charges.**
    pub async fn hand_over(&self, document_number: &str, send_method: SendMethod) -> Result<FinanceInvoice, Error> {
        let fields = HandOverFields { invoice_number: document_number, send_method, service: LEDGER_BASE };
        let body = serde_json::to_string(&HandOver { nox_finans_invoice: fields })
            .map_err(|_| Error::InvalidArgument { what: "the invoice's number" })?;
        self.document(Call::post("noxfinansinvoices").json(body), "NoxFinansInvoice").await
    }

    /// How an invoice stands at the invoice service. Refused as not found if the service doesn't have it.
    pub async fn finance_invoice(&self, document_number: &str) -> Result<FinanceInvoice, Error> {
        self.document(Call::get("noxfinansinvoices/{InvoiceNumber}").argument(document_number), "NoxFinansInvoice")
            .await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_its_numbers_are_written_as() {
        let read = |text: &str| {
            FinanceInvoice::from_object(&Object::root(text).unwrap())
                .map(|invoice| (invoice.invoice_number, invoice.status, invoice.ocr))
                .unwrap()
        };
        let fresh = r#"{"InvoiceNumber":123,"Status":"UNKNOWN","OCRNumber":"","ServiceName":null}"#;
        assert_eq!(read(fresh), ("123".into(), FinanceStatus::Unknown, None));
        let open = r#"{"InvoiceNumber":"123","Status":"OPEN","OCRNumber":9000123}"#;
        assert_eq!(read(open), ("123".into(), FinanceStatus::Open, Some("9000123".into())));
        let newer = r#"{"InvoiceNumber":123,"Status":"SOLD"}"#;
        assert_eq!(read(newer), ("123".into(), FinanceStatus::Other("SOLD".into()), None));
        assert_eq!(read(r#"{"InvoiceNumber":123}"#).1, FinanceStatus::Unknown);
    }

    #[test]
    fn what_is_handed_over_is_written_as_fortnox_documents_it() {
        let fields = HandOverFields { invoice_number: "123", send_method: SendMethod::Email, service: LEDGER_BASE };
        let body = serde_json::to_string(&HandOver { nox_finans_invoice: fields }).unwrap();
        let documented = r#"{"NoxFinansInvoice":{"InvoiceNumber":"123","SendMethod":"EMAIL","Service":"LEDGERBASE"}}"#;
        assert_eq!(body, documented);
    }
}
