//! SIGKILL at many moments of a run: the promises hold, and every job ends.

use std::{cell::Cell, collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use domain::job::JobState;
use fortnox_sim::{Actor, CompanyFile, EffectKind, Method};
use serde_json::json;
use stage::tenant_of;

use crate::{
    company::{company, profile},
    scene::Scene,
};

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
    killed_at(name, company(number, AGREEMENTS), "ses_email", functions).await;
}

/// The same with the invoices going out by `channel`.
async fn killed_at(name: &str, company: CompanyFile, channel: &str, functions: &[&str]) {
    let tenant = tenant_of(&company);
    let mut scene = Scene::open(name, vec![company]).await;
    scene.set(&tenant, "profile", &profile(&json!({"channel": channel})));
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
    scene.catch_up().await;

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

/// A company that the invoice service serves, and whose customers' cards name every way of Fortnox's in turn.
fn served(number: u64) -> CompanyFile {
    let mut company = company(number, AGREEMENTS);
    company.company.registered_for_print_service = true;
    company.company.has_invoice_service = true;
    company.access.scopes.push("noxfinansinvoice".to_owned());
    let words = ["EMAIL", "ELECTRONICINVOICE", "PRINTSERVICE"];
    for (customer, word) in company.customers.iter_mut().zip(words.into_iter().cycle()) {
        customer.insert("GLN".to_owned(), json!("7300000000000"));
        customer.insert("DefaultDeliveryTypes".to_owned(), json!({"Invoice": word}));
    }
    company
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_killed_again_and_again_hand_each_invoice_over_once() {
    let functions = ["BookFunction", "MailFunction", "MailFunction"];
    killed_at("killed_service", served(6003), "fortnox_invoice_service", &functions).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_killed_again_and_again_deliver_by_the_customers_card_once() {
    let functions = ["BookFunction", "MailFunction", "MailFunction"];
    killed_at("killed_by_card", served(6004), "customer_default", &functions).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_killed_again_and_again_changes_each_price_once() {
    let company = company(6005, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("killed_prices", vec![company]).await;
    let follows = json!({"mode": "draft_only", "auto_book": false, "channel": "none", "price_sync": "follow"});
    scene.set(&tenant, "profile", &profile(&follows));
    scene.first_day().await;
    scene.wait(TimeDelta::minutes(40)).await;
    scene.stage.by_hand(&tenant, Method::Put, "/3/prices/A/1/0", &json!({"Price": {"Price": 1100}})).unwrap();
    // A comparison that was killed is gone on with once its lease has ended.
    let looks = async {
        for _ in 0..40 {
            scene.wait(TimeDelta::minutes(3)).await;
        }
    };
    let killed = Cell::new(0);
    tokio::select! {
        () = looks => {}
        () = kill_again_and_again(&scene, &["PricesFunction"], &killed) => {}
    }
    assert!(killed.get() > KILLS / 4, "only {} processes were there to be killed", killed.get());
    scene.stage.settle().await.unwrap();
    for _ in 0..10 {
        scene.wait(TimeDelta::minutes(6)).await;
    }
    let evidence = scene.close_with_dead_letters();
    let own = evidence.effects().filter(|(entry, _)| {
        entry.tenant == Some(tenant.number()) && entry.actor == Actor::App && !entry.path.ends_with("createinvoice")
    });
    let mut changed: BTreeMap<(bool, Option<u64>), usize> = BTreeMap::new();
    for (_, effect) in own {
        let number = match effect.kind {
            EffectKind::ContractChanged => effect.contract,
            EffectKind::InvoiceChanged => effect.invoice,
            _ => continue,
        };
        *changed.entry((effect.kind == EffectKind::ContractChanged, number)).or_default() += 1;
    }
    assert_eq!(changed.len(), 2 * AGREEMENTS, "each agreement and each invoice: {changed:?}");
    assert!(changed.values().all(|times| *times == 1), "{changed:?}");
}
