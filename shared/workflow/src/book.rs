//! The use case of the function `book`: creates and books.

use domain::{job::Next, settings::Resolved};

use crate::{
    advance::{Hands, Outcome, Run, Stopped, Turn, advance},
    message::{BookingMessage, DeliveryMessage, Message},
    notebook::Notebook,
    ports::{PortError, Ports},
    steps,
};

struct Booking<'a> {
    notebook: &'a Notebook,
}

impl<P: Ports> Hands<P> for Booking<'_> {
    async fn act(&self, run: &mut Run<'_, P>, act: Next, settings: &Resolved) -> Result<Turn, Stopped> {
        match act {
            Next::Create => steps::create::create(run, settings).await,
            Next::ObserveCreate => steps::create::observe(run).await,
            Next::Book if run.job().draft().is_some() => steps::book_draft::book(run, self.notebook, settings).await,
            Next::ObserveBook if run.job().draft().is_some() => steps::book_draft::observe(run).await,
            Next::Book => steps::book::book(run, settings).await,
            Next::ObserveBook => steps::book::observe(run).await,
            Next::Deliver(_) | Next::ObserveDeliver | Next::AskService | Next::MarkSent => {
                let job = run.job().key.clone();
                run.hand_over(Message::Delivery(DeliveryMessage::Job { job })).await
            }
            Next::Rest | Next::Skip(..) | Next::Hold(_) | Next::Finish(_) => Ok(Turn::Again),
        }
    }
}

/// Takes the message's job through creating and booking.
pub async fn work<P: Ports>(ports: &P, notebook: &Notebook, message: &BookingMessage) -> Result<Outcome, PortError> {
    let BookingMessage::Job { job } = message;
    // On the heap: what a job's settings hold makes it large.
    Box::pin(advance(ports, job, &Booking { notebook })).await
}
