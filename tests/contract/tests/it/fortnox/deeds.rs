//! A person in Fortnox's own screens.

use contract::Deed;
use domain::ids::InvoiceNumber;
use fortnox_sim::{EffectKind, Method, SimRequest, Simulator};

use super::faults;

/// Does it, and answers the number of the invoice that came of it.
pub(crate) fn act(simulator: &Simulator, tenant: u64, deed: Deed) -> Option<InvoiceNumber> {
    match deed {
        Deed::CreateInvoice(agreement) => put(simulator, tenant, &format!("/3/contracts/{agreement}/createinvoice")),
        Deed::Cancel(invoice) => put(simulator, tenant, &format!("/3/invoices/{invoice}/cancel")),
        Deed::Book(invoice) => put(simulator, tenant, &format!("/3/invoices/{invoice}/bookkeep")),
        Deed::RevokeConsent => {
            simulator.with_world(|world| faults::revoked().map(|fault| world.inject(fault)));
            None
        }
        Deed::SwitchAgreementsOff => {
            simulator.with_world(|world| world.switches_mut(tenant).unwrap().contracts_feature = false);
            None
        }
        Deed::BookDraft(_) | Deed::DeleteDraft(_) | Deed::EditDraft(..) => {
            unreachable!("Fortnox has no drafts to book")
        }
    }
}

fn put(simulator: &Simulator, tenant: u64, path: &str) -> Option<InvoiceNumber> {
    let request = SimRequest::new(Method::Put, path)
        .with_header("Content-Type", "application/json")
        .with_header("X-Sim-Actor", "person")
        .with_header("X-Sim-Tenant", &tenant.to_string());
    let now = simulator.now();
    simulator.with_world(|world| {
        let answer = world.handle(now, &request);
        assert_eq!(answer.status, 200, "a person cannot do {path}: {}", answer.json_body());
        let done = world.ledger().last().unwrap().effects.iter();
        let created = done.clone().find(|effect| effect.kind == EffectKind::InvoiceCreated);
        created.and_then(|effect| effect.invoice).map(|number| number.to_string().parse().unwrap())
    })
}
