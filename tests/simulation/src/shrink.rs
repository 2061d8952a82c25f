//! Making a failing plan smaller, piece by piece, as long as it breaks the same promise.

use chrono::TimeDelta;

use crate::{
    plan::{HABITS, Plan, Quirks},
    run::Run,
};

/// Most runs that are spent on one failing plan: some seconds.
const MOST_RUNS: usize = 1_500;

/// The smallest plan found that breaks the same promise in the same way as `plan` does. `plan` itself where it breaks none.
pub fn shrink(plan: &Plan) -> Plan {
    let Some(broken) = broken_promise(plan) else { return plan.clone() };
    let mut search = Search { broken, best: plan.clone(), runs: 0 };
    while search.round() && search.runs < MOST_RUNS {}
    search.best
}

/// Which promise is broken, and how, but for whose and which.
fn broken_promise(plan: &Plan) -> Option<(u8, String)> {
    /// Enough words to tell one way from another.
    const WORDS: usize = 5;
    let broken = Run::of(plan).broken.into_iter().next()?;
    let words = broken.how.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).take(WORDS);
    Some((broken.promise, words.collect::<Vec<_>>().join(" ")))
}

struct Search {
    broken: (u8, String),
    best: Plan,
    runs: usize,
}

impl Search {
    /// Tries everything once. Whether anything could be left out.
    fn round(&mut self) -> bool {
        let before = self.best.clone();
        self.halve_the_time();
        self.leave_out(|plan| plan.troubles.len(), |plan, at| drop(plan.troubles.remove(at)));
        self.leave_out(|plan| plan.tenants.len(), |plan, at| drop(plan.tenants.remove(at)));
        for tenant in 0..self.best.tenants.len() {
            self.leave_out(
                |plan| plan.tenants[tenant].agreements.len(),
                |plan, at| {
                    plan.tenants[tenant].agreements.remove(at);
                },
            );
            self.leave_out(
                |plan| plan.tenants[tenant].layers.len(),
                |plan, at| drop(plan.tenants[tenant].layers.remove(at)),
            );
            self.leave_out(
                |plan| plan.tenants[tenant].profile.len(),
                |plan, at| {
                    let name = plan.tenants[tenant].profile.keys().nth(at).cloned().unwrap_or_default();
                    // Its agreements' own dates go by its habits.
                    if !HABITS.contains(&name.as_str()) {
                        plan.tenants[tenant].profile.remove(&name);
                    }
                },
            );
            self.attempt(|plan| plan.tenants[tenant].quirks = Quirks::NONE);
        }
        self.attempt(|plan| plan.digests = false);
        self.attempt(|plan| plan.workers = 1);
        self.attempt(|plan| plan.ends_slow_workers = true);
        self.best != before
    }

    fn halve_the_time(&mut self) {
        while self.best.lasts > TimeDelta::hours(1) {
            let half = self.best.lasts / 2;
            if !self.attempt(|plan| plan.lasts = half) {
                return;
            }
        }
    }

    /// Leaves out one after another of what there are `count`, from the last on.
    fn leave_out(&mut self, count: impl Fn(&Plan) -> usize, leave_out: impl Fn(&mut Plan, usize)) {
        for at in (0..count(&self.best)).rev() {
            self.attempt(|plan| leave_out(plan, at));
        }
    }

    /// Keeps the change if the promise is broken all the same.
    fn attempt(&mut self, change: impl FnOnce(&mut Plan)) -> bool {
        let mut plan = self.best.clone();
        change(&mut plan);
        if plan == self.best || plan.tenants.is_empty() || self.runs >= MOST_RUNS {
            return false;
        }
        self.runs += 1;
        let still = plan_is_sound(&plan) && broken_promise(&plan).as_ref() == Some(&self.broken);
        if still {
            self.best = plan;
        }
        still
    }
}

/// A plan without an agreement, or whose customers nobody can enter, is no company's.
fn plan_is_sound(plan: &Plan) -> bool {
    plan.tenants.iter().all(|tenant| !tenant.agreements.is_empty())
}
