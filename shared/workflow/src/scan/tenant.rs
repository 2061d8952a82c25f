//! Scanning a tenant: page by page, each due agreement on its way as soon as its page is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use accounting::{AccountingSystem, AgreementPage, AgreementRow, Error};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    due::{DayCap, Decision, Verdict},
    hold::HoldReason,
    ids::{AgreementNumber, CustomerNumber, TenantId},
    settings::{Mode, Profile, TenantSettings},
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    jobs::{Decided, Led, follow, foresee},
    next_time,
    row::{Row, decide_row},
};
use crate::{
    advance::Outcome,
    looking::{
        Moment, TimeLeft,
        concerns::Concerns,
        recurring::invoiced_by_itself,
        turns::Turns,
        unread::{LOOK_AGAIN, Unread, Unusable, try_again, usable, why_unread},
    },
    message::{Message, ScanMessage},
    ports::{Clock, History, Journal, PortError, Ports, PriceBook, Queues, ScanPage, Settings, Subject},
};

/// Jobs opened side by side. They're small writes to DynamoDB and SQS: enough to hide their latency, few enough for a small
/// function.
const JOBS_AT_ONCE: usize = 8;

/// A page is begun only with this much time left: one paced call and five hundred jobs.
const PAGE_NEEDS: Duration = Duration::from_mins(1);

/// When the prices of a tenant that wants them watched are first compared: its invoices go first, since both share its rate.
const FIRST_COMPARED_AFTER: TimeDelta = TimeDelta::minutes(30);

/// How far a scan has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// The page to go on with.
    pub(super) page: u32,
    /// Due decisions so far.
    pub(super) counted: u32,
    /// How many agreements there were when the page before was read.
    pub(super) total: Option<u64>,
}

/// Reads the tenant's agreements, decides on each, and sends the due ones on.
pub(super) async fn scan<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    progress: Progress,
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
    let today = now.with_timezone(&profile.tenant.time_zone).date_naive();
    let histories = ports.journal().histories(tenant).await?;
    let made = ports.journal().jobs_on(tenant, today).await?.max(progress.counted);
    let cap = DayCap::new(profile.tenant.max_invoices_per_day, made);
    let turns = Turns::of(tenant, now);
    let mut pages =
        Pages { ports, tenant, settings: &settings, profile, histories, concerns, cap, recurring: None, turns, today };
    match pages.read(progress, time).await? {
        End::Read => {
            if settings.watches_prices() {
                ports.prices().start(tenant, ports.clock().now() + FIRST_COMPARED_AFTER).await?;
            }
            ports.settings().schedule_next(tenant, next_time::after(today, &profile.tenant)).await?;
            metric::TENANTS_SCANNED.add_of(1, &tenant.to_string(), None);
        }
        End::Later(delta) => try_again(ports, tenant, delta).await?,
        End::Again(after) => return Ok(Outcome::Again(after)),
        End::OutOfTime { next_page, total } => {
            let counted = pages.cap.used();
            let message = ScanMessage::Tenant { tenant: tenant.clone(), page: next_page, counted, total };
            ports.queues().send(&Message::Scan(message), Duration::ZERO).await?;
        }
    }
    Ok(Outcome::Settled)
}

/// How the reading ended.
enum End {
    /// All pages are read.
    Read,
    /// The tenant can't be read now.
    Later(TimeDelta),
    /// Our own pacing.
    Again(Duration),
    /// The invocation ends soon.
    OutOfTime { next_page: u32, total: Option<u64> },
}

struct Pages<'a, P: Ports> {
    ports: &'a P,
    tenant: &'a TenantId,
    settings: &'a TenantSettings,
    profile: &'a Profile,
    histories: BTreeMap<AgreementNumber, History>,
    concerns: Concerns<'a, P::Journal>,
    cap: DayCap,
    /// Whom the accounting system invoices by itself, and when it was asked: once, and only if something is due.
    recurring: Option<(DateTime<Utc>, BTreeSet<CustomerNumber>)>,
    turns: Turns,
    today: chrono::NaiveDate,
}

