//! The platform: heartbeats, queues, workers that start, take too long and die, and the time in between.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use workflow::{Notebook, ports::Clock};

use super::{
    deeds::Amounts,
    worker::{self, Ended, Work},
};
use crate::{
    faults::Call,
    memory::Memory,
    plan::{Act, Plan, Trouble},
    tasks::Tasks,
};

/// The heartbeat's rate, as the template gives it.
const BEAT: TimeDelta = TimeDelta::minutes(5);
/// More turns than any run takes that comes to an end: so many, and so many for each hour.
const MOST_TURNS: u64 = 100_000;
const MOST_TURNS_AN_HOUR: u64 = 600;

/// A run in progress.
pub(super) struct Platform<'a> {
    pub(super) memory: &'a Memory,
    tasks: Tasks<'a, (Work, Ended)>,
    running: BTreeMap<u64, Running>,
    workers: usize,
    ends_slow_workers: bool,
    notebook: Arc<Notebook>,
    agenda: Vec<(DateTime<Utc>, Act)>,
    /// What is done when a call goes wrong, and how many have so far.
    meanwhile: BTreeMap<(Call, u64), Vec<(TimeDelta, Act)>>,
    struck: usize,
    last_tick: DateTime<Utc>,
    no_ticks_until: DateTime<Utc>,
    registered_at: DateTime<Utc>,
    digests: Option<DigestBeats>,
    turns: u64,
    most_turns: u64,
    /// What each agreement amounted to, and since when.
    pub(super) amounts: Amounts,
    /// What people and platform did.
    pub(super) done: Vec<(DateTime<Utc>, String)>,
}

struct Running {
    /// Takes one of the workers' places.
    counts: bool,
    ends_at: DateTime<Utc>,
}

/// The digests' own heartbeats, and when each last came.
struct DigestBeats {
    ticked_at: DateTime<Utc>,
    registered_at: DateTime<Utc>,
}

/// A run that goes in circles.
#[derive(Debug)]
pub(super) struct Endless;

