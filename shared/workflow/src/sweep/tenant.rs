//! Sweeping a tenant: its drafts by number, and the signals that came for them.

use std::{collections::BTreeSet, time::Duration};

use accounting::AccountingSystem;
use domain::{
    draft::DraftDecision,
    due::DayCap,
    ids::{DraftNumber, TenantId},
    settings::{Mode, next_sweep},
};

use super::{
    desk::{Desk, Halt},
    signals,
};
use crate::{
    advance::Outcome,
    looking::{
        Moment, TimeLeft,
        concerns::Concerns,
        unread::{LOOK_AGAIN, Unread, Unusable, try_again, usable, why_unread},
    },
    message::{Message, SweepMessage},
    ports::{Clock, Journal, PortError, Ports, Queues, Settings, Subject, SweepPage},
};

/// A page is begun only with this much time left: one paced call and a thousand decisions.
const PAGE_NEEDS: Duration = Duration::from_mins(1);

/// With up to this many signals, the drafts they name are read one by one; with more, a list is cheaper.
const READ_ONE_BY_ONE: usize = 3;

/// Reads the tenant's drafts with numbers above `after`, decides on each, and sends the finished ones on.
pub(super) async fn sweep<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    after: Option<DraftNumber>,
    time: &impl TimeLeft,
) -> Result<Outcome, PortError> {
    let now = ports.clock().now();
    let mut concerns = Concerns::load(ports.journal(), tenant).await?;
    let settings = match usable(ports, tenant).await? {
        Ok(settings) => settings,
        Err(Unusable::NoTenant) => {
            tracing::warn!(tenant = %tenant, "a tenant without settings: it isn't looked at any more");
            ports.settings().forget_look(tenant).await?;
            return Ok(Outcome::Settled);
        }
        Err(Unusable::Held(reason)) => {
            tracing::warn!(tenant = %tenant, reason = reason.code(), "the tenant is held");
            concerns.set(Subject::Tenant, Some(&reason), Moment { today: now.date_naive(), now }).await?;
            ports.settings().schedule_next(tenant, now + LOOK_AGAIN).await?;
            return Ok(Outcome::Settled);
        }
    };
    let Ok(profile) = settings.profile() else { return Ok(Outcome::Settled) };
    if profile.tenant.mode == Mode::Off {
        concerns.settle_all().await?;
        ports.settings().schedule_next(tenant, now + LOOK_AGAIN).await?;
        return Ok(Outcome::Settled);
    }
    let at = Moment { today: now.with_timezone(&profile.tenant.time_zone).date_naive(), now };
    let standing = signals::standing(ports, tenant).await?;
    let cap = match profile.tenant.max_invoices_per_day {
        None => DayCap::new(None, 0),
        limit => DayCap::new(limit, ports.journal().jobs_on(tenant, at.today).await?),
    };
    let mut desk = Desk {
        ports,
        tenant,
        settings: &settings,
        profile,
        subscription: BTreeSet::new(),
        standing,
        concerns,
        cap,
        at,
    };
    let end = match desk.read(after, time).await {
        Ok(end) => end,
        Err(Halt::Port(error)) => return Err(error),
        Err(Halt::Accounting(error)) => match why_unread(tenant, error) {
            Unread::Busy { retry_in } => return Ok(Outcome::Again(retry_in)),
            Unread::Blocked { reason, again_in } => {
                desk.concerns.set(Subject::Tenant, Some(&reason), at).await?;
                try_again(ports, tenant, again_in).await?;
                return Ok(Outcome::Settled);
            }
        },
    };
    match end {
        End::Read => {
            ports.settings().schedule_next(tenant, next_sweep(now, &profile.tenant)).await?;
            metric::TENANTS_SWEPT.add_of(1, &tenant.to_string(), None);
        }
        End::OutOfTime { after } => {
            let message = SweepMessage::Tenant { tenant: tenant.clone(), after: Some(after) };
            ports.queues().send(&Message::Sweep(message), Duration::ZERO).await?;
        }
    }
    Ok(Outcome::Settled)
}

enum End {
    /// All is read.
    Read,
    /// The invocation ends soon.
    OutOfTime {
        /// The last number that was read.
        after: DraftNumber,
    },
}

impl<P: Ports> Desk<'_, P> {
    async fn read(&mut self, after: Option<DraftNumber>, time: &impl TimeLeft) -> Result<End, Halt> {
        if self.settings.looks_for_drafts() || self.standing.numbers().count() > READ_ONE_BY_ONE {
            return self.read_list(after, time).await;
        }
        let named: Vec<DraftNumber> = self.standing.numbers().collect();
        let decisions = self.read_each(named).await?;
        self.keep(0, decisions).await?;
        Ok(End::Read)
    }

    async fn read_list(&mut self, after: Option<DraftNumber>, time: &impl TimeLeft) -> Result<End, Halt> {
        let (mut last, mut seen) = (after, BTreeSet::new());
        for page in 1.. {
            if let Some(after) = last
                && page > 1
                && time.time_left() < PAGE_NEEDS
            {
                return Ok(End::OutOfTime { after });
            }
            let got = self.ports.accounting().drafts(self.tenant, last).await?;
            self.company_answers().await?;
            self.look_for_subscriptions(&got.rows).await?;
            let mut decided = Vec::with_capacity(got.rows.len());
            for row in got.rows {
                seen.extend(row.as_ref().map(|draft| draft.number).ok());
                decided.extend(self.row(row).await?);
            }
            self.keep(last.map_or(0, DraftNumber::get), decided).await?;
            match got.next {
                Some(next) => last = Some(next),
                None => break,
            }
        }
        // Numbers below those of this message were met by an earlier one.
        let is_unmet = |number: &DraftNumber| after.is_none_or(|after| *number > after) && !seen.contains(number);
        let unmet: Vec<DraftNumber> = self.standing.numbers().filter(is_unmet).collect();
        for number in unmet {
            self.nothing_there(number).await?;
        }
        self.concerns.settle_gone(self.at.today).await?;
        Ok(End::Read)
    }

    /// What was in the way is gone, since the accounting system answers; what a pre-flight found isn't.
    async fn company_answers(&mut self) -> Result<(), PortError> {
        let held_back = self.settings.held_back();
        self.concerns.set(Subject::Tenant, held_back.as_ref(), self.at).await
    }

    /// Reads drafts by their numbers.
    pub(super) async fn read_each(&mut self, numbers: Vec<DraftNumber>) -> Result<Vec<DraftDecision>, Halt> {
        let mut decisions = Vec::new();
        for number in numbers {
            let read = self.ports.accounting().draft(self.tenant, number).await?;
            self.company_answers().await?;
            match read {
                Some(row) => decisions.extend(self.row(row).await?),
                None => self.nothing_there(number).await?,
            }
        }
        Ok(decisions)
    }

    async fn keep(&self, page: u32, decisions: Vec<DraftDecision>) -> Result<(), PortError> {
        if decisions.is_empty() {
            return Ok(());
        }
        tracing::info!(tenant = %self.tenant, drafts = decisions.len(), "drafts decided");
        let page = SweepPage { at: self.at.now, date: self.at.today, page, decisions };
        self.ports.journal().keep_sweep(self.tenant, &page).await
    }
}
