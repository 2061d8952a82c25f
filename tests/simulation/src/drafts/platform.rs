//! The platform of such a run: heartbeats, queues, workers that start and die, and the time in between.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    task::Poll,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{job::JobKey, signal::VerifiedSignal};
use judge::promises::Broken;
use workflow::{Notebook, ports::Clock, ready, scan, sweep};

use super::{
    plan::{Deed, DraftsPlan},
    truth::Truth,
};
use crate::{
    memory::{Memory, Received},
    run::worker::{Ended, message},
    tasks::Tasks,
};

/// The heartbeats' rates, as the template gives them.
const SCAN_BEAT: TimeDelta = TimeDelta::minutes(5);
const SWEEP_BEAT: TimeDelta = TimeDelta::minutes(1);
/// Days without trouble after which everything has ended or waits for a person: a job is looked at at least once a day, and one
/// that looks in vain is over within the look after.
const CALM: TimeDelta = TimeDelta::days(3);
/// More turns than any run takes that comes to an end.
const MOST_TURNS: u64 = 400_000;
/// The functions' time, as the template gives it.
const TIME: TimeDelta = TimeDelta::seconds(120);

/// What is to be done at a time, or by a worker.
#[derive(Debug, Clone)]
pub(super) enum Task {
    Put(usize),
    Deed(Deed),
    Signal { said: usize, signal: VerifiedSignal },
    Approve(JobKey),
    Skip(JobKey),
    ScanTick,
    SweepTick,
    Message(Box<Received>),
}

/// A run in progress.
pub(super) struct Platform<'a> {
    pub(super) memory: &'a Memory,
    tasks: Tasks<'a, (Task, Ended)>,
    running: BTreeMap<u64, bool>,
    workers: usize,
    notebook: Arc<Notebook>,
    pub(super) agenda: Vec<(DateTime<Utc>, Task)>,
    pub(super) no_ticks_until: DateTime<Utc>,
    last_ticks: [DateTime<Utc>; 2],
    pub(super) answered: BTreeSet<JobKey>,
    turns: u64,
    pub(super) done: Vec<String>,
}

/// Has calls go wrong as the plan says.
pub(super) fn script(memory: &Memory, plan: &DraftsPlan) {
    memory.faults().take_time(plan.seed);
    for (call, nth, fault) in &plan.faults {
        memory.faults().at(*call, *nth, fault.clone());
    }
}

impl<'a> Platform<'a> {
    pub(super) fn new(memory: &'a Memory, plan: &DraftsPlan) -> Self {
        let drafts = plan.drafts.iter().enumerate().map(|(at, draft)| (plan.start + draft.after, Task::Put(at)));
        let deeds = plan.deeds.iter().map(|(after, deed)| (plan.start + *after, Task::Deed(deed.clone())));
        let mut platform = Self {
            memory,
            tasks: Tasks::new(),
            running: BTreeMap::new(),
            workers: plan.workers,
            notebook: Arc::default(),
            agenda: drafts.chain(deeds).collect(),
            no_ticks_until: plan.start,
            last_ticks: [plan.start - SCAN_BEAT; 2],
            answered: BTreeSet::new(),
            turns: 0,
            done: Vec::new(),
        };
        platform.sort_agenda();
        platform
    }

    pub(super) fn sort_agenda(&mut self) {
        self.agenda.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.memory.clock().now()
    }

    /// Trouble, and then calm.
    pub(super) fn live(&mut self, plan: &DraftsPlan, truth: &mut Truth) -> Vec<Broken> {
        // The tenant was taken up before the run begins.
        self.memory.settings().schedule(&super::company::tenant(), plan.start);
        let circles = || vec![Broken { promise: 4, how: "the run goes in circles".to_owned() }];
        if !self.until(plan.calm_from(), plan, truth) {
            return circles();
        }
        self.memory.faults().clear();
        self.no_ticks_until = self.now();
        for deed in [Deed::Mode("full"), Deed::Consent(true)] {
            self.act(plan, &deed, truth);
        }
        if self.until(plan.calm_from() + CALM, plan, truth) { Vec::new() } else { circles() }
    }

