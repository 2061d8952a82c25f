//! Draws by a seed what goes wrong with a call on its way, and counts what did.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use local::{InvokeError, LocalCloud};
use tokio::sync::{mpsc, oneshot, watch};

use crate::dice::Dice;

/// A kill that isn't tied to a call follows one within this time: as long as a few calls take.
const SOON: Duration = Duration::from_millis(8);

/// Calls that do something to the outside world: what a request contains, and the function that makes it.
const EFFECTS: [(&str, &str); 6] = [
    ("createinvoice", "BookFunction"),
    ("bookkeep", "BookFunction"),
    ("externalprint", "MailFunction"),
    ("/email", "MailFunction"),
    ("/einvoice", "MailFunction"),
    ("POST /invoices/booked", "BookFunction"),
];

/// Every function that works off a queue.
const ALL: [&str; 6] =
    ["ScanFunction", "SweepFunction", "PricesFunction", "BookFunction", "MailFunction", "FeedbackFunction"];

/// How often what goes wrong: once in so many calls, never where it's 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Odds {
    /// Whoever may have called is killed: before the call, after it, or soon.
    pub kill: u64,
    /// The same for calls with an effect, after it.
    pub kill_after_effect: u64,
    /// The connection is cut, before the call or after it.
    pub cut: u64,
    /// The same for calls with an effect, after it.
    pub cut_after_effect: u64,
}

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The call is never made.
    Before(Blow),
    /// The call is made, and its answer is lost.
    After(Blow),
    /// The call is made, and its answer breaks off in the middle.
    Within,
    /// Nothing happens to the call, and somebody is killed after this time.
    KillIn(Duration),
}

/// What the caller is dealt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    /// A broken connection.
    Cut,
    /// SIGKILL, and it's dead before anything of the connection reaches it.
    Kill(Whom),
}

/// Whose processes at work are killed: whoever called is among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whom {
    One(&'static str),
    All,
}

impl Whom {
    fn functions(&self) -> &[&'static str] {
        match self {
            Self::One(function) => std::slice::from_ref(function),
            Self::All => &ALL,
        }
    }
}

/// What went wrong so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Harm {
    /// Processes killed with an invocation in hand.
    pub kills: usize,
    /// Those among them that died of a call's answer being there and not yet handed over.
    pub kills_after: usize,
    /// Connections cut before the call, after it, or in the middle of the answer.
    pub cuts: usize,
}

/// Somebody is to be killed.
struct Order {
    whom: Whom,
    after: bool,
    done: oneshot::Sender<()>,
}

/// Decides for each call. Clones are the same one.
#[derive(Clone)]
pub struct Mischief {
    shared: Arc<Mutex<Shared>>,
    orders: mpsc::UnboundedSender<Order>,
    calls: Arc<watch::Sender<u64>>,
}

struct Shared {
    dice: Dice,
    odds: Odds,
    harm: Harm,
}

/// The one that kills, for as long as somebody lets it.
pub struct Killer {
    orders: tokio::sync::Mutex<mpsc::UnboundedReceiver<Order>>,
    mischief: Mischief,
}

impl fmt::Debug for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = self.lock();
        f.debug_struct("Mischief").field("odds", &shared.odds).field("harm", &shared.harm).finish_non_exhaustive()
    }
}

impl Mischief {
    /// One by `seed`, which does nothing until it's told how often.
    pub fn new(seed: u64) -> (Self, Killer) {
        let (orders, waiting) = mpsc::unbounded_channel();
        let shared = Shared { dice: Dice::new(seed), odds: Odds::default(), harm: Harm::default() };
        let mischief = Self { shared: Arc::new(Mutex::new(shared)), orders, calls: Arc::default() };
        let killer = Killer { orders: tokio::sync::Mutex::new(waiting), mischief: mischief.clone() };
        (mischief, killer)
    }

    /// From now on things go wrong this often.
    pub fn set(&self, odds: Odds) {
        self.lock().odds = odds;
    }

    /// From now on nothing goes wrong.
    pub fn rest(&self) {
        self.set(Odds::default());
    }

    /// What went wrong so far.
    pub fn harm(&self) -> Harm {
        self.lock().harm
    }

    /// A number from 0 to below `limit`, for whatever else chance decides.
    pub fn below(&self, limit: u64) -> u64 {
        self.lock().dice.below(limit)
    }

    /// Waits until so many more calls were begun, of whatever becomes of them.
    pub async fn after_calls(&self, more: u64) {
        let mut calls = self.calls.subscribe();
        let wanted = *calls.borrow() + more;
        // The sender is this one's own.
        let _ = calls.wait_for(|calls| *calls >= wanted).await;
    }

    /// What goes wrong with the call that begins so. `acting`: all calls there have an effect and are this function's.
    pub(crate) fn draw(&self, request: &[u8], acting: Option<&'static str>) -> Trouble {
        let by_path = || EFFECTS.iter().find(|(part, _)| contains(request, part.as_bytes())).map(|(_, caller)| *caller);
        let caller = acting.or_else(by_path);
        self.calls.send_modify(|calls| *calls += 1);
        let mut shared = self.lock();
        let Shared { dice, odds, .. } = &mut *shared;
        match caller {
            Some(function) if dice.one_in(odds.kill_after_effect) => Trouble::After(Blow::Kill(Whom::One(function))),
            Some(_) if dice.one_in(odds.cut_after_effect) => cut_after(dice),
            _ if dice.one_in(odds.kill) => match dice.below(3) {
                0 => Trouble::Before(Blow::Kill(Whom::All)),
                1 => Trouble::After(Blow::Kill(Whom::All)),
                _ => Trouble::KillIn(Duration::from_micros(dice.below(SOON.as_micros().try_into().unwrap_or(1)))),
            },
            _ if dice.one_in(odds.cut) => match dice.below(2) {
                0 => Trouble::Before(Blow::Cut),
                _ => cut_after(dice),
            },
            _ => Trouble::None,
        }
    }

    /// Deals the blow; the caller of this breaks the connection then.
    pub(crate) async fn deal(&self, blow: Blow, after: bool) {
        match blow {
            Blow::Cut => self.lock().harm.cuts += 1,
            Blow::Kill(whom) => self.kill(whom, after).await,
        }
    }

    /// Somebody at work is killed in `time`.
    pub(crate) async fn kill_in(&self, time: Duration) {
        tokio::time::sleep(time).await;
        self.kill(Whom::All, false).await;
    }

    async fn kill(&self, whom: Whom, after: bool) {
        let (done, dead) = oneshot::channel();
        // With nobody there to kill, the connection just breaks.
        if self.orders.send(Order { whom, after, done }).is_ok() {
            let _ = dead.await;
        }
    }

    /// A panic elsewhere can't leave these numbers half written.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Killer {
    /// Carries out what is ordered, without an end.
    pub async fn go_about(&self, cloud: &LocalCloud) -> Result<(), InvokeError> {
        let mut orders = self.orders.lock().await;
        // The mischief in here keeps the channel open.
        while let Some(Order { whom, after, done }) = orders.recv().await {
            let mut hits = 0;
            for function in whom.functions() {
                hits += cloud.kill_at_work(function).await?;
            }
            let mut shared = self.mischief.lock();
            shared.harm.kills += hits;
            shared.harm.kills_after += if after { hits } else { 0 };
            drop(shared);
            let _ = done.send(());
        }
        Ok(())
    }
}

fn cut_after(dice: &mut Dice) -> Trouble {
    if dice.one_in(3) { Trouble::Within } else { Trouble::After(Blow::Cut) }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
