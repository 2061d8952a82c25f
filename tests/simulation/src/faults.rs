//! What goes wrong with the calls to the outside world, and when.

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use workflow::ports::{Clock, PortError};

use crate::{clock::VirtualClock, dice::mix, lock};

/// What a store says that can't be reached.
pub(crate) const NO_ANSWER: &str = "no answer";

/// A call to the outside world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the method of a port with that name, or what it asks of Fortnox")]
pub enum Call {
    OfTenant,
    OfAgreement,
    DueForScan,
    DueForSweep,
    ScanNextAt,
    Unscheduled,
    LookAtJob,
    Open,
    Claim,
    Save,
    Waking,
    JobsOn,
    History,
    Histories,
    KeepPage,
    Concerns,
    SetConcern,
    KeepSignal,
    SignalsOfTenant,
    SignalOfDraft,
    SettleSignal,
    SignalSecrets,
    StartPrices,
    DuePrices,
    PutOffPrices,
    ClaimPrices,
    SavePrices,
    WatchedAgreements,
    WatchAgreement,
    KeptLists,
    KeepList,
    NotePrices,
    NotesOfPrices,
    KeepMailRecord,
    MailRecord,
    SaveMail,
    MailCounts,
    StopMails,
    MailStops,
    DueDigests,
    MoveDigests,
    Happened,
    WaitingJobs,
    Outlook,
    KeptMail,
    KeepMail,
    SendMessage,
    KeepDeed,
    Deeds,
    GiveUp,
    ListLetters,
    TakeLetter,
    TakeLetters,
    PutBackLetter,
    DeleteLetter,
    Slot,
    Token,
    Agreements,
    Agreement,
    CreateInvoice,
    InvoicesOf,
    Invoice,
    Book,
    MarkSent,
    Address,
    Deliver,
    HandOver,
    AtService,
    Pdf,
    Customer,
    Company,
    Drafts,
    Draft,
    Subscriptions,
    BookDraft,
    BookedSince,
    Period,
    ArticlesTouched,
    AgreementsTouched,
    ListPrices,
    PreselectedList,
    Recurring,
    SetPrices,
    Room,
    SendMail,
}

impl Call {
    /// Every call that the pipeline makes, those to the stores first.
    pub const ALL: [Self; 36] = [
        Self::OfTenant,
        Self::OfAgreement,
        Self::DueForScan,
        Self::ScanNextAt,
        Self::Unscheduled,
        Self::LookAtJob,
        Self::Open,
        Self::Claim,
        Self::Save,
        Self::Waking,
        Self::JobsOn,
        Self::History,
        Self::Histories,
        Self::KeepPage,
        Self::Concerns,
        Self::SetConcern,
        Self::SendMessage,
        Self::GiveUp,
        Self::Slot,
        Self::Token,
        Self::Agreements,
        Self::Agreement,
        Self::CreateInvoice,
        Self::InvoicesOf,
        Self::Invoice,
        Self::Book,
        Self::MarkSent,
        Self::Address,
        Self::Deliver,
        Self::HandOver,
        Self::AtService,
        Self::Pdf,
        Self::Customer,
        Self::Company,
        Self::Room,
        Self::SendMail,
    ];

    /// Whether it's the accounting system or the mail service that is called, by way of the internet.
    pub fn is_far(self) -> bool {
        self >= Self::Token
    }
}

/// Before or after the call has had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Nothing happened.
    Before,
    /// It happened, and nobody was told.
    After,
}

/// What goes wrong with one call. What a store, a mail service or Fortnox has no such answer for is the nearest one that
/// it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The worker dies.
    Crash(When),
    /// The worker dies with its call on the way, and the call takes effect so much later all the same.
    CrashLate(TimeDelta),
    /// The connection breaks.
    NoAnswer(When),
    /// Nothing comes until the client gives up.
    TimeOut(When),
    /// The client gives up, and the call takes effect so long after it was made.
    Late(TimeDelta),
    /// 503.
    Failed(When),
    /// The other side took no notice: 429.
    NotTaken,
    /// The access token is dead: 401.
    Unauthorized,
    /// Our own pacing gives no slot: come again in so long. Only [`Call::Slot`] has such an answer. Of [`Call::SendMail`] it's that the
    /// mail service had to be made ready first.
    Busy(Duration),
    /// Refused for good, in these words.
    Refused(&'static str),
    /// The tenant as a whole can't be used, in these words.
    TenantBlocked(&'static str),
    /// The worker stands still for so long, before or after the effect, and then goes on as if nothing had been.
    Slow(When, TimeDelta),
}

/// A time in which calls go wrong at a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storm {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The moment it's over.
    pub to: DateTime<Utc>,
    /// Of so many calls about one goes wrong.
    pub one_in: u64,
    /// What may go wrong.
    pub faults: Vec<Fault>,
    /// Decides which call meets which fault.
    pub seed: u64,
}