impl<'a> Platform<'a> {
    pub(super) fn new(memory: &'a Memory, plan: &Plan) -> Self {
        let mut agenda: Vec<_> = plan
            .troubles
            .iter()
            .filter_map(|trouble| match trouble {
                Trouble::Deed { after, act } => Some((plan.start + *after, act.clone())),
                _ => None,
            })
            .collect();
        agenda.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Self {
            memory,
            tasks: Tasks::new(),
            running: BTreeMap::new(),
            workers: plan.workers,
            ends_slow_workers: plan.ends_slow_workers,
            notebook: Arc::default(),
            agenda,
            meanwhile: meanwhile(plan),
            struck: 0,
            last_tick: plan.start - BEAT,
            no_ticks_until: plan.start,
            registered_at: plan.start - TimeDelta::hours(1),
            digests: plan
                .digests
                .then(|| DigestBeats { ticked_at: plan.start - BEAT, registered_at: plan.start - TimeDelta::hours(1) }),
            turns: 0,
            most_turns: MOST_TURNS + MOST_TURNS_AN_HOUR * plan.lasts.num_hours().unsigned_abs(),
            amounts: Amounts::of(plan),
            done: Vec::new(),
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.memory.clock().now()
    }

    /// Lets time pass until `end`, with all that happens in it.
    pub(super) fn until(&mut self, end: DateTime<Utc>) -> Result<(), Endless> {
        loop {
            self.turns += 1;
            if self.turns > self.most_turns {
                return Err(Endless);
            }
            self.turn_all()?;
            if self.take_message() {
                continue;
            }
            let next = self.next_event();
            self.memory.clock().pass_until(next.min(end));
            if next > end {
                return Ok(());
            }
            // What was late arrives now, whether or not anybody looks.
            self.memory.fortnox().with_world(|_| ());
            self.memory.hear_of_mails();
            self.end_slow_workers();
            self.do_what_is_due();
            self.tick_if_due();
        }
    }

    /// Calm weather: heartbeats come as they should.
    pub(super) fn calm(&mut self) {
        self.no_ticks_until = self.now();
        self.ends_slow_workers = true;
    }

    fn turn_all(&mut self) -> Result<(), Endless> {
        while let Some((id, polled)) = self.tasks.turn() {
            self.turns += 1;
            if self.turns > self.most_turns {
                return Err(Endless);
            }
            if self.memory.faults().take_crash() {
                self.kill(id);
            } else if let std::task::Poll::Ready((work, ended)) = polled {
                self.running.remove(&id);
                self.finish(&work, &ended);
            }
            self.note_strikes();
        }
        Ok(())
    }

    /// People who are at it just when a call goes wrong.
    fn note_strikes(&mut self) {
        for strike in self.memory.faults().struck_since(self.struck) {
            self.struck += 1;
            for (after, act) in self.meanwhile.remove(&(strike.call, strike.nth)).into_iter().flatten() {
                self.agenda.push((strike.at + after, act));
            }
            self.agenda.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        }
    }

    fn finish(&mut self, work: &Work, ended: &Ended) {
        let Work::Message(received) = work else { return };
        match ended {
            Ended::Settled => self.memory.queues().delete(received),
            Ended::Again(after) => self.memory.queues().come_again(received, *after),
            Ended::Failed => {}
        }
    }

    pub(super) fn start(&mut self, work: Work) {
        let counts = matches!(work, Work::Message(_));
        let ends_at = self.now() + work.time();
        let id = self.tasks.start(worker::work(self.memory, Arc::clone(&self.notebook), work));
        self.running.insert(id, Running { counts, ends_at });
    }

    fn kill(&mut self, id: u64) {
        self.tasks.kill(id);
        self.running.remove(&id);
        // What its process remembered is gone with it.
        self.notebook = Arc::default();
    }

    pub(super) fn kill_all(&mut self) {
        let ids: Vec<u64> = self.running.keys().copied().collect();
        for id in ids {
            self.kill(id);
        }
    }

    fn is_free(&self) -> bool {
        self.running.values().filter(|running| running.counts).count() < self.workers
    }

    fn take_message(&mut self) -> bool {
        if !self.is_free() {
            return false;
        }
        let Some(received) = self.memory.queues().receive() else { return false };
        self.start(Work::Message(received));
        true
    }

    fn next_event(&self) -> DateTime<Utc> {
        let memory = self.memory;
        let message = if self.is_free() { memory.queues().next_visible() } else { None };
        let slow = if self.ends_slow_workers { self.running.values().map(|it| it.ends_at).min() } else { None };
        let deed = self.agenda.last().map(|(at, _)| *at);
        let wake = memory.clock().next_wake();
        let arrival = memory.fortnox().next_arrival();
        let told = memory.mailer().tells_next();
        let [digest, digests] = self.next_of_digests();
        [told, message, slow, deed, wake, arrival, self.next_tick(), self.next_registration(), digest, digests]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn end_slow_workers(&mut self) {
        if !self.ends_slow_workers {
            return;
        }
        let now = self.now();
        let slow: Vec<u64> = self.running.iter().filter(|(_, it)| it.ends_at <= now).map(|(id, _)| *id).collect();
        for id in slow {
            self.kill(id);
        }
    }

    fn do_what_is_due(&mut self) {
        while self.agenda.last().is_some_and(|(at, _)| *at <= self.now()) {
            if let Some((_, act)) = self.agenda.pop() {
                self.act(&act);
            }
        }
    }

    /// The next heartbeat that finds anything to do; the others change nothing.
    fn next_tick(&self) -> Option<DateTime<Utc>> {
        let due = [self.memory.journal().next_wake(), self.memory.settings().earliest_scan()];
        let due = due.into_iter().flatten().min()?;
        let earliest = due.max(self.last_tick + BEAT).max(self.no_ticks_until);
        Some(on_the_beat(earliest))
    }

    fn next_registration(&self) -> Option<DateTime<Utc>> {
        let wanted = self.memory.settings().has_unscheduled();
        wanted.then(|| self.registered_at + TimeDelta::hours(1)).map(|at| at.max(self.no_ticks_until))
    }

    /// The same of the digests: the next heartbeat, and the next look for tenants without digests.
    fn next_of_digests(&self) -> [Option<DateTime<Utc>>; 2] {
        let Some(beats) = &self.digests else { return [None, None] };
        let (journal, settings) = (self.memory.journal(), self.memory.settings());
        let due = journal.next_digest().map(|due| due.max(beats.ticked_at + BEAT).max(self.no_ticks_until));
        let missing = settings.has_any(|tenant| !journal.has_digests(tenant));
        let look = missing.then(|| (beats.registered_at + TimeDelta::hours(1)).max(self.no_ticks_until));
        [due.map(on_the_beat), look]
    }

    fn tick_digests_if_due(&mut self) {
        let now = self.now();
        let [tick, look] = self.next_of_digests().map(|at| at.is_some_and(|at| at <= now));
        let Some(beats) = &mut self.digests else { return };
        if look {
            beats.registered_at = now;
        }
        if tick {
            beats.ticked_at = now;
        }
        if look {
            self.start(Work::RegisterDigests);
        }
        if tick {
            self.start(Work::DigestTick);
        }
    }

    /// Heartbeats besides those that come anyhow.
    pub(super) fn tick_now(&mut self, count: usize) {
        for _ in 0..count {
            self.start(Work::Tick);
            if self.digests.is_some() {
                self.start(Work::DigestTick);
            }
        }
    }

    fn tick_if_due(&mut self) {
        self.tick_digests_if_due();
        let now = self.now();
        if self.next_registration().is_some_and(|at| at <= now) {
            self.registered_at = now;
            self.start(Work::Register);
        }
        if self.next_tick().is_some_and(|at| at <= now) {
            self.last_tick = now;
            self.start(Work::Tick);
        }
    }

    /// No heartbeat before then.
    pub(super) fn no_ticks_until(&mut self, at: DateTime<Utc>) {
        self.no_ticks_until = at;
    }
}

fn meanwhile(plan: &Plan) -> BTreeMap<(Call, u64), Vec<(TimeDelta, Act)>> {
    let faults = plan.troubles.iter().filter_map(|trouble| match trouble {
        Trouble::Fault { call, nth, meanwhile, .. } => Some(((*call, *nth), meanwhile.clone())),
        _ => None,
    });
    faults.collect()
}

/// The first beat at or after `at`.
fn on_the_beat(at: DateTime<Utc>) -> DateTime<Utc> {
    let beat = BEAT.num_milliseconds();
    let into = at.timestamp_millis().rem_euclid(beat);
    if into == 0 { at } else { at + TimeDelta::milliseconds(beat - into) }
}
