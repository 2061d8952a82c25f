//! The use case of the function `api`: an integration says that a draft is finished.

use std::time::Duration;

use domain::{job::JobKey, signal::VerifiedSignal};

use crate::{
    message::{Message, SweepMessage},
    ports::{Kept, PortError, Ports, Queues, Signals},
    sweep::lives,
};

/// Why a signal isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// Its nonce was used for another draft. Not to be repeated with the same nonce.
    #[error("the nonce was used for another draft")]
    NonceUsed,
    /// A store or queue didn't answer. May be repeated as it is.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Keeps the signal and has its draft looked at. Gives the job that the draft has or will have.
///
/// Said again, as after a lost answer, it gives the same job and changes nothing. The signal is kept first and the message
/// sent then: after a crash in between the tenant's next sweep finds the signal, and the sender who asks again sends the
/// message.
pub async fn accept<P: Ports>(ports: &P, signal: VerifiedSignal) -> Result<JobKey, AcceptError> {
    let (tenant, draft) = (signal.tenant.clone(), signal.draft);
    let job = lives::current(ports, &tenant, draft).await?.key;
    let signal = signal.for_job(job);
    let job = match ports.signals().keep(&signal).await? {
        Kept::New => signal.job,
        Kept::Known { first } => first.job,
        Kept::NonceUsed => return Err(AcceptError::NonceUsed),
    };
    let message = Message::Sweep(SweepMessage::Draft { tenant, draft });
    ports.queues().send(&message, Duration::ZERO).await?;
    Ok(job)
}
