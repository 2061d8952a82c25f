//! One agreement: what it holds, and which call goes where.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sim_kit::Method;

use super::call::Call;
use super::draft::{self, Draft};
use super::idempotency::Keys;
use super::ledger::{Effect, EffectKind};
use super::list::{self, BOOKED_FIELDS, CUSTOMER_FIELDS, DRAFT_FIELDS};
use super::rate::Bucket;
use super::refusal::{Refusal, code};
use super::switches::Switches;
use super::{booking, openapi, pdf, register};
use crate::company_file::{AccountingYear, CompanyFile, CompanyFileError};

/// A booked invoice: the draft as it was, and what booking added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Booked {
    pub(crate) number: u64,
    pub(crate) draft: Draft,
    pub(crate) send_by: Option<String>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) pdf_asked: u32,
}

/// Everything of one agreement.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Agreement {
    pub(crate) number: u64,
    pub(crate) about: Map<String, Value>,
    pub(crate) app_secret_token: String,
    pub(crate) grant_token: String,
    pub(crate) consent: bool,
    pub(crate) switches: Switches,
    pub(crate) accounting_years: Vec<AccountingYear>,
    pub(crate) layouts: Vec<Map<String, Value>>,
    pub(crate) payment_terms: Vec<Map<String, Value>>,
    pub(crate) products: Vec<Map<String, Value>>,
    pub(crate) customers: BTreeMap<u64, Map<String, Value>>,
    pub(crate) drafts: BTreeMap<u64, Draft>,
    pub(crate) booked: BTreeMap<u64, Booked>,
    pub(crate) subscribers: Vec<Map<String, Value>>,
    pub(crate) freed: BTreeSet<u64>,
    pub(crate) next_draft: u64,
    pub(crate) next_invoice: u64,
    pub(crate) next_handle: u64,
    pub(crate) bucket: Bucket,
    pub(crate) keys: Keys,
}

/// A granted call.
pub(crate) enum Reply {
    Json { status: u16, location: Option<String>, body: Value },
    Bytes { status: u16, body: Vec<u8> },
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self::Json { status: 200, location: None, body }
    }
}

/// What a call carries along: when it comes, and what it does.
pub(crate) struct Turn<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Agreement {
    pub(crate) fn load(file: CompanyFile, now: DateTime<Utc>) -> Result<Self, CompanyFileError> {
        let tenant = file.agreement_number;
        let mut agreement = Self {
            number: tenant,
            about: file.about,
            app_secret_token: file.access.app_secret_token,
            grant_token: file.access.agreement_grant_token,
            consent: true,
            switches: file.switches,
            accounting_years: file.accounting_years,
            layouts: file.layouts,
            payment_terms: file.payment_terms,
            products: file.products,
            customers: BTreeMap::new(),
            drafts: BTreeMap::new(),
            booked: BTreeMap::new(),
            subscribers: file.subscribers,
            freed: BTreeSet::new(),
            next_draft: 1,
            next_invoice: file.next_invoice,
            next_handle: 1,
            bucket: Bucket::default(),
            keys: Keys::default(),
        };
        for (place, customer) in file.customers.into_iter().enumerate() {
            let number = customer.get("customerNumber").and_then(Value::as_u64);
            let number = number.ok_or_else(|| CompanyFileError::Refused {
                tenant,
                entry: format!("customer {}", place + 1),
                reason: "customerNumber is required.".to_owned(),
            })?;
            agreement.customers.insert(number, customer);
        }
        for (place, draft) in file.drafts.into_iter().enumerate() {
            agreement.add_draft(draft, now).map_err(|refusal| CompanyFileError::Refused {
                tenant,
                entry: format!("draft {}", place + 1),
                reason: format!("{} {}", refusal.message, Value::Object(refusal.more)),
            })?;
        }
        Ok(agreement)
    }

    /// What the ledger says of a draft.
    pub(crate) fn effect(kind: EffectKind, draft: &Draft) -> Effect {
        Effect {
            draft: Some(draft.number),
            customer: Some(draft.customer()),
            gross: Some(draft.totals().gross),
            currency: Some(draft.text("currency").to_owned()),
            date: draft.date(),
            stands: Some(draft.as_written()),
            ..Effect::of(kind)
        }
    }

    pub(crate) fn route(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        match (call.method, path.as_slice()) {
            (_, ["q2capi" | "customersapi" | "subscriptionsapi", ..]) => openapi::route(self, call),
            (Method::Get, ["self"]) => Ok(Reply::ok(self.about(call))),
            (_, ["invoices", "drafts", rest @ ..]) => self.route_drafts(turn, call, rest),
            (_, ["invoices", "booked", rest @ ..]) => self.route_booked(turn, call, rest),
            (Method::Get, ["invoices", "sent"]) => {
                let sent: Vec<Value> =
                    self.booked.values().filter_map(|booked| booking::sent(booked, &call.base)).collect();
                list::page(call, sent, None).map(Reply::ok)
            }
            (Method::Get, ["customers"]) => {
                let all = self
                    .customers
                    .iter()
                    .map(|(number, one)| register::show_customer(*number, one, &call.base))
                    .collect();
                list::page(call, all, Some(CUSTOMER_FIELDS)).map(Reply::ok)
            }
            (_, ["customers", number, rest @ ..]) => self.route_customer(turn, call, number, rest),
            (Method::Get, ["accounting-years", rest @ ..]) => self.years(call, rest),
            (Method::Get, ["layouts", rest @ ..]) => register::read(call, &self.layouts, "layoutNumber", rest),
            (Method::Get, ["payment-terms", rest @ ..]) => {
                register::read(call, &self.payment_terms, "paymentTermsNumber", rest)
            }
            (Method::Get, ["products", rest @ ..]) => register::read(call, &self.products, "productNumber", rest),
            _ => Err(Refusal::not_found()),
        }
    }

