//! Ready signals that nothing has come of yet.

use std::collections::BTreeMap;

use domain::{
    ids::{DraftNumber, TenantId},
    job::{Ending, JobState},
    signal::ReadySignal,
};

use super::{jobs::was_decided, lives::is_over};
use crate::ports::{Journal, PortError, Ports, Signals};

/// A tenant's signals.
#[derive(Default)]
pub(crate) struct Standing {
    /// Those that led to no job, or to one that only another decision can let go on.
    pub(crate) undecided: BTreeMap<DraftNumber, ReadySignal>,
    /// Those whose job is over. Should there be another draft of its number now, they may have been for either: a signal that
    /// comes while the first one's job isn't over yet is taken for the first one's.
    pub(crate) orphaned: BTreeMap<DraftNumber, ReadySignal>,
}

impl Standing {
    /// The drafts that they name.
    pub(super) fn numbers(&self) -> impl Iterator<Item = DraftNumber> {
        self.undecided.keys().chain(self.orphaned.keys()).copied()
    }
}

/// The tenant's signals that something is still to come of.
pub(crate) async fn standing<P: Ports>(ports: &P, tenant: &TenantId) -> Result<Standing, PortError> {
    let (mut left, mut orphaned) = (BTreeMap::new(), BTreeMap::new());
    for signal in ports.signals().of_tenant(tenant).await? {
        match ports.journal().job(&signal.job).await? {
            Some(job) if is_over(&job) => {
                orphaned.insert(signal.draft, signal);
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
    Ok(Standing { undecided: left, orphaned })
}

/// Whether the job is held by what a sweep decided, and doesn't look again by itself.
fn waits_for_a_decision(state: &JobState) -> bool {
    matches!(state, JobState::Held { reason, .. } if was_decided(reason) && !reason.lifts_by_itself())
}
