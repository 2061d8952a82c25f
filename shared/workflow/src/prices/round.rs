//! A tenant's comparison, stage by stage, as far as the invocation's time and Fortnox's rate let it come.

use std::time::Duration;

use accounting::{AccountingSystem, Error, Pricing};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    hold::HoldReason,
    ids::{AgreementNumber, ArticleNumber, TenantId},
    job::LEASE,
    prices::{PriceSync, Round, Stage},
    settings::{Mode, Profile, TenantSettings},
};

use crate::{
    advance::Outcome,
    looking::{
        Moment, TimeLeft,
        concerns::Concerns,
        unread::{LOOK_AGAIN, Unread, usable, why_unread},
    },
    message::{Message, PriceMessage},
    ports::{
        ClaimedRound, Clock, Hands, PortError, Ports, PriceBook, PriceLists, Queues, RoundClaim, SaveError, Subject,
        WatchedAgreement,
    },
};

/// An agreement is begun only with this much time left: a handful of paced calls.
const NEEDS: Duration = Duration::from_mins(1);

/// The lease is renewed once this much of it is used up: less than a third, so that no few slow calls outlive it.
const KEEP_AFTER: TimeDelta = TimeDelta::seconds(20);

/// How much further back than the last look is looked: `lastmodified` is written to the minute, and clocks differ.
const LOOK_BACK: TimeDelta = TimeDelta::minutes(2);

/// Why the comparison doesn't go on for now.
pub(super) enum Stop {
    /// All is compared.
    Rested,
    /// The invocation ends soon.
    OutOfTime,
    /// Our own pacing.
    Busy(Duration),
    /// It can't go on before this time has passed.
    Later(TimeDelta),
    /// The outcome of a change isn't known, and it may be on its way yet: the lease is left to end by itself.
    InFlight,
    /// Nobody wants prices watched.
    Unwanted,
    /// Another worker has it.
    Fenced,
    /// A store didn't answer.
    Port(PortError),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<SaveError> for Stop {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Fenced => Self::Fenced,
            SaveError::Port(error) => Self::Port(error),
        }
    }
}

/// Goes on with the tenant's comparison.
pub(super) async fn go_on<P: Ports>(ports: &P, tenant: &TenantId, time: &impl TimeLeft) -> Result<Outcome, PortError> {
    let mut claimed = match ports.prices().claim(tenant, ports.clock().now(), LEASE).await? {
        RoundClaim::Taken(claimed) => claimed,
        // Whoever has it goes on, and the heartbeat looks after both.
        RoundClaim::Busy | RoundClaim::Missing => return Ok(Outcome::Settled),
    };
    let mut concerns = Concerns::load(ports.journal(), tenant).await?;
    let (mut claimed, stop) = match usable(ports, tenant).await? {
        // That the settings can't be used is the scan's to tell.
        Err(_) => (claimed, Stop::Later(LOOK_AGAIN)),
        Ok(settings) => match settings.profile() {
            Ok(profile) if profile.tenant.mode != Mode::Off && settings.watches_prices() => {
                let lists = ports.prices().lists(tenant).await?;
                let kept_at = ports.clock().now();
                let mut desk = Desk { ports, tenant, settings: &settings, profile, concerns, lists, claimed, kept_at };
                let Err(stop) = desk.stages(time).await;
                (desk.claimed, stop)
            }
            Ok(profile) => {
                concerns.settle_prices().await?;
                // The mode is a brake and forgets nothing; that nobody wants prices watched is what `off` says of them all.
                if profile.tenant.mode != Mode::Off {
                    forget(ports, tenant).await?;
                    claimed.round = Round::default();
                }
                (claimed, Stop::Unwanted)
            }
            Err(_) => (claimed, Stop::Later(LOOK_AGAIN)),
        },
    };
    end(ports, tenant, &mut claimed, stop).await
}

/// Forgets what agreements followed and what lists said, so that nothing of before is made up for. The lists go last: without
/// them an agreement that is still remembered would be taken for one that is behind.
async fn forget<P: Ports>(ports: &P, tenant: &TenantId) -> Result<(), PortError> {
    for number in ports.prices().watched_numbers(tenant).await? {
        ports.prices().forget(tenant, &number).await?;
    }
    for (article, list) in ports.prices().lists(tenant).await?.into_keys() {
        ports.prices().keep_list(tenant, &article, &list, None).await?;
    }
    Ok(())
}