    fn about(&self, call: &Call<'_>) -> Value {
        let mut about = self.about.clone();
        about.insert("agreementNumber".to_owned(), json!(self.number));
        about.insert("self".to_owned(), json!(format!("{}/self", call.base)));
        Value::Object(about)
    }

    fn route_drafts(&mut self, turn: &mut Turn<'_>, call: &Call<'_>, rest: &[&str]) -> Result<Reply, Refusal> {
        match (call.method, rest) {
            (Method::Get, []) => {
                let all =
                    self.drafts.values().map(|one| draft::show(one, &call.base, &self.payment_terms, false)).collect();
                list::page(call, all, Some(DRAFT_FIELDS)).map(Reply::ok)
            }
            (Method::Post, []) => {
                let number = self.draft_number();
                self.write_draft(turn, call, number)
            }
            (Method::Get, [number]) => {
                let found = self.drafts.get(&parse(number)?).ok_or_else(Refusal::not_found)?;
                Ok(Reply::ok(draft::show(found, &call.base, &self.payment_terms, true)))
            }
            (Method::Put, [number]) => self.write_draft(turn, call, parse(number)?),
            (Method::Delete, [number]) => {
                let number = parse(number)?;
                let gone = self.drafts.remove(&number);
                let gone = gone.ok_or_else(|| Refusal::new(404, Some(code::NO_SUCH), "Draft invoice not found."))?;
                self.freed.insert(number);
                turn.effects.push(Self::effect(EffectKind::DraftDeleted, &gone));
                let place = format!("{}/invoices/drafts/{number}", call.base);
                Ok(Reply::ok(json!({
                    "message": "Deleted invoice.", "deletedCount": 1,
                    "deletedItems": [{"draftInvoiceNumber": number, "self": place}],
                })))
            }
            (Method::Get, [number, "templates", "booking-instructions"]) => {
                let number = parse(number)?;
                if !self.drafts.contains_key(&number) {
                    return Err(Refusal::not_found());
                }
                let place = format!("{}/invoices/drafts/{number}", call.base);
                Ok(Reply::ok(json!({
                    "draftInvoice": {"draftInvoiceNumber": number, "self": place},
                    "self": format!("{place}/templates/booking-instructions"),
                })))
            }
            (Method::Get, [number, "pdf"]) => {
                let found = self.drafts.get(&parse(number)?).ok_or_else(Refusal::not_found)?;
                Ok(Reply::Bytes { status: 200, body: pdf::draw(self, None, found) })
            }
            _ => Err(Refusal::not_found()),
        }
    }

    fn route_booked(&mut self, turn: &mut Turn<'_>, call: &Call<'_>, rest: &[&str]) -> Result<Reply, Refusal> {
        match (call.method, rest) {
            (Method::Get, []) => {
                let all = self.booked.values().rev().map(|one| booking::show(self, one, &call.base, false)).collect();
                list::page(call, all, Some(BOOKED_FIELDS)).map(Reply::ok)
            }
            (Method::Post, []) => booking::book(self, turn, call, None),
            (Method::Put, [number]) => booking::book(self, turn, call, Some(parse(number)?)),
            (Method::Get, [number]) => {
                let found = self.booked.get(&parse(number)?).ok_or_else(Refusal::not_found)?;
                Ok(Reply::ok(booking::show(self, found, &call.base, true)))
            }
            (Method::Get, [number, "pdf"]) => {
                let number = parse(number)?;
                if call.accepts_only_pdf() {
                    return Err(Refusal::new(406, None, "Not acceptable."));
                }
                pdf::booked(self, number)
            }
            (Method::Get, [number, "sent"]) => {
                let found = self.booked.get(&parse(number)?).ok_or_else(Refusal::not_found)?;
                booking::sent(found, &call.base).map(Reply::ok).ok_or_else(Refusal::not_found)
            }
            _ => Err(Refusal::not_found()),
        }
    }

    /// As `GET /_sim/state` gives it.
    pub(crate) fn state(&self) -> Value {
        let base = "";
        let drafts: Vec<Value> =
            self.drafts.values().map(|one| draft::show(one, base, &self.payment_terms, true)).collect();
        let booked: Vec<Value> = self.booked.values().map(|one| booking::show(self, one, base, true)).collect();
        super::figure::plain(&json!({
            "agreementNumber": self.number, "consent": self.consent, "drafts": drafts, "booked": booked,
            "customers": self.customers.values().collect::<Vec<_>>(), "products": self.products,
            "subscribers": self.subscribers, "user": self.about.get("user"),
        }))
    }
}

pub(crate) fn parse(number: &str) -> Result<u64, Refusal> {
    number.parse().map_err(|_| Refusal::not_found())
}
