//! Messages that nobody can read end with the dead letters of their queue, and take nothing with them.

use std::collections::BTreeMap;

use stage::tenant_of;

use crate::{
    company::company,
    scene::{Scene, assert_all_done},
};

const AGREEMENTS: usize = 5;

/// For each queue a message that can't be decoded, and one of a version that isn't known (yet).
const UNREADABLE: [(&str, &str, [&str; 2]); 3] = [
    ("ScanQueue", "ScanDeadLetters", ["not json", r#"{"kind":"scan_tenant.v9","tenant":"fortnox-9001"}"#]),
    (
        "BookingQueue",
        "BookingDeadLetters",
        [r#"{"kind":"book.v1"}"#, r#"{"kind":"book.v9","job":"fortnox-9001:1:2026-01-01"}"#],
    ),
    ("DeliveryQueue", "DeliveryDeadLetters", ["", r#"{"kind":"deliver.v2","job":"fortnox-9001:1:2026-01-01"}"#]),
];

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_messages_end_in_their_queues_dead_letters_and_the_others_of_the_batch_are_done() {
    let company = company(9001, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open_tuned("unreadable", vec![company], |options| {
        // Back at once: five tries take no time.
        options.retry_after = std::time::Duration::ZERO;
    })
    .await;
    for (queue, _, bodies) in UNREADABLE {
        // SQS takes no empty message; a blank one is as unreadable.
        for body in bodies {
            scene.stage.cloud.send(queue, if body.is_empty() { " " } else { body }).await.unwrap();
        }
    }
    scene.first_day().await;

    let mut dead = scene.stage.dead_letters().await.unwrap();
    for bodies in dead.values_mut() {
        bodies.sort();
    }
    let mut expected: BTreeMap<String, Vec<String>> = UNREADABLE
        .iter()
        .map(|(_, letters, bodies)| {
            let bodies = bodies.map(|body| if body.is_empty() { " " } else { body }.to_owned());
            ((*letters).to_owned(), bodies.into())
        })
        .collect();
    for bodies in expected.values_mut() {
        bodies.sort();
    }
    assert_eq!(dead, expected);
    assert_all_done(&scene.close_with_dead_letters(), &tenant, AGREEMENTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_day_is_caught_up_by_the_next() {
    let company = company(9002, AGREEMENTS);
    let tenant = tenant_of(&company);
    let mut scene = Scene::open("missed_days", vec![company]).await;
    scene.first_day().await;
    // No heartbeat from here to the third of February.
    scene.day("2026-02-03").await;
    assert_all_done(&scene.close().await, &tenant, 2 * AGREEMENTS);
}
