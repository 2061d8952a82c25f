//! Workers die and answers get lost while finished drafts are booked: each is booked once and mailed at most once.
//!
//! A message that was in a dying worker's hand at every try lies with the dead letters, and a job that was tried too often
//! waits: a person sends the one back and has the other tried again, as they are asked to.

#![expect(clippy::print_stdout, reason = "the seed and what it led to, for whoever repeats a trial")]

use std::{collections::BTreeMap, time::Duration};

use domain::{hold::HoldReason, ids::TenantId, job::JobState, signal::SignalSecret};
use economic_sim::EffectKind;
use stage::{Evidence, Fronts, Mischief, Odds, economic_tenant, promises};
use workflow::{
    approve,
    dead_letters::{DeadLetterQueue, redrive_all},
};

use crate::{
    dane::{bookings, dane, is_complete, job_of},
    scene::Scene,
};

const DRAFTS: u64 = 40;
/// Heartbeats with trouble: time for all that was killed to be taken up, and killed again.
const TROUBLED_BEATS: usize = 10;
/// Heartbeats without, within which every job rests. After 50 minutes e-conomic's own memory of a booking isn't asked any more.
const CALM_BEATS: usize = 40;
/// An integration says it again until it's heard.
const MOST_TRIES: usize = 50;
const PERSON: &str = "maja";
/// Where messages may lie that a draft still needs.
const QUEUES: [DeadLetterQueue; 4] =
    [DeadLetterQueue::Sweep, DeadLetterQueue::Booking, DeadLetterQueue::Delivery, DeadLetterQueue::Feedback];

async fn say_until_heard(scene: &Scene, tenant: &TenantId, secret: &SignalSecret, draft: u64) {
    for _ in 0..MOST_TRIES {
        let answer = scene.stage.signal(tenant, &draft.to_string(), secret).await;
        if answer.is_ok_and(|answer| answer.status == 202) {
            return;
        }
    }
    panic!("draft {draft}: the signal was never heard");
}

/// Hands out again what is in hand, every few calls.
async fn redeliver(scene: &Scene, mischief: &Mischief) {
    loop {
        mischief.after_calls(20 + mischief.below(40)).await;
        scene.stage.cloud.redeliver().await;
    }
}

/// Until every job rests.
async fn calm_down(scene: &Scene) {
    for _ in 0..CALM_BEATS {
        scene.beat().await;
        if scene.evidence().jobs.iter().all(|record| record.job.state != JobState::Working) {
            break;
        }
    }
}

/// Does what the program asks a person for, but for what may have left and nobody can know of. Tells how much it was.
async fn do_as_asked(scene: &Scene) -> usize {
    let operator = scene.stage.operator().unwrap();
    let mut done = 0;
    for queue in QUEUES {
        let all = redrive_all(&operator, operator.letters(), PERSON, queue).await.unwrap();
        assert!(all.refused.is_empty() && all.stopped.is_none(), "{all:?}");
        done += all.redriven.len();
    }
    for record in scene.evidence().jobs {
        if matches!(&record.job.state, JobState::Held { reason: HoldReason::TooManyAttempts { .. }, .. }) {
            approve(&operator, &record.job.key, PERSON).await.unwrap();
            done += 1;
        }
    }
    done
}

fn assert_once(evidence: &Evidence, tenant: &TenantId) {
    for draft in 1..=DRAFTS {
        assert!(bookings(evidence, tenant, draft).len() <= 1, "draft {draft} was booked twice");
    }
    let mut mails: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in &evidence.mails {
        *mails.entry(mail.invoice.as_str()).or_default() += 1;
    }
    assert!(mails.values().all(|count| *count == 1), "{mails:?}");
    assert_eq!(promises::check_so_far(evidence), []);
}

async fn survives(name: &str, number: u64, seed: u64, odds: Odds) {
    let (mischief, killer) = Mischief::new(seed);
    let fronts = Fronts::open(&mischief).await.unwrap();
    let company = dane(number, DRAFTS);
    let tenant = economic_tenant(&company);
    let scene = Scene::open_behind(name, vec![company], &fronts, |options| options.retry_after = Duration::ZERO).await;
    let crm = scene.integration(&tenant);
    let troubled = async {
        mischief.set(odds);
        for draft in 1..=DRAFTS {
            say_until_heard(&scene, &tenant, &crm, draft).await;
        }
        scene.stage.cloud.idle().await.unwrap();
        for _ in 0..TROUBLED_BEATS {
            scene.beat().await;
        }
    };
    tokio::select! {
        () = troubled => {}
        () = redeliver(&scene, &mischief) => {}
        ended = killer.go_about(&scene.stage.cloud) => panic!("the killer gave up: {ended:?}"),
    }
    mischief.rest();
    let harm = mischief.harm();
    println!("{name}, seed {seed}: {harm:?}");
    assert!(harm.kills + harm.cuts >= 20, "{harm:?}");
    assert_once(&scene.evidence(), &tenant);
    calm_down(&scene).await;
    println!("{name}: the person did {} things", do_as_asked(&scene).await);
    calm_down(&scene).await;
    assert_eq!(do_as_asked(&scene).await, 0, "nothing is left to do");

    let evidence = scene.close_with_dead_letters();
    assert_once(&evidence, &tenant);
    let mut complete = 0;
    for draft in 1..=DRAFTS {
        let record = job_of(&evidence, &tenant, draft);
        if is_complete(&record) {
            assert_eq!(bookings(&evidence, &tenant, draft).len(), 1, "draft {draft}");
            complete += 1;
            continue;
        }
        // Whether a mail left whose worker died can't be found out, so a person is asked.
        let unknown = matches!(&record.job.state, JobState::Held { reason: HoldReason::OutcomeUnknown { .. }, .. });
        assert!(unknown, "draft {draft}: {:#?}", record.job.state);
    }
    let booked = evidence.count_economic(EffectKind::InvoiceBooked);
    println!("{name}: {booked} booked, {} mailed, {complete} of {DRAFTS} complete", evidence.mails.len());
    assert_eq!(booked, usize::try_from(DRAFTS).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_killed_wherever_a_call_may_be() {
    Box::pin(survives("chaos_drafts_kills", 7201, 1, Odds { kill: 50, kill_after_effect: 6, ..Odds::default() })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_before_and_after_the_booking() {
    Box::pin(survives("chaos_drafts_cuts", 7202, 2, Odds { cut: 20, cut_after_effect: 4, ..Odds::default() })).await;
}
