//! The simulator's ledger in the suite's terms.

use contract::{Actor, Call, Effect, EffectKind, Entry};
use fortnox_sim::{EffectKind as Sim, LedgerEntry, Method};

/// Status of an answer to one call too many.
const TOO_MANY_REQUESTS: u16 = 429;

pub(crate) fn entry(entry: &LedgerEntry) -> Entry {
    Entry {
        actor: match entry.actor {
            fortnox_sim::Actor::App => Actor::Program,
            fortnox_sim::Actor::Person => Actor::Person,
        },
        call: call(entry.method, &entry.path),
        over_rate: entry.status == Some(TOO_MANY_REQUESTS),
        effects: entry.effects.iter().filter_map(effect).collect(),
    }
}

fn call(method: Method, path: &str) -> Option<Call> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    Some(match (method, &segments[..]) {
        (Method::Get, ["3", "contracts"]) => Call::Agreements,
        (Method::Get, ["3", "contracts", _]) => Call::Agreement,
        (Method::Put, ["3", "contracts", _, "createinvoice"]) => Call::CreateInvoice,
        (Method::Get, ["3", "invoices"]) => Call::Invoices,
        (Method::Get, ["3", "invoices", _]) => Call::Invoice,
        (Method::Put, ["3", "invoices", _, "bookkeep"]) => Call::Book,
        (Method::Put, ["3", "invoices", _, "externalprint"]) => Call::MarkSent,
        (Method::Put, ["3", "invoices", _]) => Call::Address,
        (Method::Get, ["3", "invoices", _, "email" | "einvoice" | "eprint"]) => Call::Deliver,
        (Method::Post, ["3", "noxfinansinvoices"]) => Call::HandOver,
        (Method::Get, ["3", "noxfinansinvoices", _]) => Call::AtService,
        (Method::Get, ["3", "invoices", _, "preview"]) => Call::Pdf,
        (Method::Get, ["3", "customers", _]) => Call::Customer,
        (Method::Get, ["3", "settings", "company"]) => Call::Company,
        (Method::Post, ["oauth-v1", "token"]) => Call::Token,
        _ => return None,
    })
}

fn effect(effect: &fortnox_sim::Effect) -> Option<Effect> {
    let kind = match effect.kind {
        Sim::InvoiceCreated => EffectKind::InvoiceCreated,
        Sim::InvoiceBooked => EffectKind::InvoiceBooked,
        Sim::MarkedSent => EffectKind::MarkedSent,
        Sim::EmailSent | Sim::EinvoiceSent | Sim::PrintServiceSent | Sim::HandedToService => EffectKind::Delivered,
        Sim::TokenIssued => EffectKind::TokenIssued,
        // The other half of a token issued by refreshing.
        Sim::RefreshTokenRotated => return None,
        _ => EffectKind::Changed,
    };
    let parsed = |number: u64| number.to_string().parse().expect("a plain number is short and printable");
    Some(Effect {
        kind,
        invoice: effect.invoice.map(parsed),
        agreement: effect.contract.map(|number| number.to_string().parse().unwrap()),
        draft: None,
        invoice_date: effect.invoice_date,
    })
}
