//! The worker's loop: ask the pure rules what a job needs next, do it, write it down, until nothing is left or somebody
//! else must go on.

mod holding;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{
    hold::HoldReason,
    job::{ACT_WITHIN, Ending, Event, EventKind, Job, JobKey, JobState, LEASE, Next, StepName, look_again_at, next},
    settings::Resolved,
};

use self::holding::Lifted;
use crate::{
    feedback::of_mail,
    figures::Told,
    message::Message,
    ports::{Also, Claim, Claimed, Clock, Journal, PortError, Ports, Queues, Remembered, SaveError, Settings},
};

/// More turns than any job has steps, observations and repeats: a worker that gets here is going in circles.
const MAX_TURNS: u32 = 24;

/// What became of the message that woke the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done with it; whatever is left stands in the journal.
    Settled,
    /// The same message must come again after this time.
    Again(Duration),
}

/// A job in work.
pub(crate) struct Run<'a, P: Ports> {
    pub(crate) ports: &'a P,
    claimed: Claimed,
    events: Vec<Event>,
    history: Option<Remembered>,
    lifted: Option<Lifted>,
    /// Since when the settings and the world it goes by may have changed.
    read_at: DateTime<Utc>,
}

/// Whether the loop goes on.
pub(crate) enum Turn {
    /// Ask the rules again.
    Again,
    /// Leave the job as it is.
    Stop(Outcome),
}

/// A worker that has to let go.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    /// Another worker took the job over, or works on another job of its agreement: what it writes counts.
    #[error("fenced")]
    Fenced,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<SaveError> for Stopped {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Fenced => Self::Fenced,
            SaveError::Port(error) => Self::Port(error),
        }
    }
}

/// The hands of one function: which acts it does itself. The others it hands over.
pub(crate) trait Hands<P: Ports>: Send + Sync {
    /// Does one act, or gives it back when it isn't this function's.
    fn act(
        &self,
        run: &mut Run<'_, P>,
        act: Next,
        settings: &Resolved,
    ) -> impl Future<Output = Result<Turn, Stopped>> + Send;
}

/// Takes a job as far as it goes.
pub(crate) async fn advance<P: Ports>(ports: &P, key: &JobKey, hands: &impl Hands<P>) -> Result<Outcome, PortError> {
    let now = ports.clock().now();
    let claimed = match ports.journal().claim(key, now, LEASE).await? {
        Claim::Taken(claimed) => *claimed,
        // Its holder goes on; if that one died, the heartbeat finds the job by its wake-up time.
        Claim::Busy { .. } => return Ok(Outcome::Settled),
        Claim::Missing => {
            tracing::warn!(tenant = %key.tenant(), job = %key, "message for a job that the journal doesn't have");
            return Ok(Outcome::Settled);
        }
    };
    let mut run = Run { ports, claimed, events: Vec::new(), history: None, lifted: None, read_at: now };
    match turns(&mut run, hands).await {
        Ok(outcome) => Ok(outcome),
        Err(Stopped::Fenced) => {
            tracing::info!(tenant = %key.tenant(), job = %key, "another worker took the job over");
            Ok(Outcome::Settled)
        }
        Err(Stopped::Port(error)) => Err(error),
    }
}

async fn turns<P: Ports>(run: &mut Run<'_, P>, hands: &impl Hands<P>) -> Result<Outcome, Stopped> {
    for _ in 0..MAX_TURNS {
        // Read anew before every act: a switch works at once.
        run.read_at = run.now();
        let settings = match run.settings().await? {
            Ok(settings) => settings,
            // What waits for a person's yes would otherwise wait for the settings alone, and go on once they are mended.
            Err(_) if run.job().stands_still() => return run.rest().await,
            Err(reason) => return run.hold(reason).await,
        };
        let turn = match next(run.job(), &settings) {
            Next::Rest => Turn::Stop(run.rest().await?),
            Next::Hold(reason) => Turn::Stop(run.hold(reason).await?),
            Next::Finish(ending) => match of_mail(run.ports, run.job()).await? {
                Some((job, kind)) => {
                    *run.job_mut() = job;
                    run.tell(kind);
                    Turn::Again
                }
                None => Turn::Stop(run.finish(ending).await?),
            },
            Next::Skip(step, why) => {
                run.resume("the settings don't ask for the step any more");
                run.skip(step, why);
                Turn::Again
            }
            act => {
                run.resume("nothing stands in its way any more");
                hands.act(run, act, &settings).await?
            }
        };
        if let Turn::Stop(outcome) = turn {
            return Ok(outcome);
        }
    }
    // Not "outcome unknown": a yes to that would open a step that may just have been announced.
    run.hold(HoldReason::TooManyAttempts {
        step: run.job().step(),
        attempts: MAX_TURNS,
        last: "the job went round in circles".to_owned(),
    })
    .await
}