/// A fault that struck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strike {
    /// When.
    pub at: DateTime<Utc>,
    /// Which call.
    pub call: Call,
    /// The how manieth of its kind, from 1.
    pub nth: u64,
    /// How it went wrong.
    pub fault: Fault,
}

impl Strike {
    /// Whether the call came to the other side later than it was sent.
    pub(crate) fn holds_up_a_call(&self) -> bool {
        self.call.is_far() && matches!(self.fault, Fault::Slow(When::Before, _) | Fault::Late(_) | Fault::CrashLate(_))
    }
}

/// The script: which calls fail. Clones share it. Also counts every call made.
#[derive(Debug, Clone)]
pub struct Faults {
    clock: VirtualClock,
    script: Arc<Mutex<Script>>,
}

#[derive(Debug, Default)]
struct Script {
    made: u64,
    by_call: BTreeMap<Call, u64>,
    nth: BTreeMap<u64, Fault>,
    at: BTreeMap<(Call, u64), Fault>,
    next: BTreeMap<Call, VecDeque<Fault>>,
    always: BTreeMap<Call, Fault>,
    storms: Vec<Storm>,
    latency_seed: Option<u64>,
    crashed: bool,
    struck: Vec<Strike>,
}

/// What is in store for one call.
struct Fate {
    fault: Option<Fault>,
    before: TimeDelta,
    after: TimeDelta,
}

/// A company without a licence for recurring billing has no recurrences, as one that hides them in a plan; so the lack doesn't come
/// and go, and what is left of such a fault is an answer that fails.
fn told_of(call: Call, fault: Fault) -> Fault {
    match (call, fault) {
        (Call::Recurring, Fault::TenantBlocked(_)) => Fault::Failed(When::Before),
        (_, fault) => fault,
    }
}

impl Faults {
    pub(crate) fn new(clock: VirtualClock) -> Self {
        Self { clock, script: Arc::default() }
    }

    /// The moment of the calls that are made now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The next such call fails so; said again, the one after it too.
    pub fn next(&self, call: Call, fault: Fault) {
        lock(&self.script).next.entry(call).or_default().push_back(fault);
    }

    /// The `n`-th call from now on, whatever it is and counted from 1, fails so.
    pub fn nth(&self, n: u64, fault: Fault) {
        let mut script = lock(&self.script);
        let at = script.made + n;
        script.nth.insert(at, fault);
    }

    /// The `n`-th such call of all, counted from 1, fails so.
    pub fn at(&self, call: Call, n: u64, fault: Fault) {
        lock(&self.script).at.insert((call, n), fault);
    }

    /// Every such call fails so.
    pub fn always(&self, call: Call, fault: Fault) {
        lock(&self.script).always.insert(call, fault);
    }

    /// A time of trouble.
    pub fn storm(&self, storm: Storm) {
        lock(&self.script).storms.push(storm);
    }

    /// From now on every call takes some time, by this seed. Before, all of them take none.
    pub fn take_time(&self, seed: u64) {
        lock(&self.script).latency_seed = Some(seed);
    }

    /// Nothing fails any more.
    pub fn clear(&self) {
        let mut script = lock(&self.script);
        script.nth.clear();
        script.at.clear();
        script.next.clear();
        script.always.clear();
        script.storms.clear();
    }

    /// Calls made so far.
    pub fn made(&self) -> u64 {
        lock(&self.script).made
    }

    /// Calls of one kind made so far.
    pub fn count(&self, call: Call) -> u64 {
        lock(&self.script).by_call.get(&call).copied().unwrap_or(0)
    }

    /// What went wrong so far.
    pub fn struck(&self) -> Vec<Strike> {
        lock(&self.script).struck.clone()
    }

    /// What went wrong after the first `known` strikes.
    pub(crate) fn struck_since(&self, known: usize) -> Vec<Strike> {
        let script = lock(&self.script);
        script.struck.get(known..).map(<[Strike]>::to_vec).unwrap_or_default()
    }

    /// Whether the worker polled last has died. Its successor lives.
    pub(crate) fn take_crash(&self) -> bool {
        std::mem::take(&mut lock(&self.script).crashed)
    }

    fn strike(&self, call: Call) -> Fate {
        let now = self.clock.now();
        let mut script = lock(&self.script);
        let (made, nth) = script.count(call);
        let fault = script.fault_of(call, made, nth, now).map(|fault| told_of(call, fault));
        if let Some(fault) = &fault {
            script.struck.push(Strike { at: now, call, nth, fault: fault.clone() });
        }
        let (before, after) = script.latency_seed.map_or((0, 0), |seed| latency(seed, call, made));
        Fate { fault, before: TimeDelta::milliseconds(before), after: TimeDelta::milliseconds(after) }
    }

