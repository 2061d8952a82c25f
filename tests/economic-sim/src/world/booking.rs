//! Booking: what is checked, what it does, and how a booked invoice looks.

use serde_json::{Map, Value, json};

use super::agreement::{Agreement, Booked, Reply, Turn};
use super::call::Call;
use super::draft::{self, Draft};
use super::figure::figure;
use super::ledger::{Effect, EffectKind};
use super::refusal::{Refusal, code};
use super::register::contacts;
use super::switches::{EmailWithoutAddress, MissingDraft};

const EAN_DIGITS: usize = 13;

/// `POST /invoices/booked`, or `PUT /invoices/booked/{number}`.
pub(crate) fn book(
    agreement: &mut Agreement,
    turn: &mut Turn<'_>,
    call: &Call<'_>,
    wanted: Option<u64>,
) -> Result<Reply, Refusal> {
    let body = call.body()?;
    let draft = find(agreement, &body)?.clone();
    let send_by = send_by(&body)?;
    check(agreement, &draft)?;
    let receiver = receiver(agreement, &draft, send_by.as_deref())?;
    let wanted = wanted.or_else(|| body.get("bookWithNumber").and_then(Value::as_u64));
    let number = wanted.unwrap_or(agreement.next_invoice);
    if agreement.booked.contains_key(&number) {
        return Err(Refusal::field("bookWithNumber", code::NUMBER_USED, "The number is in use.", json!(number)));
    }
    agreement.next_invoice = agreement.next_invoice.max(number + 1);
    agreement.drafts.remove(&draft.number);
    agreement.freed.insert(draft.number);
    for subscriber in &mut agreement.subscribers {
        if subscriber.get("draftDocumentId") == Some(&json!(draft.handle)) {
            subscriber.remove("draftDocumentId");
            subscriber.insert("bookedInvoiceId".to_owned(), json!(number));
        }
    }
    let effect = |kind| Effect { invoice: Some(number), send_by: send_by.clone(), ..Agreement::effect(kind, &draft) };
    turn.effects.push(effect(EffectKind::InvoiceBooked));
    if let Some(to) = receiver {
        let kind = if is_ean(send_by.as_deref()) { EffectKind::EinvoiceSent } else { EffectKind::EmailSent };
        turn.effects.push(Effect { to: Some(to), stands: None, ..effect(kind) });
    }
    let booked = Booked { number, draft: draft.clone(), send_by, at: turn.now, pdf_asked: 0 };
    let shown = show(agreement, &booked, &call.base, true);
    agreement.booked.insert(number, booked);
    let location = Some(format!("{}/invoices/booked/{number}", call.base));
    Ok(Reply::Json { status: 201, location, body: shown })
}

/// By number, or by the end of its `self` link.
fn find<'a>(agreement: &'a Agreement, body: &Map<String, Value>) -> Result<&'a Draft, Refusal> {
    let named = body.get("draftInvoice").unwrap_or(&Value::Null);
    let linked = || named["self"].as_str()?.rsplit('/').next()?.parse().ok();
    let Some(number) = named["draftInvoiceNumber"].as_u64().or_else(linked) else {
        return Err(Refusal::field("draftInvoice", code::REQUIRED, "draftInvoice is required.", Value::Null));
    };
    agreement.drafts.get(&number).ok_or_else(|| match agreement.switches.missing_draft {
        MissingDraft::NotFound => Refusal::new(404, Some(code::NO_SUCH), "Draft invoice not found."),
        MissingDraft::BadRequest => {
            let message = format!("Draft invoice '{number}' not found.");
            let mut refusal = Refusal::field("draftInvoice", code::NO_SUCH, &message, json!(number));
            refusal.code = Some(code::NO_SUCH);
            refusal
        }
    })
}

fn send_by(body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    match body.get("sendBy") {
        None => Ok(None),
        Some(Value::String(text)) if text == "none" => Ok(None),
        Some(Value::String(text)) if ["EAN", "ean", "Email"].contains(&text.as_str()) => Ok(Some(text.clone())),
        Some(other) => Err(Refusal::field("sendBy", code::SEND_BY, "Not a way of sending.", other.clone())),
    }
}

