//! What happened to a company's invoices, by whom: the simulator's ledger in the domain's terms.

use domain::{
    ids::{AgreementNumber, InvoiceNumber, TenantId},
    period::Period,
    settings::Channel,
};
use fortnox_sim::{Actor, EffectKind, LedgerEntry};

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The pipeline.
    App,
    /// A person in the accounting system's own screens.
    Person,
}

/// What was done to an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It was made.
    Created {
        /// From this agreement.
        agreement: AgreementNumber,
        /// For these dates.
        period: Period,
    },
    /// It was booked.
    Booked,
    /// It was marked as sent. Marking it again is one more line.
    MarkedSent,
    /// Fortnox delivered it.
    Delivered(Channel),
    /// It was taken back.
    Cancelled,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub by: By,
    /// Which invoice.
    pub invoice: InvoiceNumber,
    /// What.
    pub effect: Effect,
}

/// A company's lines.
pub(super) fn of(ledger: &[LedgerEntry], tenant: &TenantId) -> Vec<Entry> {
    let own = ledger.iter().filter(|entry| entry.tenant == Some(tenant.number()));
    own.flat_map(|entry| entry.effects.iter().filter_map(move |effect| line(entry.actor, effect))).collect()
}

fn line(actor: Actor, effect: &fortnox_sim::Effect) -> Option<Entry> {
    let by = match actor {
        Actor::App => By::App,
        Actor::Person => By::Person,
    };
    let invoice = effect.invoice?.to_string().parse().ok()?;
    let effect = match effect.kind {
        EffectKind::InvoiceCreated => Effect::Created {
            agreement: effect.contract?.to_string().parse().ok()?,
            period: Period::new(effect.period_start?, effect.period_end?).ok()?,
        },
        EffectKind::InvoiceBooked => Effect::Booked,
        EffectKind::MarkedSent => Effect::MarkedSent,
        EffectKind::EmailSent => Effect::Delivered(Channel::FortnoxEmail),
        EffectKind::EinvoiceSent => Effect::Delivered(Channel::FortnoxEinvoice),
        EffectKind::PrintServiceSent => Effect::Delivered(Channel::FortnoxPrintService),
        EffectKind::HandedToService => Effect::Delivered(Channel::FortnoxInvoiceService),
        EffectKind::InvoiceCancelled => Effect::Cancelled,
        _ => return None,
    };
    Some(Entry { by, invoice, effect })
}
