//! Runs with a company in e-conomic: an integration puts drafts there and says which are finished, people edit, book and delete
//! them, and every call may go wrong.
//!
//! Its own generator and oracles; the ports, the faults and the workers are the same as in the other runs.

mod company;
mod deeds;
mod oracle;
mod plan;
mod platform;
mod truth;

use judge::promises::Broken;

pub use self::plan::{Deed, DraftsPlan, Mark, PlannedDraft};
use self::{platform::Platform, truth::Truth};
use crate::{clock::VirtualClock, faults::Strike, memory::Memory};

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
    broken.extend(oracle::judge(&memory, &truth));
    let done = std::mem::take(&mut platform.done);
    drop(platform);
    let journal = memory.journal();
    let story = |job: domain::job::Job| {
        let lines: Vec<String> =
            journal.story(&job.key).iter().map(|event| format!("    {} {:?}", event.at, event.kind)).collect();
        format!("{} {:?}\n{}", job.key, job.state, lines.join("\n"))
    };
    DraftsOutcome {
        broken,
        done,
        struck: memory.faults().struck(),
        figures: oracle::figures(&memory),
        jobs: journal.jobs().into_iter().map(story).collect(),
    }
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