async fn end<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    claimed: &mut ClaimedRound,
    stop: Stop,
) -> Result<Outcome, PortError> {
    let now = ports.clock().now();
    let mut outcome = Outcome::Settled;
    let hands = match stop {
        Stop::Port(error) => return Err(error),
        Stop::Fenced => {
            tracing::info!(tenant = %tenant, "another worker took the comparison of prices over");
            return Ok(outcome);
        }
        Stop::InFlight => return Ok(outcome),
        Stop::Unwanted => {
            claimed.round.stage = Stage::Rest;
            Hands::Stop
        }
        Stop::Rested => Hands::GiveBack(next_look(ports, tenant, &claimed.round, now).await?),
        Stop::Later(after) => Hands::GiveBack(now + after),
        Stop::Busy(after) => {
            outcome = Outcome::Again(after);
            Hands::GiveBack(now + TimeDelta::from_std(after).unwrap_or_default())
        }
        Stop::OutOfTime => Hands::GiveBack(now),
    };
    match ports.prices().save(tenant, claimed, hands).await {
        Ok(()) | Err(SaveError::Fenced) => {}
        Err(SaveError::Port(error)) => return Err(error),
    }
    if matches!(stop, Stop::OutOfTime) {
        let message = PriceMessage::Tenant { tenant: tenant.clone() };
        ports.queues().send(&Message::Prices(message), Duration::ZERO).await?;
    }
    Ok(outcome)
}

async fn next_look<P: Ports>(
    ports: &P,
    tenant: &TenantId,
    round: &Round,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, PortError> {
    let settings = usable(ports, tenant).await?;
    let next = settings.ok().and_then(|settings| Some(round.next(now, &settings.profile().ok()?.tenant)));
    Ok(next.unwrap_or(now + LOOK_AGAIN))
}

/// A tenant's comparison on a worker's desk.
pub(super) struct Desk<'a, P: Ports> {
    pub(super) ports: &'a P,
    pub(super) tenant: &'a TenantId,
    pub(super) settings: &'a TenantSettings,
    profile: &'a Profile,
    pub(super) concerns: Concerns<'a, P::Journal>,
    /// What the lists said when they were last asked.
    pub(super) lists: PriceLists,
    pub(super) claimed: ClaimedRound,
    kept_at: DateTime<Utc>,
}

