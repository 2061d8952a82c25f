//! The customer's card in the accounting system says how its invoices are delivered.
//!
//! It's read just before the delivery. What is announced then is the channel that it named, so that a card which is changed
//! afterwards changes nothing about an answer that was lost.

use accounting::{AccountingSystem, DefaultDelivery};
use domain::{hold::HoldReason, job::StepName, settings::Channel};

use super::super::after_error;
use crate::{
    advance::{Run, Stopped, Turn},
    ports::Ports,
};

/// The channel that the card names, or what becomes of the job if it names none.
pub(crate) async fn channel<P: Ports>(run: &mut Run<'_, P>) -> Result<Result<Channel, Turn>, Stopped> {
    let (tenant, customer) = (run.job().key.tenant().clone(), run.job().customer.clone());
    let default = match run.ports.accounting().customer(&tenant, &customer).await {
        Ok(customer) => customer.default_delivery,
        Err(error) => return after_error(run, StepName::Deliver, error).await.map(Err),
    };
    let word = match default {
        DefaultDelivery::By(channel) => return Ok(Ok(channel)),
        DefaultDelivery::ByHand => {
            run.skip(StepName::Deliver, "printed by hand: the customer's default in Fortnox".to_owned());
            return Ok(Err(Turn::Again));
        }
        DefaultDelivery::Unknown(word) => Some(word),
        DefaultDelivery::Unsaid => None,
    };
    Ok(Err(Turn::Stop(run.hold(HoldReason::NoCustomerDefault { word }).await?)))
}
