//! The simulator's ledger in the suite's terms.

use contract::{Actor, Call, Effect, EffectKind, Entry};
use economic_sim::{EffectKind as Sim, LedgerEntry, Method};

/// Status of an answer to one call too many.
const TOO_MANY_REQUESTS: u16 = 429;

pub(crate) fn entry(entry: &LedgerEntry) -> Entry {
    Entry {
        actor: match entry.actor {
            economic_sim::Actor::App => Actor::Program,
            economic_sim::Actor::Person => Actor::Person,
        },
        call: call(entry.method, &entry.path),
        over_rate: entry.status == Some(TOO_MANY_REQUESTS),
        effects: entry.effects.iter().map(effect).collect(),
    }
}

fn call(method: Method, path: &str) -> Option<Call> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    Some(match (method, &segments[..]) {
        (Method::Get, ["invoices", "booked"]) => Call::Invoices,
        (Method::Get, ["invoices", "booked", _]) => Call::Invoice,
        (Method::Get, ["invoices", "booked", _, "pdf"]) => Call::Pdf,
        (Method::Post, ["invoices", "booked"]) => Call::BookDraft,
        (Method::Get, ["invoices", "drafts"]) => Call::Drafts,
        (Method::Get, ["invoices", "drafts", _]) => Call::Draft,
        (Method::Get, ["customers", _]) => Call::Customer,
        (Method::Get, ["self"]) => Call::Company,
        _ => return None,
    })
}

fn effect(effect: &economic_sim::Effect) -> Effect {
    let kind = match effect.kind {
        Sim::InvoiceBooked => EffectKind::InvoiceBooked,
        Sim::EmailSent | Sim::EinvoiceSent => EffectKind::Delivered,
        _ => EffectKind::Changed,
    };
    Effect {
        kind,
        invoice: effect.invoice.map(|number| number.to_string().parse().unwrap()),
        agreement: None,
        draft: effect.draft.map(|number| u32::try_from(number).unwrap().try_into().unwrap()),
        invoice_date: effect.date,
    }
}
