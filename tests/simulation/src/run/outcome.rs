//! What came of a run, and what the judge says of it.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    hold::HoldReason,
    ids::TenantId,
    job::{Event, EventKind, Job, Step},
    settings::Channel,
};
use fortnox_sim::{Actor, EffectKind};
use judge::{
    Evidence, JobRecord,
    promises::{self, Broken},
};
use workflow::dead_letters::DeadLetterQueue;

use super::{
    apart, digests,
    open::open,
    platform::{Endless, Platform},
    preview,
};
use crate::{
    clock::VirtualClock,
    evidence,
    faults::{NO_ANSWER, Storm, Strike},
    memory::Memory,
    plan::{Act, Plan, Trouble},
};

/// Days without trouble after which everything has ended or waits for a person. A job is looked at at least once a day, and
/// one that looks in vain is over within the look after. (The first day is cut short by noon.)
const CALM_DAYS: i64 = 3;
/// How often people answer everything that waits for them, with a day in between.
const ROUNDS_OF_ANSWERS: usize = 60;

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Promises that were broken.
    pub broken: Vec<Broken>,
    /// What it's judged by.
    pub evidence: Evidence,
    /// What people and platform did.
    pub done: Vec<(DateTime<Utc>, String)>,
    /// What went wrong.
    pub struck: Vec<Strike>,
}

/// One run of a plan.
#[derive(Debug)]
pub struct Run;

impl Run {
    /// Runs a plan to its end, and judges it.
    pub fn of(plan: &Plan) -> Outcome {
        let memory = Memory::new(VirtualClock::new(plan.start));
        open(&memory, plan);
        script(&memory, plan);
        let mut platform = Platform::new(&memory, plan);
        let mut broken = Vec::new();
        let evidence = weather(&mut platform, plan, &mut broken).unwrap_or_else(|Endless| {
            broken.push(Broken { promise: 4, how: "the run goes in circles".to_owned() });
            evidence::of(&memory, &tenants(plan), Vec::new())
        });
        if broken.is_empty() {
            broken.extend(apart::disturbed(plan, &evidence));
        }
        let mut done = std::mem::take(&mut platform.done);
        done.extend(digests::told(&memory, plan));
        Outcome { broken, evidence, done, struck: memory.faults().struck() }
    }
}

/// What is done when the trouble is over, besides judging. Either takes about as long as all the rest, so each run has one at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The world as it is now goes on as a preview and as a run, which must agree.
    CompareWithPreview,
    /// People put everything in order, until nothing waits any more.
    PutInOrder,
    /// Nothing.
    Rest,
}

impl Then {
    fn of(plan: &Plan) -> Self {
        match plan.seed % 4 {
            0 => Self::CompareWithPreview,
            1 => Self::PutInOrder,
            _ => Self::Rest,
        }
    }
}

/// Trouble, then calm, then people who put things in order; judged after each. Gives what it was last judged by.
fn weather(platform: &mut Platform<'_>, plan: &Plan, broken: &mut Vec<Broken>) -> Result<Evidence, Endless> {
    platform.until(plan.calm_from())?;
    platform.memory.faults().clear();
    platform.calm();
    let then = Then::of(plan);
    if then == Then::CompareWithPreview {
        broken.extend(preview::differs_from_run(platform.memory, plan));
    }
    let today = noon_after(plan.calm_from() + TimeDelta::days(CALM_DAYS));
    platform.until(today)?;
    let evidence = judge(platform, plan, today, broken);
    if then != Then::PutInOrder || !broken.is_empty() {
        return Ok(evidence);
    }
    platform.put_in_order(plan);
    let mut today = platform.now();
    for _ in 0..ROUNDS_OF_ANSWERS {
        today = noon_after(today);
        platform.until(today)?;
        if platform.answer_all(plan) == 0 && !platform.memory.journal().jobs().iter().any(Job::is_working) {
            break;
        }
    }
    let evidence = judge(platform, plan, today, broken);
    nobody_waits(platform, plan, broken);
    Ok(evidence)
}

/// After noon in every time zone of ours all scans of the day are done, and the date is the same everywhere.
fn noon_after(at: DateTime<Utc>) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN);
    at.date_naive().and_time(noon).and_utc() + TimeDelta::days(1)
}

fn judge(platform: &Platform<'_>, plan: &Plan, today: DateTime<Utc>, broken: &mut Vec<Broken>) -> Evidence {
    let evidence = evidence::of(platform.memory, &tenants(plan), Vec::new());
    let found = promises::check(&evidence, today.date_naive());
    // A call that the network held up comes on top of others, and no pacing can help that.
    let held_up = platform.memory.faults().struck().iter().any(Strike::holds_up_a_call);
    let excused = |broken: &Broken| {
        held_up && broken.how.ends_with("answered with 429")
            || still_looking(plan, &evidence, platform.now(), broken)
            || still_at_the_service(&evidence, platform.now(), broken)
    };
    broken.extend(found.into_iter().filter(|broken| !excused(broken)));
    broken.extend(amounts_agree(platform, &evidence));
    broken.extend(only_the_undeliverable_is_dead(platform.memory));
    broken.extend(nobody_is_asked_for_nothing(plan, &evidence));
    broken.extend(digests::broken(platform.memory, plan, &evidence));
    evidence
}

