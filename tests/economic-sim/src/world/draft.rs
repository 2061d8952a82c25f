//! Drafts: what is written into them and how they are shown.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::figure::{figure, number, round};
use super::refusal::{Refusal, code};

/// Per cent of VAT on a domestic sale in Denmark.
const VAT: Decimal = Decimal::from_parts(25, 0, 0, false, 0);
const DOMESTIC: u64 = 1;
/// What a client may write. Everything else is ignored, as observed live.
const WRITABLE: [&str; 14] = [
    "date",
    "currency",
    "exchangeRate",
    "dueDate",
    "layout",
    "paymentTerms",
    "customer",
    "recipient",
    "delivery",
    "deliveryLocation",
    "notes",
    "references",
    "project",
    "lines",
];

/// A draft as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) number: u64,
    /// `soap.currentInvoiceHandle.id`: never given twice.
    pub(crate) handle: u64,
    pub(crate) last_updated: DateTime<Utc>,
    pub(crate) fields: Map<String, Value>,
}

/// Amounts of a draft, in its currency.
pub(crate) struct Totals {
    pub(crate) net: Decimal,
    pub(crate) vat: Decimal,
    pub(crate) gross: Decimal,
}

impl Draft {
    /// What its writer wrote, and when.
    pub(crate) fn as_written(&self) -> Value {
        let mut text = self.fields.clone();
        text.insert("lastUpdated".to_owned(), json!(self.last_updated));
        Value::Object(text)
    }

    /// Checks what a client writes.
    pub(crate) fn read(mut body: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
        if body.values().any(Value::is_null) {
            return Err(Refusal::new(400, Some(code::TYPE), "Expected a value but got Null."));
        }
        body.retain(|key, _| WRITABLE.contains(&key.as_str()));
        for (field, pointer) in [
            ("date", "/date"),
            ("currency", "/currency"),
            ("layout", "/layout/layoutNumber"),
            ("paymentTerms", "/paymentTerms/paymentTermsNumber"),
            ("customer", "/customer/customerNumber"),
            ("recipient", "/recipient/name"),
            ("recipient", "/recipient/vatZone/vatZoneNumber"),
        ] {
            let part = body.get(field).unwrap_or(&Value::Null);
            let rest = pointer.get(1 + field.len()..).unwrap_or_default();
            if part.pointer(rest).is_none_or(Value::is_null) {
                return Err(Refusal::field(field, code::REQUIRED, &format!("{field} is required."), Value::Null));
            }
        }
        if body["date"].as_str().is_none_or(|text| text.parse::<NaiveDate>().is_err()) {
            return Err(Refusal::field("date", code::TYPE, "date is no date.", body["date"].clone()));
        }
        if let Some(lines) = body.get("lines").and_then(Value::as_array) {
            for line in lines {
                check_line(line)?;
            }
            if lines.is_empty() {
                body.remove("lines");
            }
        }
        Ok(body)
    }

    pub(crate) fn customer(&self) -> u64 {
        self.whole("/customer", "customerNumber")
    }

    pub(crate) fn whole(&self, outer: &str, inner: &str) -> u64 {
        self.part(outer.trim_start_matches('/'))[inner].as_u64().unwrap_or_default()
    }

    pub(crate) fn part(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.part(name).as_str().unwrap_or_default()
    }

    pub(crate) fn date(&self) -> Option<NaiveDate> {
        self.text("date").parse().ok()
    }

