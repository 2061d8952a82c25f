//! Which draft of a number is the one there is now: numbers may be used again once a draft is gone.

use domain::{
    ids::{DraftNumber, TenantId},
    job::{Ending, Job, JobKey, JobState},
};

use crate::ports::{Journal, PortError, Ports};

/// More drafts of one number than anybody will ever see: whoever gets here reads a broken journal.
const MOST_LIVES: u32 = 1000;

/// The newest draft of a number that the journal knows.
pub(crate) struct Life {
    /// The key of its job.
    pub(crate) key: JobKey,
    /// The job, if there is one. It has ended only if no later draft of the number has a job.
    pub(crate) job: Option<Job>,
}

/// Whether a job is over: no later decision takes it up.
pub(crate) fn is_over(job: &Job) -> bool {
    matches!(&job.state, JobState::Done { ending, .. } if *ending != Ending::NotDue)
}

/// The job that a decision on the draft concerns: the first that isn't over, or else the place for a new one.
pub(crate) async fn current<P: Ports>(ports: &P, tenant: &TenantId, number: DraftNumber) -> Result<Life, PortError> {
    for life in 1..=MOST_LIVES {
        let key = JobKey::of_draft(tenant.clone(), number, life);
        match ports.journal().job(&key).await? {
            Some(job) if is_over(&job) => {}
            job => return Ok(Life { key, job }),
        }
    }
    Err(PortError::new("finding a draft's job", format!("draft {number} has had {MOST_LIVES} jobs")))
}

/// The job before this one of the same number.
pub(crate) async fn before<P: Ports>(ports: &P, key: &JobKey) -> Result<Option<Job>, PortError> {
    match *key.source() {
        domain::job::Source::Draft { number, life } if life > 1 => {
            ports.journal().job(&JobKey::of_draft(key.tenant().clone(), number, life - 1)).await
        }
        _ => Ok(None),
    }
}
