//! The use case of the function `prices`: compare the prices on agreements and on invoices that aren't booked with the lists, and
//! have them follow where the company wants it.

mod agreement;
mod lists;
mod preview;
mod round;
mod tick;
mod write;

pub use self::{
    preview::{PricesForeseen, RowForeseen, preview},
    tick::{PriceTick, tick},
};

use crate::{
    advance::Outcome,
    looking::TimeLeft,
    message::PriceMessage,
    ports::{PortError, Ports},
};

/// Carries out a message of the prices' queue.
pub async fn work<P: Ports>(ports: &P, message: &PriceMessage, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    match message {
        PriceMessage::Tenant { tenant } => round::go_on(ports, tenant, time).await,
    }
}