/// Where something can't be done at all until people put it in order, a job looks for about two days before it asks them.
fn still_looking(plan: &Plan, evidence: &Evidence, now: DateTime<Utc>, broken: &Broken) -> bool {
    const LOOKS_FOR: TimeDelta = TimeDelta::hours(50);
    let outage = |trouble: &Trouble| match trouble {
        Trouble::Deed { act, .. } => matches!(act, Act::Outage { .. }),
        Trouble::Fault { meanwhile, .. } => meanwhile.iter().any(|(_, act)| matches!(act, Act::Outage { .. })),
        Trouble::Storm { .. } => false,
    };
    let begins = |event: &&Event| {
        matches!(event.kind, EventKind::Decided { .. } | EventKind::Resumed { .. } | EventKind::Approved { .. })
    };
    let young = |record: &&JobRecord| {
        record.job.is_working() && record.events.iter().rfind(begins).is_some_and(|event| now - event.at < LOOKS_FOR)
    };
    let mut young = evidence.jobs.iter().filter(young);
    plan.troubles.iter().any(outage) && young.any(|record| broken.how == promises::never_ended(&record.job.key))
}

/// The invoice service takes its time, and shows late what it was handed: a job waits for it for about two days before it asks a person.
fn still_at_the_service(evidence: &Evidence, now: DateTime<Utc>, broken: &Broken) -> bool {
    const WAITS_FOR: TimeDelta = TimeDelta::hours(50);
    let handed_over = |job: &Job| match &job.deliver {
        Step::Intended { at, intent, .. } => (intent.channel == Channel::FortnoxInvoiceService).then_some(*at),
        Step::Done { outcome } => {
            outcome.service.as_ref().filter(|service| !service.taken_on).map(|service| service.since)
        }
        Step::Open { .. } | Step::Skipped { .. } => None,
    };
    let waits = |record: &&JobRecord| {
        record.job.is_working() && handed_over(&record.job).is_some_and(|since| now - since < WAITS_FOR)
    };
    evidence.jobs.iter().filter(waits).any(|record| broken.how == promises::never_ended(&record.job.key))
}

/// As long as every call is answered and nobody interferes, no outcome is unknown, however often and in whatever order messages
/// come.
fn nobody_is_asked_for_nothing(plan: &Plan, evidence: &Evidence) -> Vec<Broken> {
    let fine = plan.troubles.iter().all(|trouble| match trouble {
        Trouble::Deed { act, .. } => act.is_harmless(),
        Trouble::Fault { .. } | Trouble::Storm { .. } => false,
    });
    let unknown = |event: &Event| match &event.kind {
        EventKind::Unknown { .. } | EventKind::NotDone { .. } => true,
        EventKind::Held { reason } => matches!(reason, HoldReason::OutcomeUnknown { .. }),
        _ => false,
    };
    let asked = evidence.jobs.iter().filter(|record| fine && record.events.iter().any(unknown));
    asked.map(|record| Broken { promise: 4, how: format!("{} was in doubt for nothing", record.job.key) }).collect()
}

/// With the dead letters lies what no worker could deal with since a store was down or the workers died, and nothing else: a
/// refusal, a guard, a broken setting are outcomes.
fn only_the_undeliverable_is_dead(memory: &Memory) -> Vec<Broken> {
    let letters = DeadLetterQueue::ALL.into_iter().flat_map(|queue| memory.queues().letters(queue));
    let wrong = letters.filter(|letter| letter.told.error.as_ref().is_some_and(|error| !error.ends_with(NO_ANSWER)));
    wrong
        .map(|letter| Broken { promise: 4, how: format!("a dead letter about business: {:?}", letter.told.error) })
        .collect()
}

/// The money: each of our invoices amounts to what its agreement amounted to when it was made.
fn amounts_agree(platform: &Platform<'_>, evidence: &Evidence) -> Vec<Broken> {
    let ours = evidence
        .effects()
        .filter(|(entry, effect)| entry.actor == Actor::App && effect.kind == EffectKind::InvoiceCreated);
    ours.filter_map(|(entry, effect)| {
        let tenant: TenantId = format!("fortnox-{}", entry.tenant?).parse().ok()?;
        let agreement = u32::try_from(effect.contract?).ok()?;
        let model = platform.amounts.at(&tenant, agreement, entry.at);
        let same = model.is_some_and(|model| Some(model.amount) == effect.total);
        (!same).then(|| Broken {
            promise: 1,
            how: format!("invoice {:?} amounts to {:?}, not to {model:?}", effect.invoice, effect.total),
        })
    })
    .collect()
}

/// In the end everything is done or said to be.
fn nobody_waits(platform: &Platform<'_>, plan: &Plan, broken: &mut Vec<Broken>) {
    let jobs = platform.memory.journal().jobs();
    let waiting = jobs.iter().filter(|job| job.needs_person());
    let waiting =
        waiting.map(|job| format!("{} still waits although everything was answered: {:?}", job.key, job.state));
    broken.extend(waiting.map(|how| Broken { promise: 4, how }));
    for tenant in &plan.tenants {
        for (subject, concern) in platform.memory.journal().concerns_of(&tenant.tenant()) {
            let how = format!("{} {subject:?} still needs a person: {}", tenant.tenant(), concern.reason);
            broken.push(Broken { promise: 4, how });
        }
    }
}

fn script(memory: &Memory, plan: &Plan) {
    let faults = memory.faults();
    faults.take_time(plan.seed);
    for trouble in &plan.troubles {
        match trouble {
            Trouble::Fault { call, nth, fault, .. } => faults.at(*call, *nth, fault.clone()),
            Trouble::Storm { after, lasts, one_in, faults: kinds, seed } => {
                let from = plan.start + *after;
                let (to, faults_) = (from + *lasts, kinds.clone());
                faults.storm(Storm { from, to, one_in: *one_in, faults: faults_, seed: *seed });
            }
            Trouble::Deed { .. } => {}
        }
    }
}

fn tenants(plan: &Plan) -> Vec<TenantId> {
    plan.tenants.iter().map(crate::plan::TenantPlan::tenant).collect()
}
