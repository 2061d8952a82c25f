//! What a sweep decides by, and how it deals with one draft.

use std::collections::BTreeSet;

use accounting::{AccountingSystem, DraftRow, Error};
use domain::{
    draft::{Circumstances, Draft, DraftDecision, DraftVerdict, FinishedBy, Sign, decide},
    due::DayCap,
    hold::HoldReason,
    ids::{DraftNumber, TenantId},
    job::{Job, JobKey},
    settings::{Mode, Profile, Resolved, TenantSettings},
};

use super::{jobs::follow, lives, signals::Standing};
use crate::{
    looking::{Moment, concerns::Concerns},
    ports::{PortError, Ports, Signals, Subject},
};

/// Everything that is the same for all drafts of one sweep.
pub(super) struct Desk<'a, P: Ports> {
    pub(super) ports: &'a P,
    pub(super) tenant: &'a TenantId,
    pub(super) settings: &'a TenantSettings,
    pub(super) profile: &'a Profile,
    pub(super) subscription: BTreeSet<DraftNumber>,
    pub(super) standing: Standing,
    pub(super) concerns: Concerns<'a, P::Journal>,
    pub(super) cap: DayCap,
    pub(super) at: Moment,
}

/// What came of a row.
pub(super) type Decided = Result<Option<DraftDecision>, Halt>;

/// Why a sweep can't go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    /// The accounting system.
    #[error(transparent)]
    Accounting(#[from] Error),
    /// A store or queue.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl<P: Ports> Desk<'_, P> {
    /// Finds out which of the rows the subscription run made, where that counts.
    pub(super) async fn look_for_subscriptions(&mut self, rows: &[DraftRow]) -> Result<(), Error> {
        self.subscription.extend(of_subscription(self.ports, self.tenant, self.settings, rows).await?);
        Ok(())
    }

    /// Decides on a row and leads it where it belongs. Gives the decision, where the row can be read.
    pub(super) async fn row(&mut self, row: DraftRow) -> Decided {
        match row {
            Ok(draft) => self.draft(&draft).await.map(Some),
            Err(broken) => {
                let subject = broken.number.map_or(Subject::Tenant, Subject::Draft);
                let reason = HoldReason::Unreadable { problem: broken.problem };
                self.concerns.set(subject, Some(&reason), self.at).await?;
                Ok(None)
            }
        }
    }

    async fn draft(&mut self, draft: &Draft) -> Result<DraftDecision, Halt> {
        let subject = Subject::Draft(draft.number);
        let signalled_at = self.standing.undecided.get(&draft.number).map(|signal| signal.at);
        let resolved = match self.settings.resolve_customer(&draft.print.customer) {
            Ok(resolved) => resolved,
            Err(reason) => {
                self.concerns.set(subject, Some(&reason), self.at).await?;
                return Ok(held(draft, signalled_at, reason));
            }
        };
        self.concerns.set(subject, None, self.at).await?;
        let decision = decided(draft, &resolved, &self.standing, &self.subscription, self.at);
        let orphan = self.standing.orphaned.get(&draft.number).cloned();
        if self.profile.tenant.mode == Mode::Full
            && matches!(decision.verdict, DraftVerdict::Finished { .. } | DraftVerdict::Held { .. })
        {
            let life = lives::current(self.ports, self.tenant, draft.number).await?;
            follow(self.ports, draft, &life.key, life.job.as_ref(), &decision, &mut self.cap, self.at).await?;
            if let Some(orphan) = orphan {
                self.ports.signals().settle(self.tenant, orphan.draft, &orphan.job).await?;
            }
        }
        Ok(decision)
    }

    /// A signal for a draft that isn't there. If the draft has a job, that finds out what became of it; if it had one by which
    /// it was booked, the integration only says again what it said before.
    pub(super) async fn nothing_there(&mut self, number: DraftNumber) -> Result<(), PortError> {
        if let Some(orphan) = self.standing.orphaned.get(&number) {
            return self.ports.signals().settle(self.tenant, number, &orphan.job).await;
        }
        let life = lives::current(self.ports, self.tenant, number).await?;
        let unknown = life.job.is_none() && !self.was_booked(&life.key).await?;
        let reason = unknown.then_some(HoldReason::NoSuchDraft { draft: number });
        self.concerns.set(Subject::Draft(number), reason.as_ref(), self.at).await
    }

    /// Whether the last draft of the number before this one became an invoice.
    async fn was_booked(&self, key: &JobKey) -> Result<bool, PortError> {
        let earlier = lives::before(self.ports, key).await?;
        Ok(earlier.as_ref().and_then(Job::invoice).is_some())
    }
}

/// The decision on a draft whose settings are whole. Sweep and preview both go by this.
pub(crate) fn decided(
    draft: &Draft,
    resolved: &Resolved,
    standing: &Standing,
    subscription: &BTreeSet<DraftNumber>,
    at: Moment,
) -> DraftDecision {
    let seen = Circumstances {
        signalled_at: standing.undecided.get(&draft.number).map(|signal| signal.at),
        of_subscription: subscription.contains(&draft.number),
        today: at.today,
        now: at.now,
        approved: &[],
    };
    let mut decision = decide(draft, &resolved.draft_policy(), seen);
    if let Some(orphan) = standing.orphaned.get(&draft.number)
        && matches!(decision.verdict, DraftVerdict::Unfinished { .. })
    {
        let reason = HoldReason::SignalUnclear { draft: draft.number };
        decision.verdict = DraftVerdict::Held { sign: Sign::ReadySignal { at: orphan.at }, reason };
    }
    decision
}

/// Which of the rows the subscription run made, where that counts.
pub(crate) async fn of_subscription<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    settings: &TenantSettings,
    rows: &[DraftRow],
) -> Result<BTreeSet<DraftNumber>, Error> {
    let counts = |draft: &&Draft| {
        let settings = settings.resolve_customer(&draft.print.customer);
        let policy = settings.map(|settings| settings.draft_policy()).unwrap_or_default();
        policy.automatic && policy.finished_by.contains(&FinishedBy::Subscription)
    };
    let among: Vec<DraftNumber> =
        rows.iter().filter_map(|row| row.as_ref().ok()).filter(counts).map(|draft| draft.number).collect();
    if among.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(ports.accounting().subscription_drafts(tenant, &among).await?.into_iter().collect())
}

/// A draft whose settings are broken: nobody knows what is wanted of it.
pub(crate) fn held(
    draft: &Draft,
    signalled_at: Option<chrono::DateTime<chrono::Utc>>,
    reason: HoldReason,
) -> DraftDecision {
    let sign = signalled_at.map_or(Sign::Unknown, |at| Sign::ReadySignal { at });
    DraftDecision {
        draft: draft.number,
        customer: draft.print.customer.clone(),
        date: draft.print.date,
        gross: draft.print.gross,
        verdict: DraftVerdict::Held { sign, reason },
    }
}
