//! The use case of the function `mail`: delivers, by a mail of ours or by the accounting system itself.

use domain::{
    job::Next,
    settings::{Channel, Resolved},
};

use crate::{
    advance::{Hands, Outcome, Run, Stopped, Turn, advance},
    message::{BookingMessage, DeliveryMessage, Message},
    notebook::Notebook,
    ports::{Mailer, PortError, Ports},
    steps,
};

struct Mailing<'a, M> {
    mailer: &'a M,
    notebook: &'a Notebook,
}

impl<P: Ports, M: Mailer> Hands<P> for Mailing<'_, M> {
    async fn act(&self, run: &mut Run<'_, P>, act: Next, settings: &Resolved) -> Result<Turn, Stopped> {
        match act {
            Next::Deliver(channel) if channel.is_sent_by_call() => {
                steps::deliver::by_system::deliver(run, channel, settings).await
            }
            Next::Deliver(Channel::CustomerDefault) => match steps::deliver::by_default::channel(run).await? {
                Ok(channel) => steps::deliver::by_system::deliver(run, channel, settings).await,
                Err(turn) => Ok(turn),
            },
            Next::Deliver(_) => steps::deliver::deliver(run, self.mailer, self.notebook, settings).await,
            Next::ObserveDeliver => steps::deliver::observe(run).await,
            Next::AskService => steps::deliver::to_service::ask(run).await,
            Next::MarkSent => steps::deliver::mark_sent(run).await,
            Next::Create | Next::ObserveCreate | Next::Book | Next::ObserveBook => {
                let job = run.job().key.clone();
                run.hand_over(Message::Booking(BookingMessage::Job { job })).await
            }
            Next::Rest | Next::Skip(..) | Next::Hold(_) | Next::Finish(_) => Ok(Turn::Again),
        }
    }
}

/// Takes the message's job through its delivery.
pub async fn work<P: Ports, M: Mailer>(
    ports: &P,
    mailer: &M,
    notebook: &Notebook,
    message: &DeliveryMessage,
) -> Result<Outcome, PortError> {
    let DeliveryMessage::Job { job } = message;
    // On the heap: what a job's settings hold makes it large.
    Box::pin(advance(ports, job, &Mailing { mailer, notebook })).await
}
