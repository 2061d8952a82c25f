//! A service that is down when it's needed, with its connections refused: nothing was done, so nobody is asked, and all of
//! it is made up for once the service is there again.

use std::time::Duration;

use domain::job::JobState;
use stage::{Fronts, Mischief, Service, tenant_of};

use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

const AGREEMENTS: usize = 2;
/// Heartbeats that find the service down.
const BEATS_DOWN: usize = 2;
/// Heartbeats that are more than enough afterwards: what was looked at in vain is looked at more and more seldom.
const BEATS_AFTER: usize = 12;

async fn down_and_back(name: &str, number: u64, service: Service) {
    let company = company(number, AGREEMENTS);
    let tenant = tenant_of(&company);
    let (calm, _) = Mischief::new(0);
    let fronts = Fronts::open(&calm).await.unwrap();
    let mut scene = Scene::open_behind(name, vec![company], &fronts, |options| {
        options.retry_after = Duration::ZERO;
        // What was written before the outage is read from a file after it.
        options.keep = true;
    })
    .await;
    scene.begin("2026-01-01".parse().unwrap());
    service.go_down(&scene.stage, &fronts).await.unwrap();
    for _ in 0..BEATS_DOWN {
        scene.beat().await;
    }
    let evidence = scene.evidence();
    assert!(evidence.jobs.iter().all(|record| record.job.state == JobState::Working), "somebody is asked");
    assert_eq!(evidence.mails.len(), 0);
    service.come_back(&scene.stage, &fronts).await.unwrap();
    for _ in 0..BEATS_AFTER {
        scene.beat().await;
    }
    // A message that no worker could do anything with is among the dead letters; the heartbeat found its job.
    assert_all_done(&scene.close_with_dead_letters(), &tenant, AGREEMENTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn fortnox_is_down() {
    down_and_back("fortnox_down", 8501, Service::Fortnox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_are_down() {
    down_and_back("tables_down", 8502, Service::DynamoDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queues_are_down() {
    down_and_back("queues_down", 8503, Service::Sqs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_service_is_down() {
    down_and_back("mails_down", 8504, Service::Ses).await;
}