/// Codes and words are made up: no source names them.
fn check(agreement: &Agreement, draft: &Draft) -> Result<(), Refusal> {
    if draft.lines().is_empty() {
        return Err(Refusal::field("lines", code::NO_LINES, "The invoice has no lines.", Value::Null));
    }
    let date = draft.date();
    let open = agreement.accounting_years.iter().any(|year| {
        let within = |from, to| date.is_some_and(|date| from <= date && date <= to);
        let closed = year.periods.iter().any(|period| period.closed && within(period.from_date, period.to_date));
        within(year.from_date, year.to_date) && !year.closed && !closed
    });
    if !open {
        return Err(Refusal::field("date", code::CLOSED, "The date is not in an open period.", json!(date)));
    }
    let barred = |one: Option<&Map<String, Value>>| one.is_some_and(|one| one.get("barred") == Some(&json!(true)));
    let customer = draft.customer();
    if barred(agreement.customers.get(&customer)) {
        return Err(Refusal::field("customer", code::BARRED_CUSTOMER, "The customer is barred.", json!(customer)));
    }
    for line in draft.lines() {
        let product = &line["product"]["productNumber"];
        if barred(agreement.products.iter().find(|one| one.get("productNumber") == Some(product))) {
            return Err(Refusal::field("lines", code::BARRED_PRODUCT, "The product is barred.", product.clone()));
        }
    }
    Ok(())
}

fn is_ean(send_by: Option<&str>) -> bool {
    send_by.is_some_and(|way| way.eq_ignore_ascii_case("ean"))
}

/// Where e-conomic sends it; nothing when it does not.
fn receiver(agreement: &Agreement, draft: &Draft, send_by: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(way) = send_by else {
        return Ok(None);
    };
    if is_ean(Some(way)) {
        return ean(agreement, draft).map(Some);
    }
    let customer = agreement.customers.get(&draft.customer());
    let email = customer.and_then(|one| one.get("email")).and_then(Value::as_str).unwrap_or_default();
    match (email, agreement.switches.email_without_address) {
        ("", EmailWithoutAddress::BookUnsent) => Ok(None),
        ("", EmailWithoutAddress::Refuse) => {
            Err(Refusal::field("sendBy", code::NO_EMAIL, "The customer has no e-mail address.", json!(way)))
        }
        _ => Ok(Some(email.to_owned())),
    }
}

/// The documented prerequisites of an e-invoice.
fn ean(agreement: &Agreement, draft: &Draft) -> Result<String, Refusal> {
    let refuse = |message: &str| Err(Refusal::field("sendBy", code::EINVOICE, message, json!("EAN")));
    let company = agreement.about.get("company").unwrap_or(&Value::Null);
    if company["companyIdentificationNumber"].as_str().is_none_or(str::is_empty) {
        return refuse("The agreement has no CVR number.");
    }
    if agreement.about.get("canSendElectronicInvoice") != Some(&json!(true)) {
        return refuse("The agreement cannot send electronic invoices.");
    }
    let number = draft.customer();
    let Some(customer) = agreement.customers.get(&number) else {
        return refuse("The customer is missing.");
    };
    let ean = customer.get("ean").and_then(Value::as_str).unwrap_or_default();
    if ean.len() != EAN_DIGITS || !ean.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse("The customer has no EAN of 13 digits.");
    }
    let named = [
        &draft.part("recipient")["attention"]["customerContactNumber"],
        &draft.part("references")["customerContact"]["customerContactNumber"],
    ];
    let there = contacts(number, customer, "");
    let known = there.iter().any(|contact| named.contains(&&contact["customerContactNumber"]));
    if known { Ok(ean.to_owned()) } else { refuse("The invoice names no contact of the customer.") }
}

/// A booked invoice; `lines` only when asked for.
pub(crate) fn show(agreement: &Agreement, booked: &Booked, base: &str, with_lines: bool) -> Value {
    let draft = &booked.draft;
    let mut shown = draft::shown(draft, base, &agreement.payment_terms, true);
    let place = format!("{base}/invoices/booked/{}", booked.number);
    shown.insert("bookedInvoiceNumber".to_owned(), json!(booked.number));
    if agreement.switches.order_number_shown {
        shown.insert("orderNumber".to_owned(), json!(draft.number));
    }
    shown.insert("remainder".to_owned(), figure(draft.totals().gross, 2));
    if let Some(in_base) = shown.get("grossAmountInBaseCurrency").cloned() {
        shown.insert("remainderInBaseCurrency".to_owned(), in_base);
    }
    shown.insert("pdf".to_owned(), json!({"download": format!("{place}/pdf")}));
    shown.insert("sent".to_owned(), json!(format!("{place}/sent")));
    shown.insert("self".to_owned(), json!(place));
    if with_lines {
        shown.insert("lines".to_owned(), json!(draft::shown_lines(draft, base, true)));
    }
    Value::Object(shown)
}

/// An item of `/invoices/sent`: e-invoices only, e-mails are not listed.
pub(crate) fn sent(booked: &Booked, base: &str) -> Option<Value> {
    if !is_ean(booked.send_by.as_deref()) {
        return None;
    }
    let number = booked.number;
    Some(json!({
        "id": number, "status": "sent", "sendBy": "ean", "creationDate": booked.at,
        "invoice": {"bookedInvoiceNumber": number, "self": format!("{base}/invoices/booked/{number}")},
        "self": format!("{base}/invoices/sent/{number}"),
    }))
}