impl<P: Ports> Run<'_, P> {
    pub(crate) fn job(&self) -> &Job {
        &self.claimed.job
    }

    pub(crate) fn job_mut(&mut self) -> &mut Job {
        &mut self.claimed.job
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.ports.clock().now()
    }

    /// Whether what was read may still be acted on. A worker that was held up since reads anew.
    pub(crate) fn may_act(&self) -> bool {
        self.now() - self.read_at < ACT_WITHIN
    }

    /// The settings in force now, or the hold that broken ones cause.
    async fn settings(&self) -> Result<Result<Resolved, HoldReason>, PortError> {
        let job = self.job();
        let tenant = job.key.tenant();
        let (customer, stored) = (&job.customer, self.ports.settings());
        let settings = match job.key.agreement() {
            Some(agreement) => stored.of_agreement(tenant, customer, agreement).await?,
            None => stored.of_customer(tenant, customer).await?,
        };
        Ok(match settings {
            Some(settings) => match job.key.agreement() {
                Some(agreement) => settings.resolve(customer, agreement),
                None => settings.resolve_customer(customer),
            },
            None => Err(HoldReason::TenantBlocked {
                problem: format!("the tenant {tenant} has no profile"),
                advice: "write a profile for it in the settings".to_owned(),
            }),
        })
    }

    /// Adds a line to the story; the next save writes it.
    pub(crate) fn tell(&mut self, kind: EventKind) {
        let at = self.now();
        self.events.push(Event { at, kind });
    }

    /// Remembers the agreement's history for the next save.
    pub(crate) fn remember(&mut self, history: Remembered) {
        self.history = Some(history);
    }

    /// Writes job and story, and keeps the job.
    pub(crate) async fn save(&mut self) -> Result<(), Stopped> {
        let until = self.now() + LEASE;
        // Whoever dies now is found again by this.
        self.claimed.job.wake_at = Some(until);
        self.write(Some(until)).await
    }

    /// Writes job and story, and lets go of the job.
    async fn release(&mut self, wake_at: Option<DateTime<Utc>>) -> Result<(), Stopped> {
        self.claimed.job.wake_at = wake_at;
        self.write(None).await
    }

    async fn write(&mut self, lease_until: Option<DateTime<Utc>>) -> Result<(), Stopped> {
        let also = Also { events: std::mem::take(&mut self.events), history: self.history.take() };
        if let Some(lifted) = &mut self.lifted {
            lifted.told_at = None;
        }
        let told = Told::of(self.job().key.tenant(), &also.events);
        self.ports.journal().save(&mut self.claimed, also, lease_until).await?;
        told.publish();
        Ok(())
    }

    /// Nothing to do now: a held or ended job, met again.
    async fn rest(&mut self) -> Result<Outcome, Stopped> {
        self.release(None).await?;
        Ok(Outcome::Settled)
    }

    /// Ends as refused for good.
    pub(crate) async fn fail(&mut self, step: StepName, words: String, advice: String) -> Result<Outcome, Stopped> {
        let since = self.now();
        self.tell(EventKind::Failed { step, words: words.clone() });
        self.job_mut().state = JobState::Failed { step, words, advice, since };
        self.release(None).await?;
        Ok(Outcome::Settled)
    }

    /// Ends well.
    pub(crate) async fn finish(&mut self, ending: Ending) -> Result<Outcome, Stopped> {
        let at = self.now();
        self.tell(EventKind::Finished { ending });
        self.job_mut().state = JobState::Done { ending, at };
        self.release(None).await?;
        Ok(Outcome::Settled)
    }

    /// Leaves a step out.
    pub(crate) fn skip(&mut self, step: StepName, why: String) {
        use domain::job::Step;
        self.tell(EventKind::Skipped { step, why: why.clone() });
        let job = self.job_mut();
        match step {
            StepName::Create => job.create = Step::Skipped { why },
            StepName::Book => job.book = Step::Skipped { why },
            StepName::Deliver => job.deliver = Step::Skipped { why },
        }
    }

    /// Looks again at a given time.
    pub(crate) async fn wait_until(&mut self, at: DateTime<Utc>) -> Result<Turn, Stopped> {
        self.release(Some(at)).await?;
        Ok(Turn::Stop(Outcome::Settled))
    }

    /// Our own pacing: the message comes again soon, and the wake-up time stands in for it if it gets lost.
    pub(crate) async fn come_again(&mut self, after: Duration) -> Result<Turn, Stopped> {
        let wake_at = look_again_at(self.now(), 0);
        self.release(Some(wake_at)).await?;
        Ok(Turn::Stop(Outcome::Again(after)))
    }

    /// A read or a call that led nowhere: looks again later, ever more seldom, and asks a person in the end.
    pub(crate) async fn look_later(&mut self, step: StepName, why: String) -> Result<Turn, Stopped> {
        /// Five minutes doubled nine times: about two days of an accounting system that doesn't answer.
        const MOST_LOOKS: u32 = 9;
        self.tell(EventKind::LookedInVain { why: why.clone() });
        let looks = self.job().failed_looks;
        if looks >= MOST_LOOKS {
            let reason = if self.job().is_announced(step) {
                HoldReason::OutcomeUnknown { step, seen: why }
            } else {
                HoldReason::TooManyAttempts { step, attempts: looks + 1, last: why }
            };
            return Ok(Turn::Stop(self.hold(reason).await?));
        }
        let at = look_again_at(self.now(), looks);
        self.job_mut().failed_looks += 1;
        self.wait_until(at).await
    }

    /// Hands the job to another function.
    pub(crate) async fn hand_over(&mut self, message: Message) -> Result<Turn, Stopped> {
        // Whether a hold is gone is for the one to tell who does the act.
        if let Some(lifted) = self.lifted.take_if(|lifted| lifted.told_at.is_some()) {
            self.unlift(lifted);
        }
        let wake_at = look_again_at(self.now(), 0);
        // First let go, then tell: the other way round the receiver would find the job busy.
        self.release(Some(wake_at)).await?;
        self.ports.queues().send(&message, Duration::ZERO).await?;
        Ok(Turn::Stop(Outcome::Settled))
    }
}