impl<P: Ports> Pages<'_, P> {
    async fn read(&mut self, progress: Progress, time: &impl TimeLeft) -> Result<End, PortError> {
        let mut known = progress.total;
        for number in progress.page.. {
            if number > progress.page && time.time_left() < PAGE_NEEDS {
                return Ok(End::OutOfTime { next_page: number, total: known });
            }
            let page = match self.page(number).await? {
                Ok(page) => page,
                Err(end) => return Ok(end),
            };
            let (more, moved) = (page.more, known.is_some_and(|before| page.total < before));
            known = Some(page.total);
            if let Some(end) = self.decide_page(number, page).await? {
                return Ok(end);
            }
            // Agreements ended since the page before was read, and what stood at the head of this one moved to that one's end.
            if moved && number > 1 {
                let before = match self.page(number - 1).await? {
                    Ok(page) => self.decide_page(number - 1, page).await?,
                    Err(end) => Some(end),
                };
                if let Some(end) = before {
                    return Ok(end);
                }
            }
            if !more {
                break;
            }
        }
        self.concerns.settle_gone(self.today).await?;
        Ok(End::Read)
    }

    async fn page(&mut self, number: u32) -> Result<Result<AgreementPage, End>, PortError> {
        match self.ports.accounting().agreements(self.tenant, number).await {
            Ok(page) => {
                // What was in the way is gone, since the accounting system answers; what a pre-flight found isn't.
                let held_back = self.settings.held_back();
                self.concerns.set(Subject::Tenant, held_back.as_ref(), self.moment()).await?;
                Ok(Ok(page))
            }
            Err(error) => self.unread(error).await.map(Err),
        }
    }

    fn moment(&self) -> Moment {
        Moment { today: self.today, now: self.ports.clock().now() }
    }

    async fn unread(&mut self, error: Error) -> Result<End, PortError> {
        match why_unread(self.tenant, error) {
            Unread::Busy { retry_in } => Ok(End::Again(retry_in)),
            Unread::Blocked { reason, again_in } => {
                self.concerns.set(Subject::Tenant, Some(&reason), self.moment()).await?;
                Ok(End::Later(again_in))
            }
        }
    }

    /// Decides on a page's agreements and sends the due ones on, unless there is a reason to end here.
    async fn decide_page(&mut self, number: u32, page: AgreementPage) -> Result<Option<End>, PortError> {
        let mut decided = match self.decide_rows(page.rows).await? {
            Ok(decided) => decided,
            Err(end) => return Ok(Some(end)),
        };
        let at = self.moment();
        let acts = matches!(self.profile.tenant.mode, Mode::DraftOnly | Mode::Full);
        let led = match self.profile.tenant.max_invoices_per_day {
            None => self.lead_all(&decided, acts, at).await?,
            Some(_) => self.lead_within_the_cap(&mut decided, acts, at).await?,
        };
        let count = |what: &Led| led.iter().filter(|led| *led == what).count();
        let (working, held) = (count(&Led::ToWork), count(&Led::ToHold));
        tracing::info!(tenant = %self.tenant, agreements = decided.len(), acts, working, held, "page decided");
        let decisions: Vec<Decision> = decided.into_iter().map(|decided| decided.decision).collect();
        self.keep_concerns(&decisions, &led, at).await?;
        let page = ScanPage { at: at.now, date: at.today, page: number, decisions };
        self.ports.journal().keep_page(self.tenant, &page).await?;
        Ok(None)
    }

    async fn decide_rows(&mut self, rows: Vec<AgreementRow>) -> Result<Result<Vec<Decided>, End>, PortError> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let Row { decision, minds_recurring, calls } = decide_row(self.settings, &self.histories, self.today, row);
            if !minds_recurring || !decision.has_due() {
                all.push(Decided { decision, looked_at: None, calls });
                continue;
            }
            if self.recurring.is_none() {
                let asked_at = self.moment().now;
                match invoiced_by_itself(self.ports, self.tenant).await {
                    Ok(customers) => self.recurring = Some((asked_at, customers)),
                    Err(error) => return self.unread(error).await.map(Err),
                }
            }
            let (looked_at, decision) = match &self.recurring {
                Some((at, customers)) => (Some(*at), decision.held_if_among(customers)),
                None => (None, decision),
            };
            all.push(Decided { decision, looked_at, calls });
        }
        Ok(Ok(all))
    }

    /// What a decision leads to: a job, or in preview what there would be of one.
    async fn lead(&self, decided: &Decided, acts: bool, at: Moment) -> Result<Led, PortError> {
        if acts {
            follow(self.ports, self.tenant, decided, &self.turns, at).await
        } else {
            foresee(self.ports, self.tenant, decided, at).await
        }
    }

    async fn lead_all(&self, decided: &[Decided], acts: bool, at: Moment) -> Result<Vec<Led>, PortError> {
        stream::iter(decided).map(|decided| self.lead(decided, acts, at)).buffered(JOBS_AT_ONCE).try_collect().await
    }

    /// One after another, since only the job tells whether the day's count holds it already.
    async fn lead_within_the_cap(
        &mut self,
        decided: &mut [Decided],
        acts: bool,
        at: Moment,
    ) -> Result<Vec<Led>, PortError> {
        let mut all = Vec::with_capacity(decided.len());
        for decided in decided {
            decided.decision = self.cap.apply(decided.decision.clone());
            let led = self.lead(decided, acts, at).await?;
            if led != Led::ToWork && matches!(decided.decision.verdict, Verdict::Due(_)) {
                self.cap.give_back();
            }
            all.push(led);
        }
        Ok(all)
    }

    /// A held agreement without a period has no job to stand in. Neither have the periods behind one that was skipped here
    /// but not in the accounting system: they would never have their turn. And neither has one whose job came out with another
    /// period's invoice.
    async fn keep_concerns(&mut self, decisions: &[Decision], led: &[Led], at: Moment) -> Result<(), PortError> {
        for (decision, led) in decisions.iter().zip(led) {
            let reason = match &decision.verdict {
                Verdict::Held { due: None, reason } => Some(reason.clone()),
                Verdict::Due(due) | Verdict::Held { due: Some(due), .. } => match led {
                    Led::Skipped if due.more_due > 0 => {
                        Some(HoldReason::TooFarBehind { missed: due.more_due, allowed: 0 })
                    }
                    Led::OtherPeriod(reason) => Some(reason.clone()),
                    _ => None,
                },
                Verdict::NotYet { .. } | Verdict::Skipped { .. } => None,
            };
            self.concerns.set(Subject::Agreement(decision.agreement.clone()), reason.as_ref(), at).await?;
        }
        Ok(())
    }
}
