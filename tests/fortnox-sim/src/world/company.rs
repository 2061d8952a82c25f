//! One company's Fortnox: its documents, and which handler answers which address.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::calendar::local_time;
use super::call::Call;
use super::catalogue::{ARTICLES, CUSTOMERS, PRICE_LISTS, TERMS_OF_PAYMENTS};
use super::contract::Contract;
use super::invoice::Invoice;
use super::ledger::{Effect, EffectKind};
use super::prices::Prices;
use super::record::{Record, UnknownFields};
use super::refusal::{Refusal, code};
use super::register::Register;
use super::switches::Switches;
use crate::company_file::CompanyInfo;
use sim_kit::Method;

/// Everything Fortnox holds of one company.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Company {
    pub(crate) info: CompanyInfo,
    pub(crate) switches: Switches,
    /// Last day on which nothing may be booked any more.
    pub(crate) locked_until: Option<NaiveDate>,
    pub(crate) trusted_senders: Vec<String>,
    /// Kronor for one unit of a foreign currency.
    pub(crate) currency_rates: BTreeMap<String, Decimal>,
    #[serde(deserialize_with = "super::snapshot::customers")]
    pub(crate) customers: Register,
    #[serde(deserialize_with = "super::snapshot::articles")]
    pub(crate) articles: Register,
    #[serde(deserialize_with = "super::snapshot::price_lists")]
    pub(crate) price_lists: Register,
    #[serde(deserialize_with = "super::snapshot::terms")]
    pub(crate) terms: Register,
    pub(crate) prices: Prices,
    pub(crate) contracts: BTreeMap<u64, Contract>,
    pub(crate) invoices: BTreeMap<u64, Invoice>,
    pub(crate) recurrings: Vec<Map<String, Value>>,
    pub(crate) next_row: u64,
    pub(crate) next_contract: u64,
    pub(crate) next_invoice: u64,
    pub(crate) next_voucher: u64,
}

/// What one call has at hand besides the company.
pub(crate) struct Turn<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    /// The company's wall clock.
    pub(crate) fn local_time(&self) -> NaiveDateTime {
        local_time(self.now)
    }

    /// The company's calendar day.
    pub(crate) fn today(&self) -> NaiveDate {
        self.local_time().date()
    }

    pub(crate) fn register_written(&mut self, kind: EffectKind, number: &str, record: &Record) {
        let mut effect = Effect::of(kind);
        if kind == EffectKind::ArticleChanged {
            effect.article = Some(number.to_owned());
        } else {
            effect.customer = Some(number.to_owned());
            effect.default_delivery = Some(default_delivery(record));
        }
        self.effects.push(effect);
    }
}

/// A granted call.
pub(crate) enum Reply {
    Json {
        status: u16,
        /// Recorded: the resource's name alone, no number.
        location: Option<&'static str>,
        body: Value,
    },
    Pdf(Vec<u8>),
    /// What the newer API answers with.
    Newer {
        headers: Vec<(&'static str, String)>,
        body: Value,
    },
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self::Json { status: 200, location: None, body }
    }

    pub(crate) fn created(location: &'static str, body: Value) -> Self {
        Self::Json { status: 201, location: Some(location), body }
    }

    pub(crate) fn deleted() -> Self {
        Self::Json { status: 204, location: None, body: Value::Null }
    }
}

/// The scope that opens an address, by its first segment (source: guide "Scopes"; those of e-mail senders,
/// financial years and voucher series are assumed).
pub(crate) fn scope_of(resource: &str) -> Option<&'static str> {
    match resource {
        "contracts" | "invoices" => Some("invoice"),
        "customers" => Some("customer"),
        "articles" => Some("article"),
        "prices" | "pricelists" => Some("price"),
        "companyinformation" => Some("companyinformation"),
        "settings" | "termsofpayments" | "emailsenders" | "predefinedvoucherseries" => Some("settings"),
        "financialyears" => Some("bookkeeping"),
        "me" => Some("profile"),
        "noxfinansinvoices" => Some("noxfinansinvoice"),
        _ => None,
    }
}

/// How the invoices of a customer with this record are delivered by default.
pub(crate) fn default_delivery(customer: &Record) -> String {
    let word = customer.text_in("DefaultDeliveryTypes", "Invoice");
    if word.is_empty() { "PRINT".to_owned() } else { word.to_owned() }
}

impl Company {
    pub(crate) fn tenant(&self) -> u64 {
        self.info.database_number
    }

