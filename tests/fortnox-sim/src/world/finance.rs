//! The invoice service (Fakturaservice, `noxfinansinvoices`): handing an invoice over, and how it stands there. What can be done
//! to it after that (pause, stop, payments) is left out.

use chrono::{DateTime, Months, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::Call;
use super::company::{Company, Reply, Turn};
use super::invoice::Invoice;
use super::ledger::{Effect, EffectKind};
use super::number;
use super::refusal::{Refusal, code};
use sim_kit::Method;

/// "Invoice date within two years".
const MONTHS_FROM_TODAY: Months = Months::new(24);
const SEND_METHODS: [&str; 4] = ["EMAIL", "LETTER", "EINVOICE", "NONE"];

/// An invoice that the service was handed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AtFinance {
    since: DateTime<Utc>,
    taken_on: bool,
}

impl Company {
    /// `/3/noxfinansinvoices…`
    pub(crate) fn route_finance(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, &path[1..]) {
            (Method::Post, []) => {
                let input = call.enveloped("NoxFinansInvoice")?;
                let number = input
                    .get("InvoiceNumber")
                    .and_then(number::from_json)
                    .and_then(|number| u64::try_from(number).ok())
                    .ok_or_else(|| Refusal::required("InvoiceNumber"))?;
                let method = input.get("SendMethod").and_then(Value::as_str).unwrap_or_default();
                if !SEND_METHODS.contains(&method) {
                    return Err(Refusal::required("SendMethod"));
                }
                if input.get("Service").and_then(Value::as_str) != Some("LEDGERBASE") {
                    return Err(Refusal::required("Service"));
                }
                self.hand_over(turn, number, method)?;
                Ok(Reply::created("noxfinansinvoices", self.finance_body(turn.now, number)?))
            }
            (Method::Get, [number]) => {
                let number = number.parse().map_err(|_| not_at_service())?;
                if !self.shows_finance(self.invoice(number)?) {
                    return Err(not_at_service());
                }
                Ok(Reply::ok(self.finance_body(turn.now, number)?))
            }
            _ => Err(Refusal::endpoint()),
        }
    }

    /// Takes it each time it's handed over; so, for all we know, does Fortnox.
    fn hand_over(&mut self, turn: &mut Turn<'_>, number: u64, method: &str) -> Result<(), Refusal> {
        if !self.info.has_invoice_service {
            return Err(Refusal::invalid(code::NO_INVOICE_SERVICE, "Fakturaservice är inte aktiverad."));
        }
        self.check_sendable(number)?;
        if self.switches.finance_checks_conditions {
            self.check_conditions(turn, number)?;
        }
        let totals = self.invoice(number)?.totals(self.info.round_off);
        let invoice = self.invoice_mut(number)?;
        invoice.finance.get_or_insert(AtFinance { since: turn.now, taken_on: false });
        invoice.modified = turn.now;
        turn.effects.push(Effect {
            sent_by: Some(method.to_owned()),
            total: Some(totals.total),
            currency: Some(invoice.head.text("Currency").to_owned()),
            ..Effect::invoice(EffectKind::HandedToService, number)
        });
        Ok(())
    }

    fn check_conditions(&self, turn: &Turn<'_>, number: u64) -> Result<(), Refusal> {
        let invoice = self.invoice(number)?;
        let (head, totals, today) = (&invoice.head, invoice.totals(self.info.round_off), turn.today());
        let says = |name: &str| !head.text(name).trim().is_empty();
        let near = head.date("InvoiceDate").is_some_and(|date| {
            today.checked_sub_months(MONTHS_FROM_TODAY).is_none_or(|oldest| date >= oldest)
                && today.checked_add_months(MONTHS_FROM_TODAY).is_none_or(|latest| date <= latest)
        });
        let fits = head.text("Currency") == "SEK"
            && head.text("InvoiceType") != "INTRESTINVOICE"
            && !invoice.credit
            && invoice.balance(&totals) > Decimal::ZERO
            && !invoice.rows.is_empty()
            && says("CustomerName")
            && (says("Address1") || says("Address2"))
            && says("ZipCode")
            && says("City")
            && near;
        if fits {
            return Ok(());
        }
        Err(Refusal::invalid(code::NOT_FOR_SERVICE, "Fakturan kan inte skickas med Fakturaservice."))
    }

    /// What the service took on until now.
    pub(crate) fn settle_finance(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if !self.switches.finance_is_authorized {
            return Vec::new();
        }
        let wait = self.finance_wait();
        let mut effects = Vec::new();
        for invoice in self.invoices.values_mut() {
            let Some(finance) = invoice.finance.as_mut().filter(|it| !it.taken_on && now >= it.since + wait) else {
                continue;
            };
            finance.taken_on = true;
            let ocr = finance_ocr(invoice.head.text("OCR"));
            invoice.head.set_text("OCR", &ocr);
            effects.push(Effect::invoice(EffectKind::TakenOnByService, invoice.number));
        }
        effects
    }

    fn finance_wait(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.switches.finance_minutes))
    }

    /// Whether it shows that the service has the invoice.
    pub(crate) fn shows_finance(&self, invoice: &Invoice) -> bool {
        invoice.finance.as_ref().is_some_and(|it| it.taken_on || self.switches.finance_shows_at_once)
    }

    fn finance_body(&self, now: DateTime<Utc>, number: u64) -> Result<Value, Refusal> {
        let invoice = self.invoice(number)?;
        let finance = invoice.finance.as_ref().ok_or_else(not_at_service)?;
        let undecided = self.switches.finance_is_authorized || now < finance.since + self.finance_wait();
        let status = if finance.taken_on {
            "OPEN"
        } else if undecided {
            "UNKNOWN"
        } else {
            "NOT_AUTHORIZED"
        };
        let known = |value: &str| if finance.taken_on { json!(value) } else { Value::Null };
        Ok(json!({"NoxFinansInvoice": {
            "@url": format!("https://api.fortnox.se/3/noxfinansinvoices/{number}"),
            "InvoiceNumber": number,
            "Status": status,
            "Service": "LEDGERBASE",
            "ServiceName": known("SERVICE_FULL"),
            "OCRNumber": known(invoice.head.text("OCR")),
        }}))
    }
}

fn not_at_service() -> Refusal {
    Refusal::not_found(code::NOT_AT_SERVICE, "Kan inte hitta fakturan i Fakturaservice.")
}

/// The service's own payment reference. How it's really made up is not known.
fn finance_ocr(own: &str) -> String {
    format!("9{own}")
}
