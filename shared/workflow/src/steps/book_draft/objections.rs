//! What speaks against booking a finished draft: things that would leave an invoice in the books that nobody gets.

use accounting::{AccountingSystem, Customer, Error};
use domain::{
    draft::{Contacts, Draft, choose_recipient},
    hold::HoldReason,
    letters::address::MailAddress,
    settings::{Channel, Resolved},
};

use crate::{advance::Run, notebook::Notebook, ports::Ports};

/// The first thing that speaks against it. Settings and registers can mend each, and then the job goes on by itself.
pub(super) async fn find<P: Ports>(
    run: &Run<'_, P>,
    notebook: &Notebook,
    settings: &Resolved,
    draft: &Draft,
) -> Result<Option<HoldReason>, Error> {
    let (accounting, tenant) = (run.ports.accounting(), run.job().key.tenant());
    if !settings.channel.value.is_for(tenant.system()) {
        return Ok(Some(HoldReason::ChannelUnavailable { channel: settings.channel.value.name().to_owned() }));
    }
    if notebook.is_closed(run.ports, tenant, draft.print.date, run.now()).await? {
        return Ok(Some(HoldReason::PeriodClosed { date: draft.print.date }));
    }
    let customer = accounting.customer(tenant, &draft.print.customer).await?;
    if customer.barred {
        return Ok(Some(HoldReason::CustomerBarred));
    }
    let channel = settings.channel.value;
    let public = draft.has_ean || customer.has_ean;
    Ok(match channel {
        Channel::SesEmail | Channel::EconomicEmail if public => Some(HoldReason::NeedsEinvoice { channel }),
        Channel::SesEmail => nobody_to_mail(settings, draft, &customer),
        Channel::EconomicEmail if customer.invoice_email.is_none() => Some(HoldReason::NoRecipient { problem: None }),
        Channel::EconomicEinvoice => {
            let allowed = accounting.company(tenant).await?.sends_einvoices != Some(false);
            einvoice_lacks(draft, public, allowed)
        }
        _ => None,
    })
}

fn nobody_to_mail(settings: &Resolved, draft: &Draft, customer: &Customer) -> Option<HoldReason> {
    let contacts = Contacts {
        all: customer.contacts.as_deref().unwrap_or_default(),
        attention: draft.attention,
        your_reference: draft.your_reference,
    };
    let set = settings.recipient.value.clone();
    let addresses = set.or_else(|| choose_recipient(contacts, customer.invoice_email.as_deref()).addresses);
    match addresses.as_deref().map(MailAddress::parse_list) {
        Some(Ok(_)) => None,
        Some(Err(problem)) => Some(HoldReason::NoRecipient { problem: Some(problem.to_string()) }),
        None => Some(HoldReason::NoRecipient { problem: None }),
    }
}

/// What e-conomic asks for before it sends an e-invoice (API fact sheet, 6.4).
fn einvoice_lacks(draft: &Draft, public: bool, allowed: bool) -> Option<HoldReason> {
    let lacks = |problem: &str| Some(HoldReason::EinvoiceIncomplete { problem: problem.to_owned() });
    if !allowed {
        lacks("the company isn't set up to send e-invoices")
    } else if !public {
        lacks("the customer has no EAN")
    } else if draft.attention.is_none() && draft.your_reference.is_none() {
        lacks("the draft names no contact of the customer")
    } else {
        None
    }
}
