//! Ready signals that nothing has come of yet.

use std::collections::BTreeMap;

use domain::{
    ids::{DraftNumber, TenantId},
    job::{Ending, JobState},
    signal::ReadySignal,
};

use super::{jobs::was_decided, lives::is_over};
use crate::ports::{Journal, PortError, Ports, Signals};

/// The tenant's signals without those that led to a job, unless only another decision can let that job go on. Those whose job
/// is over are forgotten.
pub(super) async fn undecided<P: Ports>(
    ports: &P,
    tenant: &TenantId,
) -> Result<BTreeMap<DraftNumber, ReadySignal>, PortError> {
    let mut left = BTreeMap::new();
    for signal in ports.signals().of_tenant(tenant).await? {
        match ports.journal().job(&signal.job).await? {
            Some(job) if is_over(&job) => {
                ports.signals().settle(tenant, signal.draft, &signal.job).await?;
            }
            // Let go once, since its sign was taken back; the signal still stands.
            Some(job) if matches!(job.state, JobState::Done { ending: Ending::NotDue, .. }) => {
                left.insert(signal.draft, signal);
            }
            // A limit that is raised, or an edit, is seen only by deciding anew, and that needs the sign.
            Some(job) if waits_for_a_decision(&job.state) => {
                left.insert(signal.draft, signal);
            }
            // The job itself goes on with it.
            Some(_) => {}
            None => {
                left.insert(signal.draft, signal);
            }
        }
    }
    Ok(left)
}

/// Whether the job is held by what a sweep decided, and doesn't look again by itself.
fn waits_for_a_decision(state: &JobState) -> bool {
    matches!(state, JobState::Held { reason, .. } if was_decided(reason) && !reason.lifts_by_itself())
}
