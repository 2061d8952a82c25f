//! Writing drafts: numbers, references, replacement as a whole.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::agreement::{Agreement, Reply, Turn};
use super::call::Call;
use super::draft::{self, Draft};
use super::ledger::EffectKind;
use super::refusal::{Refusal, code};

impl Agreement {
    /// A draft in the form of a company file.
    pub(crate) fn add_draft(&mut self, draft: Map<String, Value>, now: DateTime<Utc>) -> Result<u64, Refusal> {
        let number = draft.get("draftInvoiceNumber").and_then(Value::as_u64);
        let touched = draft.get("lastUpdated").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let fields = Draft::read(draft)?;
        self.check_references(&fields)?;
        let number = number.unwrap_or_else(|| self.draft_number());
        if self.drafts.contains_key(&number) {
            return Err(Refusal::new(400, Some(code::NUMBER_USED), "The number is in use."));
        }
        self.put_draft(number, fields, touched.unwrap_or(now));
        Ok(number)
    }

    fn put_draft(&mut self, number: u64, fields: Map<String, Value>, now: DateTime<Utc>) {
        let handle = self.drafts.get(&number).map_or(self.next_handle, |draft| draft.handle);
        self.next_handle = self.next_handle.max(handle + 1);
        self.next_draft = self.next_draft.max(number + 1);
        self.freed.remove(&number);
        self.drafts.insert(number, Draft { number, handle, last_updated: now, fields });
    }

    pub(crate) fn draft_number(&self) -> u64 {
        let freed = self.freed.first().copied().filter(|_| self.switches.reuse_draft_numbers);
        freed.unwrap_or(self.next_draft)
    }

    fn check_references(&self, fields: &Map<String, Value>) -> Result<(), Refusal> {
        let named = |outer: &str, inner: &str| fields.get(outer).map_or(Value::Null, |part| part[inner].clone());
        let customer = named("customer", "customerNumber");
        let known = |all: &[Map<String, Value>], inner: &str, value: &Value| {
            all.iter().any(|one| one.get(inner) == Some(value))
        };
        let missing = |field: &str, code, value: Value| {
            Err(Refusal::field(field, code, &format!("{field} '{value}' not found."), value))
        };
        if !customer.as_u64().is_some_and(|number| self.customers.contains_key(&number)) {
            return missing("customer", code::NO_SUCH, customer);
        }
        let terms = named("paymentTerms", "paymentTermsNumber");
        if !known(&self.payment_terms, "paymentTermsNumber", &terms) {
            return missing("paymentTerms", "E07080", terms);
        }
        let layout = named("layout", "layoutNumber");
        if !known(&self.layouts, "layoutNumber", &layout) {
            return missing("layout", code::NO_SUCH, layout);
        }
        for line in fields.get("lines").and_then(Value::as_array).into_iter().flatten() {
            let product = &line["product"]["productNumber"];
            if !product.is_null() && !known(&self.products, "productNumber", product) {
                return missing("lines", code::NO_SUCH, product.clone());
            }
        }
        Ok(())
    }

    pub(crate) fn write_draft(&mut self, turn: &mut Turn<'_>, call: &Call<'_>, number: u64) -> Result<Reply, Refusal> {
        let fields = Draft::read(call.body()?)?;
        self.check_references(&fields)?;
        let was_there = self.drafts.contains_key(&number);
        self.put_draft(number, fields, turn.now);
        let Some(made) = self.drafts.get(&number) else {
            return Err(Refusal::not_found());
        };
        let kind = if was_there { EffectKind::DraftChanged } else { EffectKind::DraftCreated };
        turn.effects.push(Self::effect(kind, made));
        let body = draft::show(made, &call.base, &self.payment_terms, true);
        let location = (!was_there).then(|| format!("{}/invoices/drafts/{number}", call.base));
        Ok(Reply::Json { status: if was_there { 200 } else { 201 }, location, body })
    }
}
