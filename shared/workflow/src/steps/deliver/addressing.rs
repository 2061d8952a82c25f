//! Whom the accounting system is to mail an invoice to: written on the invoice before it's asked to.

use accounting::{AccountingSystem, Addressing, DefaultDelivery, Error, Invoice};
use domain::{
    hold::HoldReason,
    job::StepName,
    settings::{Channel, Resolved},
};

use super::super::after_error;
use crate::{
    advance::{Run, Stopped, Turn},
    letter,
    ports::Ports,
};

/// Writes the recipients that the settings and registers give, by the same rule as for a mail of ours, and the control copy.
/// `None`: the invoice says so. Else what becomes of the job. Writing it once more changes nothing, so it isn't announced.
pub(crate) async fn address<P: Ports>(
    run: &mut Run<'_, P>,
    step: StepName,
    settings: &Resolved,
    invoice: &Invoice,
) -> Result<Option<Turn>, Stopped> {
    let tenant = run.job().key.tenant().clone();
    let customer = match run.ports.accounting().customer(&tenant, &invoice.customer).await {
        Ok(customer) => customer,
        Err(error) => return after_error(run, step, error).await.map(Some),
    };
    // Before the booking, the customer's card says whether it's to be mailed at all.
    let by_card = step == StepName::Book && settings.channel.value == Channel::CustomerDefault;
    if by_card && customer.default_delivery != DefaultDelivery::By(Channel::FortnoxEmail) {
        return Ok(None);
    }
    let wanted = match letter::recipients(settings, invoice, &customer) {
        Ok(to) => Addressing { to, bcc: settings.control_copy.value.clone() },
        Err(reason) => return Ok(Some(Turn::Stop(run.hold(reason).await?))),
    };
    if invoice.is_addressed(&wanted) {
        return Ok(None);
    }
    if !run.may_act() {
        return Ok(Some(Turn::Again));
    }
    match run.ports.accounting().address(&tenant, &invoice.number, &wanted).await {
        Ok(()) => Ok(None),
        Err(Error::Refused { words, .. }) if invoice.booked => {
            let problem =
                format!("can't be given the recipients that it's to be mailed to, now that it's booked ({words})");
            let reason = HoldReason::InvoiceChanged { invoice: invoice.number.clone(), problem };
            Ok(Some(Turn::Stop(run.hold(reason).await?)))
        }
        Err(error) => after_error(run, step, error).await.map(Some),
    }
}