    fn until(&mut self, end: DateTime<Utc>, plan: &DraftsPlan, truth: &mut Truth) -> bool {
        loop {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                return false;
            }
            self.turn_all(truth);
            if self.take_message() {
                continue;
            }
            let next = self.next_event();
            self.memory.clock().pass_until(next.min(end));
            if next > end {
                return true;
            }
            // What was late arrives now, whether or not anybody looks.
            self.memory.economic().with_world(|_| ());
            self.do_what_is_due(plan, truth);
            self.tick_if_due();
        }
    }

    fn turn_all(&mut self, truth: &mut Truth) {
        while let Some((id, polled)) = self.tasks.turn() {
            self.turns += 1;
            if self.memory.faults().take_crash() {
                self.tasks.kill(id);
                self.running.remove(&id);
                // What its process remembered is gone with it.
                self.notebook = Arc::default();
            } else if let Poll::Ready((task, ended)) = polled {
                self.running.remove(&id);
                match (task, ended) {
                    (Task::Message(received), Ended::Settled) => self.memory.queues().delete(&received),
                    (Task::Message(received), Ended::Again(after)) => self.memory.queues().come_again(&received, after),
                    (Task::Signal { said, .. }, Ended::Settled) => {
                        if let Some(said) = truth.said.get_mut(said) {
                            said.taken = true;
                        }
                    }
                    _ => {}
                }
            }
            if self.turns > MOST_TURNS {
                return;
            }
        }
    }

    pub(super) fn start(&mut self, task: Task) {
        let counts = matches!(task, Task::Message(_));
        let id = self.tasks.start(work(self.memory, Arc::clone(&self.notebook), task));
        self.running.insert(id, counts);
    }

    pub(super) fn kill_all(&mut self) {
        for id in std::mem::take(&mut self.running).into_keys() {
            self.tasks.kill(id);
        }
        self.notebook = Arc::default();
    }

    fn take_message(&mut self) -> bool {
        if !self.is_free() {
            return false;
        }
        let Some(received) = self.memory.queues().receive() else { return false };
        self.start(Task::Message(Box::new(received)));
        true
    }

    fn is_free(&self) -> bool {
        self.running.values().filter(|counts| **counts).count() < self.workers
    }

    fn next_event(&self) -> DateTime<Utc> {
        let memory = self.memory;
        let message = if self.is_free() { memory.queues().next_visible() } else { None };
        let deed = self.agenda.last().map(|(at, _)| *at);
        let [scan, sweep] = self.next_ticks();
        [message, deed, memory.clock().next_wake(), memory.economic().next_arrival(), scan, sweep]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The next heartbeats that find anything to do; the others change nothing.
    fn next_ticks(&self) -> [Option<DateTime<Utc>>; 2] {
        let due = [self.memory.journal().next_wake(), self.memory.settings().earliest_sweep()];
        let beats = [SCAN_BEAT, SWEEP_BEAT];
        std::array::from_fn(|at| {
            let earliest = due[at]?.max(self.last_ticks[at] + beats[at]).max(self.no_ticks_until);
            Some(on_the_beat(earliest, beats[at]))
        })
    }

    fn tick_if_due(&mut self) {
        let now = self.now();
        let ticks = self.next_ticks();
        for (at, task) in [Task::ScanTick, Task::SweepTick].into_iter().enumerate() {
            if ticks[at].is_some_and(|at| at <= now) {
                self.last_ticks[at] = now;
                self.start(task);
            }
        }
    }

    fn do_what_is_due(&mut self, plan: &DraftsPlan, truth: &mut Truth) {
        while self.agenda.last().is_some_and(|(at, _)| *at <= self.now()) {
            match self.agenda.pop() {
                Some((_, Task::Put(at))) => self.put(plan, at, truth),
                Some((_, Task::Deed(deed))) => self.act(plan, &deed, truth),
                _ => {}
            }
        }
    }
}

async fn work(memory: &Memory, notebook: Arc<Notebook>, task: Task) -> (Task, Ended) {
    fn nothing<T, E>(result: &Result<T, E>) -> Ended {
        if result.is_ok() { Ended::Settled } else { Ended::Failed }
    }
    let ended = match &task {
        Task::ScanTick => nothing(&scan::tick(memory).await),
        Task::SweepTick => nothing(&sweep::tick(memory).await),
        Task::Signal { signal, .. } => nothing(&ready::accept(memory, signal.clone()).await),
        Task::Approve(key) => nothing(&workflow::approve(memory, key, "anna").await),
        Task::Skip(key) => nothing(&workflow::skip(memory, key, "anna").await),
        Task::Message(received) => message(memory, &notebook, received, TIME).await,
        Task::Put(_) | Task::Deed(_) => Ended::Settled,
    };
    (task, ended)
}

/// The first beat at or after `at`.
fn on_the_beat(at: DateTime<Utc>, beat: TimeDelta) -> DateTime<Utc> {
    let beat = beat.num_milliseconds();
    let into = at.timestamp_millis().rem_euclid(beat);
    if into == 0 { at } else { at + TimeDelta::milliseconds(beat - into) }
}