    pub(crate) fn lines(&self) -> &[Value] {
        self.part("lines").as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Per cent. Only the domestic zone has VAT here (a simplification).
    pub(crate) fn vat_rate(&self) -> Decimal {
        if self.part("recipient")["vatZone"]["vatZoneNumber"] == json!(DOMESTIC) { VAT } else { Decimal::ZERO }
    }

    pub(crate) fn totals(&self) -> Totals {
        let net: Decimal = self.lines().iter().map(line_net).sum();
        let vat = round(net * self.vat_rate() / Decimal::ONE_HUNDRED, 2);
        Totals { net, vat, gross: net + vat }
    }
}

fn check_line(line: &Value) -> Result<(), Refusal> {
    for name in ["quantity", "unitNetPrice"] {
        let value = &line[name];
        if value.is_null() {
            continue;
        }
        let Some(amount) = number(value) else {
            return Err(Refusal::field(name, code::TYPE, "Expected Number.", value.clone()));
        };
        if amount.normalize().scale() > 2 {
            return Err(Refusal::field(name, code::DECIMALS, "At most two decimals.", value.clone()));
        }
        if line["product"].is_null() {
            return Err(Refusal::field(name, code::REQUIRED, "Only a line with a product has this.", value.clone()));
        }
    }
    Ok(())
}

/// Quantity times price less discount, to two decimals.
pub(crate) fn line_net(line: &Value) -> Decimal {
    let of = |name: &str| number(&line[name]);
    let full = of("quantity").unwrap_or_default() * of("unitNetPrice").unwrap_or_default();
    let left = Decimal::ONE_HUNDRED - of("discountPercentage").unwrap_or_default();
    round(full * left / Decimal::ONE_HUNDRED, 2)
}

/// The part that draft and booked invoice have in common.
pub(crate) fn shown(draft: &Draft, base: &str, terms: &[Map<String, Value>], booked: bool) -> Map<String, Value> {
    let mut shown = draft.fields.clone();
    shown.remove("lines");
    let totals = draft.totals();
    let exchange = shown.get("exchangeRate").and_then(number).unwrap_or(Decimal::ONE_HUNDRED);
    let in_base = |value: Decimal| figure(value * exchange / Decimal::ONE_HUNDRED, 2);
    let decimals = if booked { 2 } else { 6 };
    for (name, value) in [
        ("exchangeRate", figure(exchange, 6)),
        ("netAmount", figure(totals.net, decimals)),
        ("grossAmount", figure(totals.gross, decimals)),
        ("vatAmount", figure(totals.vat, decimals)),
        ("roundingAmount", figure(Decimal::ZERO, 2)),
        ("netAmountInBaseCurrency", in_base(totals.net)),
        ("grossAmountInBaseCurrency", in_base(totals.gross)),
    ] {
        shown.insert(name.to_owned(), value);
    }
    let terms_number = draft.whole("paymentTerms", "paymentTermsNumber");
    if let Some(term) = terms.iter().find(|term| term.get("paymentTermsNumber") == Some(&json!(terms_number))) {
        let mut term = term.clone();
        let days = term.get("daysOfCredit").and_then(Value::as_u64).unwrap_or_default();
        let derived = draft.date().and_then(|date| date.checked_add_days(chrono::Days::new(days)));
        let own = term.get("paymentTermsType") == Some(&json!("dueDate"));
        if let Some(due) = derived.filter(|_| !(own && shown.contains_key("dueDate"))) {
            shown.insert("dueDate".to_owned(), json!(due));
        }
        term.insert("self".to_owned(), json!(format!("{base}/payment-terms/{terms_number}")));
        shown.insert("paymentTerms".to_owned(), Value::Object(term));
    }
    let customer = draft.customer();
    shown.insert(
        "customer".to_owned(),
        json!({"customerNumber": customer, "self": format!("{base}/customers/{customer}")}),
    );
    let layout = draft.whole("layout", "layoutNumber");
    shown.insert("layout".to_owned(), json!({"layoutNumber": layout, "self": format!("{base}/layouts/{layout}")}));
    shown
}

/// The lines with what the server computes.
pub(crate) fn shown_lines(draft: &Draft, base: &str, booked: bool) -> Vec<Value> {
    let shown = draft.lines().iter().enumerate().map(|(place, line)| {
        let mut line = line.clone();
        let net = line_net(&line);
        line["lineNumber"] = json!(place + 1);
        line["sortKey"] = json!(place + 1);
        if line["product"].is_null() {
            return without_nulls(line);
        }
        for name in ["quantity", "unitNetPrice", "discountPercentage", "unitCostPrice"] {
            line[name] = figure(number(&line[name]).unwrap_or_default(), 2);
        }
        line["totalNetAmount"] = figure(net, 2);
        let product = line["product"]["productNumber"].as_str().unwrap_or_default();
        line["product"]["self"] = json!(format!("{base}/products/{product}"));
        if booked {
            line["vatRate"] = figure(draft.vat_rate(), 8);
            line["vatAmount"] = figure(net * draft.vat_rate() / Decimal::ONE_HUNDRED, 4);
        }
        line
    });
    shown.collect()
}

fn without_nulls(mut line: Value) -> Value {
    if let Some(fields) = line.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    line
}

/// A whole draft; `lines` only when asked for and there are some.
pub(crate) fn show(draft: &Draft, base: &str, terms: &[Map<String, Value>], with_lines: bool) -> Value {
    let mut shown = shown(draft, base, terms, false);
    let place = format!("{base}/invoices/drafts/{}", draft.number);
    shown.insert("draftInvoiceNumber".to_owned(), json!(draft.number));
    shown.insert("soap".to_owned(), json!({"currentInvoiceHandle": {"id": draft.handle}}));
    let templates = format!("{place}/templates");
    let booking = format!("{templates}/booking-instructions");
    shown.insert("templates".to_owned(), json!({"bookingInstructions": booking, "self": templates}));
    shown.insert("attachment".to_owned(), json!(format!("{place}/attachment")));
    shown.insert("pdf".to_owned(), json!({"download": format!("{place}/pdf")}));
    // Minute precision: all samples end in :00.
    shown.insert("lastUpdated".to_owned(), json!(draft.last_updated.format("%Y-%m-%dT%H:%M:00Z").to_string()));
    shown.insert("self".to_owned(), json!(place));
    if with_lines && !draft.lines().is_empty() {
        shown.insert("lines".to_owned(), json!(shown_lines(draft, base, false)));
    }
    Value::Object(shown)
}