    /// Answers one call below `/3/`.
    pub(crate) fn route(&mut self, turn: &mut Turn<'_>, call: &Call<'_>) -> Result<Reply, Refusal> {
        let path = call.path();
        let gives_pdf = matches!(path.last(), Some(&("print" | "preview" | "printreminder")));
        call.check_types(gives_pdf)?;
        match path.first().copied() {
            Some("contracts") => {
                if !self.switches.contracts_feature {
                    return Err(Refusal::invalid(code::FEATURE_OFF, "Feature inte tillgänglig"));
                }
                self.route_contracts(turn, call)
            }
            Some("invoices") => self.route_invoices(turn, call),
            Some("noxfinansinvoices") => self.route_finance(turn, call),
            Some("prices") => self.route_prices(turn, call),
            Some("customers") => self.route_register(turn, call, &CUSTOMERS),
            Some("articles") => self.route_register(turn, call, &ARTICLES),
            Some("pricelists") => self.route_register(turn, call, &PRICE_LISTS),
            Some("termsofpayments") => self.route_register(turn, call, &TERMS_OF_PAYMENTS),
            Some("financialyears") if call.method == Method::Get => self.financial_years(call, turn.today()),
            _ if call.method == Method::Get => self.settings(&path),
            _ => Err(Refusal::endpoint()),
        }
    }

    fn settings(&self, path: &[&str]) -> Result<Reply, Refusal> {
        let body = match path {
            ["companyinformation"] => json!({"CompanyInformation": self.info.information()}),
            ["settings", "company"] => json!({"CompanySettings": self.info.settings()}),
            ["settings", "lockedperiod"] => {
                json!({"LockedPeriod": {"EndDate": self.locked_until}})
            }
            ["predefinedvoucherseries", name] => self.voucher_series(name),
            ["emailsenders"] => {
                let trusted: Vec<Value> =
                    (1..).zip(&self.trusted_senders).map(|(id, email)| json!({"Id": id, "Email": email})).collect();
                json!({"EmailSenders": {"TrustedSenders": trusted, "RejectedSenders": []}})
            }
            ["me"] => json!({"MeInformation": {
                "Id": "1",
                "Name": "Tjänstekonto",
                "Email": self.info.email,
                "Locale": "sv_SE",
                "SysAdmin": false,
            }}),
            _ => return Err(Refusal::endpoint()),
        };
        Ok(Reply::ok(body))
    }

    pub(crate) fn unknown_fields(&self) -> UnknownFields {
        if self.switches.reject_unknown_fields { UnknownFields::Reject } else { UnknownFields::Ignore }
    }

    pub(crate) fn check_customer(&self, number: &str) -> Result<(), Refusal> {
        if self.customers.contains(number) {
            return Ok(());
        }
        Err(Refusal::invalid(code::CUSTOMER_NOT_FOUND, "Kan inte hitta kunden."))
    }

    pub(crate) fn check_article(&self, number: &str) -> Result<(), Refusal> {
        if self.articles.contains(number) {
            return Ok(());
        }
        Err(Refusal::invalid(code::ARTICLE_NOT_FOUND, "Kan inte hitta artikeln."))
    }

    /// What a head refers to must exist.
    pub(crate) fn check_references(&self, head: &Record) -> Result<(), Refusal> {
        self.check_customer(head.text("CustomerNumber"))?;
        let terms = head.text("TermsOfPayment");
        if !terms.is_empty() && !self.terms.contains(terms) {
            return Err(Refusal::invalid(code::TERMS_NOT_FOUND, "Kan inte hitta betalningsvillkoret."));
        }
        let list = head.text("PriceList");
        if !list.is_empty() && !self.price_lists.contains(list) {
            return Err(Refusal::invalid(code::PRICE_LIST_NOT_FOUND, "Kan inte hitta prislistan."));
        }
        Ok(())
    }

    /// Everything the company holds, for a test's oracle. No tokens, no credentials.
    pub(crate) fn state(&self) -> Value {
        let details = |kind: &super::register::RegisterKind| -> Vec<Value> {
            (kind.peek)(self).in_order().into_iter().map(|entry| (kind.detail)(self, entry)).collect()
        };
        let contracts: Vec<Value> = self.contracts.values().map(|contract| self.contract_state(contract)).collect();
        let invoices: Vec<Value> = self.invoices.values().map(|invoice| self.render_invoice(invoice)).collect();
        json!({
            "DatabaseNumber": self.tenant(),
            "CompanyName": self.info.company_name,
            "switches": self.switches,
            "locked_period": self.locked_until,
            "customers": details(&CUSTOMERS),
            "articles": details(&ARTICLES),
            "prices": self.prices.render_all(),
            "contracts": contracts,
            "invoices": invoices,
            "recurrings": self.recurrings,
        })
    }

    /// An outside document number, as the switches write it.
    pub(crate) fn reference(&self, number: u64) -> Value {
        match self.switches.contract_reference {
            super::switches::NumberOrText::Number => json!(number),
            super::switches::NumberOrText::Text => json!(number.to_string()),
        }
    }

    /// A map with the rows of a document taken out of it.
    pub(crate) fn split_rows(input: &mut Map<String, Value>) -> Option<Value> {
        input.remove("InvoiceRows").filter(|rows| !rows.is_null())
    }
}
