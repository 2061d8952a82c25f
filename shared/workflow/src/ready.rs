//! The use case of the function `api`: an integration says that a draft is finished.

use std::time::Duration;

use domain::{
    ids::{DraftNumber, TenantId},
    job::{Ending, Job, JobKey, JobState},
    signal::VerifiedSignal,
};

use crate::{
    message::{Message, SweepMessage},
    ports::{Journal, Kept, PortError, Ports, Queues, Signals},
};

/// Most drafts of one number. e-conomic gives a number again only once its draft is gone, and counts on meanwhile.
const MOST_LIVES: u32 = 1_000;

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
    let job = job_of(ports, &tenant, draft).await?;
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

/// The job that a draft has or will have: the first of its number that hasn't ended.
async fn job_of<P: Ports>(ports: &P, tenant: &TenantId, draft: DraftNumber) -> Result<JobKey, PortError> {
    for life in 1..=MOST_LIVES {
        let key = JobKey::of_draft(tenant.clone(), draft, life);
        if ports.journal().job(&key).await?.is_none_or(|job| !has_ended(&job)) {
            return Ok(key);
        }
    }
    Err(PortError::new("finding a draft's job", format!("{MOST_LIVES} drafts of one number have ended")))
}

/// Whether the job is over for good. One that wasn't due may be due again.
fn has_ended(job: &Job) -> bool {
    matches!(&job.state, JobState::Done { ending, .. } if *ending != Ending::NotDue)
}
