//! SIGKILL at many moments of a run: the promises hold, and every job ends.

use std::{cell::Cell, time::Duration};

use domain::job::JobState;
use fortnox_sim::EffectKind;
use stage::tenant_of;

use crate::{company::company, scene::Scene};

const AGREEMENTS: usize = 14;
/// Kills in a run.
const KILLS: usize = 20;
/// Fortnox sees this many more calls between two kills. It's no divisor of an invoice's seven calls, so the kills wander
/// through all of them.
const CALLS_BETWEEN: usize = 4;
/// How often the ledger's length is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// Kills a process each time Fortnox has seen some calls more.
async fn kill_again_and_again(scene: &Scene, functions: &[&str], killed: &Cell<usize>) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    let calls = || scene.stage.simulator.with_world(|world| world.ledger().len());
    let mut next = calls() + 2;
    for function in functions.iter().cycle().take(KILLS) {
        while calls() < next {
            look.tick().await;
        }
        let hit = scene.stage.cloud.kill_one(function).unwrap().is_some();
        killed.set(killed.get() + usize::from(hit));
        next = calls() + CALLS_BETWEEN;
    }
}

async fn killed(name: &str, number: u64, functions: &[&str]) {
    let company = company(number, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open(name, vec![company]).await;
    let beats = async {
        for minute in [0, 5, 10, 15] {
            let instant = format!("2026-01-01T05:{minute:02}:00Z");
            // A tick that is killed each time it's tried is caught up by the next.
            scene.stage.cloud.advance_to(instant.parse().unwrap()).await.unwrap();
            scene.stage.settle().await.unwrap();
        }
    };
    let killed = Cell::new(0);
    tokio::select! {
        () = beats => {}
        () = kill_again_and_again(&scene, functions, &killed) => {}
    }
    assert!(killed.get() > KILLS / 2, "only {} processes were there to be killed", killed.get());
    scene.stage.settle().await.unwrap();
    scene.first_day().await;
    scene.until_all_jobs_rest().await;

    // A message whose worker was killed at every try may be among the dead letters: the heartbeat finds its job.
    let evidence = scene.close_with_dead_letters();
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceCreated), AGREEMENTS);
    assert_eq!(evidence.count_of(&tenant, EffectKind::InvoiceBooked), AGREEMENTS);
    assert_eq!(evidence.jobs.len(), AGREEMENTS);
    for record in &evidence.jobs {
        let state = &record.job.state;
        // Whether a mail went out whose worker died can't be found out, so a person is asked.
        let ended = matches!(state, JobState::Done { .. })
            || matches!(state, JobState::Held { reason, .. } if reason.code() == "outcome_unknown");
        assert!(ended, "{}: {state:?}", record.job.key);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_killed_again_and_again_make_each_invoice_once() {
    killed("killed_workers", 6001, &["BookFunction", "MailFunction"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_functions_killed_again_and_again_make_each_invoice_once() {
    killed("killed_all", 6002, &["ScanFunction", "BookFunction", "BookFunction", "MailFunction"]).await;
}
