//! Holding a job for a person, and letting it go on when what held it seems to be gone.

use chrono::{DateTime, Utc};
use domain::{
    hold::HoldReason,
    job::{EventKind, JobState, look_again_at},
};

use super::{Outcome, Run, Stopped};
use crate::ports::Ports;

/// A hold that seems to be gone. It is only when the act it stood in the way of gets anywhere.
pub(super) struct Lifted {
    reason: HoldReason,
    since: DateTime<Utc>,
    failed_looks: u32,
    /// Where the story tells of it, unless that's written already.
    pub(super) told_at: Option<usize>,
}

impl<P: Ports> Run<'_, P> {
    /// A held job goes on.
    pub(super) fn resume(&mut self, why: &str) {
        let failed_looks = self.job().failed_looks;
        if !matches!(self.job().state, JobState::Held { .. }) {
            return;
        }
        let job = self.job_mut();
        job.failed_looks = 0;
        if let JobState::Held { reason, since } = std::mem::replace(&mut job.state, JobState::Working) {
            let told_at = Some(self.events.len());
            self.lifted = Some(Lifted { reason, since, failed_looks, told_at });
            self.tell(EventKind::Resumed { why: why.to_owned() });
        }
    }

    /// The hold wasn't gone after all: the job stands as it did before [`Run::resume`], which is then not told of either,
    /// unless that's written already.
    pub(super) fn unlift(&mut self, lifted: Lifted) {
        if let Some(at) = lifted.told_at {
            self.events.remove(at);
        } else {
            self.tell(EventKind::Held { reason: lifted.reason.clone() });
        }
        let job = self.job_mut();
        job.failed_looks = lifted.failed_looks;
        job.state = JobState::Held { reason: lifted.reason, since: lifted.since };
    }

    /// Stops for a person. A reason that lifts by itself is looked at again from time to time.
    pub(crate) async fn hold(&mut self, reason: HoldReason) -> Result<Outcome, Stopped> {
        let now = self.now();
        if let Some(lifted) = self.lifted.take_if(|lifted| lifted.reason == reason) {
            self.unlift(lifted);
        }
        let known = matches!(&self.job().state, JobState::Held { reason: known, .. } if *known == reason);
        let wake_at = reason.lifts_by_itself().then(|| look_again_at(now, self.job().failed_looks));
        if known {
            self.job_mut().failed_looks += 1;
        } else {
            self.tell(EventKind::Held { reason: reason.clone() });
            let job = self.job_mut();
            job.failed_looks = 0;
            job.state = JobState::Held { reason, since: now };
        }
        self.release(wake_at).await?;
        Ok(Outcome::Settled)
    }
}
