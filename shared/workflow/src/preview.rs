//! What a tenant's scan or sweep would lead to, and why not for the rest: read, decided by the same rules, and thrown away.

use std::collections::BTreeSet;

use accounting::{AccountingSystem, Capabilities};
use chrono::NaiveDate;
use domain::{
    draft::DraftDecision,
    due::{DayCap, Decision, Verdict},
    ids::{AgreementNumber, CustomerNumber, DraftNumber, TenantId},
    job::{Job, JobKey, JobState},
    settings::{Channel, Mode, Resolved, Sourced, TenantSettings},
};
use serde::Serialize;

use crate::{
    letter::preview::PreviewError,
    looking::{Moment, recurring::invoiced_by_itself},
    ports::{Clock, Journal, Ports, Settings},
    scan::row::{Row, decide_row},
    sweep::{
        desk::{decided, held, of_subscription},
        lives,
        signals::standing,
    },
};

/// What would be done with a tenant's agreements or drafts.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Whose.
    pub tenant: TenantId,
    /// On which date of the tenant's.
    pub date: NaiveDate,
    /// The mode in force, without which nothing of what is asked for below is done.
    pub mode: Sourced<Mode>,
    /// Each agreement, in the order in which they're read.
    pub agreements: Vec<Foreseen<Decision>>,
    /// Each draft that can be read, likewise.
    pub drafts: Vec<Foreseen<DraftDecision>>,
}

/// One agreement or draft.
#[derive(Debug, Clone, Serialize)]
pub struct Foreseen<D> {
    /// What would be decided.
    pub decision: D,
    /// What the settings ask for once it's decided to be invoiced. `None` where they can't be used.
    pub asked: Option<Asked>,
    /// How the job of just that invoice stands, if there's one already.
    pub job: Option<JobState>,
}

/// What the settings ask for.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Whether it's booked.
    pub book: Sourced<bool>,
    /// How it's delivered.
    pub channel: Sourced<Channel>,
}

impl Asked {
    fn of(settings: &Resolved) -> Self {
        Self { book: settings.auto_book.clone(), channel: settings.channel.clone() }
    }
}

/// What would be done on `date`, or today. For another date than today it's as if nothing changed until then: no invoice is made
/// and no agreement edited. `read` is told how many were read so far. Changes nothing anywhere.
pub async fn preview<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    date: Option<NaiveDate>,
    mut read: impl FnMut(usize) + Send,
) -> Result<Preview, PreviewError> {
    let settings = ports.settings().of_tenant(tenant).await?.ok_or(PreviewError::UnknownTenant)?;
    let profile = settings.profile().map_err(|reason| PreviewError::Held(Box::new(reason)))?;
    let now = ports.clock().now();
    let today = now.with_timezone(&profile.tenant.time_zone).date_naive();
    let at = Moment { today: date.unwrap_or(today), now };
    let mode = settings.mode_in_force().map_err(|reason| PreviewError::Held(Box::new(reason)))?;
    let already_made = if at.today == today { ports.journal().jobs_on(tenant, today).await? } else { 0 };
    let mut desk = Desk {
        ports,
        tenant,
        settings: &settings,
        cap: DayCap::new(profile.tenant.max_invoices_per_day, already_made),
        recurring: None,
        at,
    };
    let can = Capabilities::of(tenant.system());
    let agreements = if can.has_agreements { desk.agreements(&mut read).await? } else { Vec::new() };
    let drafts = if can.books_drafts { desk.drafts(&mut read).await? } else { Vec::new() };
    Ok(Preview { tenant: tenant.clone(), date: at.today, mode, agreements, drafts })
}

struct Desk<'a, P: Ports> {
    ports: &'a P,
    tenant: &'a TenantId,
    settings: &'a TenantSettings,
    cap: DayCap,
    /// Whom the accounting system invoices by itself: asked once, and only if something is due.
    recurring: Option<BTreeSet<CustomerNumber>>,
    at: Moment,
}

impl<P: Ports> Desk<'_, P> {
    async fn agreements(&mut self, read: &mut impl FnMut(usize)) -> Result<Vec<Foreseen<Decision>>, PreviewError> {
        let histories = self.ports.journal().histories(self.tenant).await?;
        let mut foreseen = Vec::new();
        for number in 1.. {
            let page = self.ports.accounting().agreements(self.tenant, number).await?;
            for row in page.rows {
                let row = decide_row(self.settings, &histories, self.at.today, row);
                foreseen.push(self.agreement(row).await?);
            }
            read(foreseen.len());
            if !page.more {
                break;
            }
        }
        Ok(foreseen)
    }

    async fn agreement(&mut self, row: Row) -> Result<Foreseen<Decision>, PreviewError> {
        let Row { mut decision, minds_recurring, .. } = row;
        if minds_recurring && decision.has_due() {
            if self.recurring.is_none() {
                self.recurring = Some(invoiced_by_itself(self.ports, self.tenant).await?);
            }
            decision = decision.held_if_among(self.recurring.as_ref().unwrap_or(&BTreeSet::new()));
        }
        let job = self.job(&decision).await?;
        // One that has a job has its place in the day's count already.
        if job.is_none() {
            decision = self.cap.apply(decision);
        }
        let asked = self.asked(decision.customer.as_ref(), &decision.agreement);
        Ok(Foreseen { decision, asked, job: job.map(|job| job.state) })
    }

    async fn job(&self, decision: &Decision) -> Result<Option<Job>, PreviewError> {
        let (Verdict::Due(due) | Verdict::Held { due: Some(due), .. }) = &decision.verdict else { return Ok(None) };
        let key = JobKey::new(self.tenant.clone(), decision.agreement.clone(), due.period.start());
        Ok(self.ports.journal().job(&key).await?)
    }

    fn asked(&self, customer: Option<&CustomerNumber>, agreement: &AgreementNumber) -> Option<Asked> {
        let settings = self.settings.resolve(customer?, agreement).ok()?;
        Some(Asked::of(&settings))
    }

    async fn drafts(&mut self, read: &mut impl FnMut(usize)) -> Result<Vec<Foreseen<DraftDecision>>, PreviewError> {
        let standing = standing(self.ports, self.tenant).await?;
        let (mut foreseen, mut after) = (Vec::new(), None::<DraftNumber>);
        loop {
            let page = self.ports.accounting().drafts(self.tenant, after).await?;
            let subscription = of_subscription(self.ports, self.tenant, self.settings, &page.rows).await?;
            // One that can't be read has no customer either: the pre-flight names it.
            for draft in page.rows.into_iter().flatten() {
                let resolved = self.settings.resolve_customer(&draft.print.customer);
                let decision = match &resolved {
                    Ok(resolved) => decided(&draft, resolved, &standing, &subscription, self.at),
                    Err(reason) => held(&draft, None, reason.clone()),
                };
                let life = lives::current(self.ports, self.tenant, draft.number).await?;
                let job = life.job.map(|job| job.state);
                foreseen.push(Foreseen { decision, asked: resolved.ok().as_ref().map(Asked::of), job });
            }
            read(foreseen.len());
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(foreseen),
            }
        }
    }
}