impl<P: Ports> Desk<'_, P> {
    pub(super) fn moment(&self) -> Moment {
        let now = self.ports.clock().now();
        Moment { today: self.date_of(now), now }
    }

    /// The tenant's date at an instant.
    pub(super) fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.profile.tenant.time_zone).date_naive()
    }

    fn stage(&mut self) -> &mut Stage {
        &mut self.claimed.round.stage
    }

    /// Writes down how far it has come, and keeps it for `lease`.
    pub(super) async fn keep(&mut self, lease: TimeDelta) -> Result<(), Stop> {
        self.kept_at = self.ports.clock().now();
        let until = self.kept_at + lease;
        Ok(self.ports.prices().save(self.tenant, &mut self.claimed, Hands::Keep(until)).await?)
    }

    /// Goes on until something stops it.
    async fn stages(&mut self, time: &impl TimeLeft) -> Result<std::convert::Infallible, Stop> {
        let mut looked = false;
        loop {
            let Moment { now, today } = self.moment();
            match self.claimed.round.stage.clone() {
                Stage::Rest if self.claimed.round.compares_all(now, &self.profile.tenant) => {
                    *self.stage() = Stage::Agreements { began: now, page: 1 };
                }
                Stage::Rest if looked => return Err(Stop::Rested),
                Stage::Rest => {
                    looked = true;
                    self.touched_articles(now, time).await?;
                    if self.claimed.round.behind {
                        *self.stage() = Stage::Agree { after: None, day: None };
                    }
                }
                Stage::Agreements { began, page } => self.new_agreements(began, page, time).await?,
                Stage::Touched { began, page } => self.touched_agreements(began, page, time).await?,
                Stage::Lists { after } => {
                    self.all_lists(after, time).await?;
                    *self.stage() = Stage::Agree { after: None, day: Some(today) };
                }
                Stage::Agree { after, day } => self.agree(after, day, time).await?,
            }
            self.keep(LEASE).await?;
        }
    }

    /// Whether there's time for one thing more. Keeps the comparison in this worker's hands.
    pub(super) async fn begin(&mut self, time: &impl TimeLeft) -> Result<(), Stop> {
        if time.time_left() < NEEDS {
            return Err(Stop::OutOfTime);
        }
        if self.ports.clock().now() - self.kept_at < KEEP_AFTER { Ok(()) } else { self.keep(LEASE).await }
    }

    /// Reads agreements that aren't watched yet: a page of all active ones.
    async fn new_agreements(&mut self, began: DateTime<Utc>, page: u32, time: &impl TimeLeft) -> Result<(), Stop> {
        let known = self.ports.prices().watched_numbers(self.tenant).await?;
        let active = match self.ports.accounting().agreements(self.tenant, page).await {
            Ok(active) => active,
            Err(error) => return Err(self.stopped_by(error).await),
        };
        let new = active.rows.iter().flatten().map(|row| &row.number).filter(|number| !known.contains(*number));
        for number in new {
            self.begin(time).await?;
            self.compare(number, None).await?;
        }
        *self.stage() = if active.more {
            Stage::Agreements { began, page: page.saturating_add(1) }
        } else {
            Stage::Touched { began, page: 1 }
        };
        Ok(())
    }

    /// Reads agreements again that were touched since the last time: a page of them.
    async fn touched_agreements(&mut self, began: DateTime<Utc>, page: u32, time: &impl TimeLeft) -> Result<(), Stop> {
        let mut more = false;
        // Without a last time all have just been read.
        if let Some(until) = self.claimed.round.read_until {
            let asked = self.ports.accounting().agreements_touched(self.tenant, until - LOOK_BACK, page).await;
            let touched = match asked {
                Ok(touched) => touched,
                Err(error) => return Err(self.stopped_by(error).await),
            };
            for number in &touched.numbers {
                self.begin(time).await?;
                let known = self.ports.prices().watched_one(self.tenant, number).await?;
                self.compare(number, known).await?;
            }
            more = touched.more;
        }
        if more {
            *self.stage() = Stage::Touched { began, page: page.saturating_add(1) };
        } else {
            self.claimed.round.read_until = Some(began);
            *self.stage() = Stage::Lists { after: None };
        }
        Ok(())
    }

    /// Asks for the prices of articles that were touched since the last time, where they are in use.
    async fn touched_articles(&mut self, now: DateTime<Utc>, time: &impl TimeLeft) -> Result<(), Stop> {
        let since = self.claimed.round.looked_until.unwrap_or(now) - LOOK_BACK;
        for page in 1.. {
            self.begin(time).await?;
            let touched = match self.ports.accounting().articles_touched(self.tenant, since, page).await {
                Ok(touched) => touched,
                Err(error) => return Err(self.stopped_by(error).await),
            };
            for article in &touched.numbers {
                for list in self.lists_with(article) {
                    self.begin(time).await?;
                    self.ask_list(article, &list).await?;
                }
            }
            if !touched.more {
                break;
            }
        }
        self.claimed.round.looked_until = Some(now);
        self.answered().await
    }

    /// Brings the agreements up to date that the lists have left behind.
    async fn agree(
        &mut self,
        after: Option<AgreementNumber>,
        day: Option<NaiveDate>,
        time: &impl TimeLeft,
    ) -> Result<(), Stop> {
        let some = self.ports.prices().watched(self.tenant, after.as_ref()).await?;
        let Some(last) = some.last().map(|agreement| agreement.number.clone()) else {
            let round = &mut self.claimed.round;
            round.behind = false;
            round.compared_on = day.or(round.compared_on);
            round.stage = Stage::Rest;
            return self.answered().await;
        };
        for agreement in some {
            self.begin(time).await?;
            let number = agreement.number.clone();
            // What a person was asked about is looked at once a day, to see whether it's mended.
            let asked = day.is_some() && self.concerns.has(&Subject::Prices(Some(number.clone())));
            self.agree_one(agreement, asked).await?;
            *self.stage() = Stage::Agree { after: Some(number), day };
        }
        *self.stage() = Stage::Agree { after: Some(last), day };
        Ok(())
    }

    async fn agree_one(&mut self, mut agreement: WatchedAgreement, asked: bool) -> Result<(), Stop> {
        let sync = match self.settings.resolve(&agreement.watched.customer, &agreement.number) {
            Ok(settings) => PriceSync::in_force(&settings, self.moment().today),
            // Broken settings hold the agreement, and the scan tells.
            Err(_) => return Ok(()),
        };
        let list = agreement.watched.list.clone();
        let now = |article: &ArticleNumber| self.lists.get(&(article.clone(), list.clone())).cloned();
        if !asked && !agreement.watched.is_behind(sync, now) {
            return Ok(());
        }
        if sync == PriceSync::Off && agreement.watched.writing.is_none() {
            agreement.watched.pass_over(now);
            return Ok(self.ports.prices().watch(self.tenant, &mut agreement).await?);
        }
        let number = agreement.number.clone();
        self.compare(&number, Some(agreement)).await
    }

    /// The accounting system answers, so whatever was in the way as a whole is gone.
    async fn answered(&mut self) -> Result<(), Stop> {
        Ok(self.concerns.set(Subject::Prices(None), None, self.moment()).await?)
    }

    /// What a read that failed means for the comparison.
    pub(super) async fn stopped_by(&mut self, error: Error) -> Stop {
        match why_unread(self.tenant, error) {
            Unread::Busy { retry_in } => Stop::Busy(retry_in),
            Unread::Blocked { reason, again_in } => {
                let reason = match reason {
                    HoldReason::TenantBlocked { problem, advice } => HoldReason::PricesNotFollowed { problem, advice },
                    other => other,
                };
                match self.concerns.set(Subject::Prices(None), Some(&reason), self.moment()).await {
                    Ok(()) => Stop::Later(again_in),
                    Err(error) => Stop::Port(error),
                }
            }
        }
    }
}
