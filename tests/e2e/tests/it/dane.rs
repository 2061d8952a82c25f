//! Companies in e-conomic for the tests.

use domain::{
    ids::TenantId,
    job::{Ending, JobState},
    signal::SignalSecret,
};
use economic_sim::{Actor, CompanyFile, EffectKind, LedgerEntry};
use serde_json::{Map, Value, json};
use stage::{Evidence, JobRecord, SignalAnswer};

use crate::{company::root, scene::Scene};

/// Who gave consent in each company.
pub(crate) const CONSENTED: &str = "maja@sonderaa.example";
/// Where answers to the invoices go.
pub(crate) const REPLY_TO: &str = "kontor@sonderaa.example";
/// With which the integrations sign.
pub(crate) const SECRET: &str = "not-a-secret-of-an-integration-0123";

/// A company with drafts 1 to `drafts`, dated 1 January 2026 and each for the customer of the same number, whose contact
/// gets the invoices.
pub(crate) fn dane(number: u64, drafts: u64) -> CompanyFile {
    let mut file = CompanyFile::read(&root().join("tests/economic-sim/companies/sonderaa.json")).unwrap();
    file.agreement_number = number;
    file.access.agreement_grant_token = format!("not-a-secret-grant-{number}");
    file.subscribers = Vec::new();
    file.customers = (1..=drafts).map(customer).collect();
    file.drafts = (1..=drafts).map(|draft| entry(self::draft(draft, draft))).collect();
    file
}

/// A draft of one line to `customer`.
pub(crate) fn draft(number: u64, customer: u64) -> Value {
    json!({
        "draftInvoiceNumber": number, "date": "2026-01-01", "currency": "DKK", "layout": {"layoutNumber": 20},
        "paymentTerms": {"paymentTermsNumber": 1}, "customer": {"customerNumber": customer},
        "recipient": {"name": format!("Bøgevangens Boligforening nr. {customer}"), "vatZone": {"vatZoneNumber": 1}},
        "lastUpdated": "2025-12-30T10:10:00Z",
        "lines": [{
            "description": "Trappevask", "product": {"productNumber": "4"}, "quantity": 1,
            "unitNetPrice": 1000 + number,
        }],
    })
}

fn customer(number: u64) -> Map<String, Value> {
    entry(json!({
        "customerNumber": number, "name": format!("Bøgevangens Boligforening nr. {number}"), "currency": "DKK",
        "customerGroup": {"customerGroupNumber": 1}, "paymentTerms": {"paymentTermsNumber": 1},
        "vatZone": {"vatZoneNumber": 1}, "email": format!("kontor{number}@boegevangen.example"),
        "contacts": [{
            "customerContactNumber": 1, "name": contact(number), "email": address(number),
            "emailNotifications": ["invoices"],
        }],
    }))
}

/// The contact who gets the customer's invoices.
pub(crate) fn contact(customer: u64) -> String {
    format!("Åse Bjørn den {customer}.")
}

/// The contact's address.
pub(crate) fn address(customer: u64) -> String {
    format!("aase{customer}@boegevangen.example")
}

pub(crate) fn entry(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

/// A profile that has every finished draft booked and mailed at once; what is said in `differences` differs.
pub(crate) fn profile(differences: &Value) -> Value {
    let mut profile = json!({
        "mode": "full", "time_zone": "Europe/Copenhagen", "country": "DK", "channel": "ses_email", "auto_book": true,
        "automatic_sending": true, "sweep": "immediately", "sender_name": "Sønderå Rengøring ApS", "reply_to": REPLY_TO,
    });
    for (name, value) in differences.as_object().into_iter().flatten() {
        profile[name.as_str()] = value.clone();
    }
    profile
}

impl Scene {
    /// The company's integration, which signs with a secret of its own.
    pub(crate) fn integration(&self, tenant: &TenantId) -> SignalSecret {
        self.stage.give_secret(tenant, "crm", SECRET).unwrap()
    }

    /// The integration says that a draft is finished, and is heard.
    pub(crate) async fn ready(&self, tenant: &TenantId, secret: &SignalSecret, draft: u64) -> SignalAnswer {
        let answer = self.stage.signal(tenant, &draft.to_string(), secret).await.unwrap();
        assert_eq!(answer.status, 202, "{answer:?}");
        answer
    }
}

/// The newest job of a draft.
pub(crate) fn job_of(evidence: &Evidence, tenant: &TenantId, draft: u64) -> JobRecord {
    let prefix = format!("{tenant}:{draft}:");
    let mut jobs = evidence.jobs.iter().filter(|record| record.job.key.to_string().starts_with(&prefix));
    jobs.next_back().unwrap_or_else(|| panic!("draft {draft} of {tenant} has no job")).clone()
}

/// Whether the job is complete.
pub(crate) fn is_complete(record: &JobRecord) -> bool {
    matches!(record.job.state, JobState::Done { ending: Ending::Completed, .. })
}

/// The bookings that the program made of a draft, by e-conomic's ledger.
pub(crate) fn bookings<'a>(evidence: &'a Evidence, tenant: &TenantId, draft: u64) -> Vec<&'a LedgerEntry> {
    let tenant = tenant.number();
    let of_draft = |entry: &&LedgerEntry| {
        let booked = |it: &economic_sim::Effect| it.kind == EffectKind::InvoiceBooked && it.draft == Some(draft);
        entry.actor == Actor::App && entry.tenant == Some(tenant) && entry.effects.iter().any(booked)
    };
    evidence.economic.iter().filter(of_draft).collect()
}

/// Whether any call named the draft otherwise than in a list.
pub(crate) fn is_touched(evidence: &Evidence, tenant: &TenantId, draft: u64) -> bool {
    let own = evidence.economic.iter().filter(|entry| entry.tenant == Some(tenant.number()));
    let names = format!("/drafts/{draft}");
    let changed = |entry: &LedgerEntry| entry.effects.iter().any(|effect| effect.draft == Some(draft));
    own.into_iter().any(|entry| entry.actor == Actor::App && (entry.path.ends_with(&names) || changed(entry)))
}
