//! What people and programs do.

use domain::{ids::DraftNumber, job::Job, signal::VerifiedSignal};
use judge::Said;
use serde_json::json;

use super::{
    company::{HOLD_WORD, draft, lines, set_flag, set_mode, tenant},
    plan::{Deed, DraftsPlan, Mark},
    platform::{Platform, Task},
    truth::{Fact, Truth},
};

impl Platform<'_> {
    /// The integration puts the draft there.
    pub(super) fn put(&mut self, plan: &DraftsPlan, at: usize, truth: &mut Truth) {
        let planned = &plan.drafts[at];
        let now = self.now();
        let date = DraftsPlan::date(now, planned.days_ahead);
        let marked = planned.mark == Mark::Marker;
        let body = draft(planned.customer, date, planned.net, marked, planned.has_lines);
        let number = self.memory.economic().person(&tenant()).put_draft(&body);
        self.done.push(format!("{now} draft {at} put there as {number:?}"));
        truth.facts.resize(plan.drafts.len(), None);
        truth.facts[at] =
            number.map(|number| Fact { number, put_at: now, is_gone: false, has_lines: planned.has_lines });
        if let Mark::Signal(after) = planned.mark {
            self.agenda.push((now + after, Task::Deed(Deed::SignalAgain(at))));
            self.sort_agenda();
        }
    }

    /// Somebody does something.
    pub(super) fn act(&mut self, plan: &DraftsPlan, deed: &Deed, truth: &mut Truth) {
        let now = self.now();
        self.done.push(format!("{now} {deed:?}"));
        let (memory, id) = (self.memory, tenant());
        let person = memory.economic().person(&id);
        let queues = memory.queues();
        match deed {
            Deed::Edit(at) => with(truth, *at, |fact| {
                let net = if fact.has_lines { 333 } else { 0 };
                person.edit(fact.number, |draft| {
                    if fact.has_lines {
                        draft["lines"] = lines(net);
                    }
                });
            }),
            Deed::Book(at) => with(truth, *at, |fact| fact.is_gone |= person.book(fact.number).is_some()),
            Deed::Delete(at) => with(truth, *at, |fact| fact.is_gone |= person.delete(fact.number).is_some()),
            Deed::Hold(at) => with(truth, *at, |fact| {
                person.edit(fact.number, |draft| draft["notes"] = json!({"heading": HOLD_WORD}));
            }),
            Deed::Unhold(at) => with(truth, *at, |fact| {
                person.edit(fact.number, |draft| draft["notes"] = json!({"heading": "Rengøring"}));
            }),
            Deed::SignalAgain(at) => self.signal(*at, truth),
            Deed::Mode(mode) => set_mode(memory, plan, mode),
            Deed::Flag(customer, on) => set_flag(memory, *customer, *on),
            Deed::Consent(given) => {
                memory.economic().with_world(|world| world.set_consent(id.number(), *given));
            }
            Deed::Approve(place) => self.answer(*place, true),
            Deed::Skip(place) => self.answer(*place, false),
            // What is doubled again and again never ends.
            Deed::DoubleMessages if queues.len() < 40 => queues.duplicate(),
            Deed::DoubleMessages => {}
            Deed::ReverseMessages => queues.reverse(),
            Deed::LoseMessages => queues.lose_all(),
            Deed::OldMessages => queues.old_again(6),
            Deed::NoTicks(lasts) => self.no_ticks_until = now + *lasts,
            Deed::KillWorkers => self.kill_all(),
        }
    }

    /// The integration says that the draft is finished.
    fn signal(&mut self, at: usize, truth: &mut Truth) {
        let now = self.now();
        if !truth.is_latest(at) {
            return;
        }
        let Some(fact) = truth.facts.get(at).and_then(Option::as_ref) else { return };
        let there = self.memory.economic().person(&tenant()).draft(fact.number).is_some();
        // An integration doesn't signal what it took back itself; a number that is used again is another draft's.
        if !there || fact.is_gone {
            return;
        }
        let Ok(draft) = u32::try_from(fact.number).map_err(drop).and_then(|it| DraftNumber::try_from(it).map_err(drop))
        else {
            return;
        };
        let said = truth.said.len();
        let Ok(nonce) = format!("nonce-of-the-run-{said:06}").parse() else { return };
        truth.said.push(Said { tenant: tenant(), draft: fact.number, at: now, taken: false });
        self.start(Task::Signal { said, signal: VerifiedSignal { tenant: tenant(), draft, at: now, nonce } });
    }

    fn answer(&mut self, place: usize, yes: bool) {
        let waits = |job: &Job| job.needs_person() || (!yes && job.may_be_stopped());
        let waiting: Vec<Job> = self.memory.journal().jobs().into_iter().filter(waits).collect();
        let Some(job) = waiting.get(place % waiting.len().max(1)) else { return };
        self.answered.insert(job.key.clone());
        self.start(if yes { Task::Approve(job.key.clone()) } else { Task::Skip(job.key.clone()) });
    }
}

/// Does something to a draft that is there. One whose number is used again is gone.
fn with(truth: &mut Truth, at: usize, act: impl FnOnce(&mut Fact)) {
    if !truth.is_latest(at) {
        return;
    }
    if let Some(fact) = truth.facts.get_mut(at).and_then(Option::as_mut) {
        act(fact);
    }
}