    /// Goes no further when the worker is dead. Other futures of the same worker may still be polled once.
    async fn alive(&self) {
        if lock(&self.script).crashed {
            pending::<()>().await;
        }
    }

    async fn die<T>(&self) -> T {
        lock(&self.script).crashed = true;
        pending().await
    }

    /// Makes `call`, whose effect is `effect`, as the script wants it. The error is whatever answer took its place; `late`
    /// is told of an effect that is still to come.
    pub(crate) async fn make_or<T: Send, F: FnOnce() -> T + Send>(
        &self,
        call: Call,
        patience: TimeDelta,
        effect: F,
        late: impl FnOnce(F, TimeDelta) + Send,
    ) -> Result<T, Fault> {
        self.alive().await;
        let Fate { fault, before, after } = self.strike(call);
        self.clock.sleep(before).await;
        self.alive().await;
        let answer = match fault {
            None => Ok(effect()),
            Some(Fault::Crash(When::Before)) => self.die().await,
            Some(Fault::Crash(When::After)) => {
                drop(effect());
                self.die().await
            }
            Some(Fault::CrashLate(by)) => {
                late(effect, by);
                self.die().await
            }
            Some(fault @ Fault::Late(by)) => {
                late(effect, by);
                self.clock.sleep(patience).await;
                Err(fault)
            }
            Some(fault @ Fault::TimeOut(when)) => {
                if when == When::After {
                    drop(effect());
                }
                self.clock.sleep(patience).await;
                Err(fault)
            }
            Some(fault @ (Fault::NoAnswer(When::After) | Fault::Failed(When::After))) => {
                drop(effect());
                Err(fault)
            }
            Some(Fault::Slow(When::Before, time)) => {
                self.clock.sleep(time).await;
                self.alive().await;
                Ok(effect())
            }
            Some(Fault::Slow(When::After, time)) => {
                let answer = effect();
                self.clock.sleep(time).await;
                Ok(answer)
            }
            Some(fault) => Err(fault),
        };
        self.clock.sleep(after).await;
        self.alive().await;
        answer
    }

    /// The same where a late effect is as good as one that its caller never learns of.
    pub(crate) async fn make<T: Send>(
        &self,
        call: Call,
        patience: TimeDelta,
        effect: impl FnOnce() -> T + Send,
    ) -> Result<T, Fault> {
        self.make_or(call, patience, effect, |effect, _| drop(effect())).await
    }

    /// The same for a store, which can only not answer.
    pub(crate) async fn store<T: Send>(
        &self,
        call: Call,
        what: &'static str,
        effect: impl FnOnce() -> T + Send,
    ) -> Result<T, PortError> {
        /// The three tries of a client that the functions give three seconds each.
        const PATIENCE: TimeDelta = TimeDelta::seconds(9);
        self.make(call, PATIENCE, effect).await.map_err(|_| PortError::new(what, NO_ANSWER))
    }
}

impl Script {
    /// Counts a call: of all, and of its kind.
    fn count(&mut self, call: Call) -> (u64, u64) {
        self.made += 1;
        let count = self.by_call.entry(call).or_default();
        *count += 1;
        (self.made, *count)
    }

    fn fault_of(&mut self, call: Call, made: u64, nth: u64, now: DateTime<Utc>) -> Option<Fault> {
        let scripted = self.nth.remove(&made).or_else(|| self.at.remove(&(call, nth)));
        let next = self.next.get_mut(&call).and_then(VecDeque::pop_front);
        let storm = || {
            let storm = self.storms.iter().find(|storm| storm.from <= now && now < storm.to)?;
            let fate = mix(storm.seed, made);
            let which = usize::try_from(fate / storm.one_in.max(1)).unwrap_or(0);
            let hit = fate.is_multiple_of(storm.one_in.max(1)) && !storm.faults.is_empty();
            hit.then(|| storm.faults[which % storm.faults.len()].clone())
        };
        scripted.or(next).or_else(|| self.always.get(&call).cloned()).or_else(storm)
    }
}

/// Milliseconds that a call takes before and after its effect.
fn latency(seed: u64, call: Call, made: u64) -> (i64, i64) {
    /// A store in the same data centre, and what is behind the internet.
    const MOST_NEAR_MS: u64 = 8;
    const MOST_FAR_MS: u64 = 120;
    let most = if call.is_far() { MOST_FAR_MS } else { MOST_NEAR_MS };
    let (one, other) = (mix(seed, made) % most, mix(seed ^ u64::MAX, made) % most);
    (1 + i64::try_from(one).unwrap_or(0), 1 + i64::try_from(other).unwrap_or(0))
}
