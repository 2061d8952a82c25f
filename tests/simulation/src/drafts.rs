//! Runs with a company in e-conomic: an integration puts drafts there and says which are finished, people edit, book and delete
//! them, and every call may go wrong.
//!
//! Its own generator; the ports, the faults, the workers and the judge are the same as in the other runs.

mod company;
mod deeds;
mod plan;
mod platform;
mod truth;

use economic_sim::EffectKind;
use judge::{
    Evidence,
    promises::{self, Broken},
};
use workflow::ports::Clock;

pub use self::plan::{Deed, DraftsPlan, Mark, PlannedDraft};
use self::{platform::Platform, truth::Truth};
use crate::{clock::VirtualClock, evidence, faults::Strike, memory::Memory};

/// What came of a run.
#[derive(Debug)]
pub struct DraftsOutcome {
    /// Promises that were broken.
    pub broken: Vec<Broken>,
    /// What people, programs and platform did.
    pub done: Vec<String>,
    /// What went wrong.
    pub struck: Vec<Strike>,
    /// Each job with its story, for a person.
    pub jobs: Vec<String>,
    /// What the run was made of in the end: drafts booked by us, mails, and jobs that wait for a person.
    pub figures: [usize; 3],
}

/// Runs a plan to its end, and judges it.
pub fn run_drafts(plan: &DraftsPlan) -> DraftsOutcome {
    let memory = Memory::new(VirtualClock::new(plan.start));
    company::open(&memory, plan);
    platform::script(&memory, plan);
    let mut truth = Truth::default();
    let mut platform = Platform::new(&memory, plan);
    let mut broken = platform.live(plan, &mut truth);
    let done = std::mem::take(&mut platform.done);
    drop(platform);
    let today = memory.clock().now().date_naive();
    let evidence = evidence::of(&memory, &[company::tenant()], truth.said);
    broken.extend(promises::check(&evidence, today));
    DraftsOutcome {
        broken,
        done,
        struck: memory.faults().struck(),
        figures: figures(&evidence),
        jobs: evidence.jobs.iter().map(story_of).collect(),
    }
}

fn figures(evidence: &Evidence) -> [usize; 3] {
    let waiting = evidence.jobs.iter().filter(|record| record.job.needs_person()).count();
    [evidence.count_economic(EffectKind::InvoiceBooked), evidence.mails.len(), waiting]
}

fn story_of(record: &judge::JobRecord) -> String {
    let lines: Vec<String> = record.events.iter().map(|event| format!("    {} {:?}", event.at, event.kind)).collect();
    format!("{} {:?}\n{}", record.job.key, record.job.state, lines.join("\n"))
}

/// What a person needs who has to find out why a seed broke a promise.
pub fn drafts_failure(seed: u64) -> String {
    let story = drafts_story(&smaller(&DraftsPlan::of(seed)));
    format!(
        "Seed {seed} of the drafts broke a promise: cargo simulate --drafts --seed {seed}\nIts smallest schedule:\n{story}"
    )
}

/// A run told.
pub fn drafts_story(plan: &DraftsPlan) -> String {
    let outcome = run_drafts(plan);
    let broken = outcome.broken.iter().map(|one| format!("  promise {}: {}", one.promise, one.how));
    let struck = outcome.struck.iter().map(|strike| format!("  {} {:?} {:?}", strike.at, strike.call, strike.fault));
    let [broken, struck] = [broken.collect::<Vec<_>>(), struck.collect()].map(|lines| lines.join("\n"));
    let (done, jobs) = (outcome.done.join("\n  "), outcome.jobs.join("\n"));
    format!("Broken:\n{broken}\nPlan: {plan:#?}\nDone:\n  {done}\nStruck:\n{struck}\nJobs:\n{jobs}")
}

/// The same plan without whatever isn't needed for it to break a promise.
fn smaller(plan: &DraftsPlan) -> DraftsPlan {
    let breaks = |plan: &DraftsPlan| !run_drafts(plan).broken.is_empty();
    let mut small = plan.clone();
    for at in (0..small.faults.len()).rev() {
        let mut less = small.clone();
        less.faults.remove(at);
        if breaks(&less) {
            small = less;
        }
    }
    for at in (0..small.deeds.len()).rev() {
        let mut less = small.clone();
        less.deeds.remove(at);
        if breaks(&less) {
            small = less;
        }
    }
    small
}
