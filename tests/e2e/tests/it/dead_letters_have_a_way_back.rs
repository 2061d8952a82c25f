//! What no worker could deal with lies in its dead letters with the real reason; a person sees it there, sends it back or
//! throws it away, and the journal tells who did.
//!
//! What lies where is asked of SQS itself, and what came of it of Fortnox and the mails. The person uses the program's code.

mod door;

use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use domain::ids::TenantId;
use fortnox_sim::{EffectKind, FaultKind};
use local::Options;
use serde_json::Value;
use stage::{Operator, letters_name, tenant_of};
use workflow::dead_letters::{
    Acted, Content, DeadLetter, DeadLetterQueue, Deed, NOBODY_LIVED, RedriveError, discard, list, redrive, redrive_all,
};

use self::door::Door;
use crate::{
    company::{company, root},
    scene::{Scene, assert_all_done},
};

/// Tries of a message, so that no test waits for the usual five.
const TRIES: u32 = 2;
/// The instant of the first day's first heartbeat.
const FIRST_BEAT: &str = "2026-01-01T05:05:00Z";
/// More letters than any of these tests has.
const ALL: usize = 100;

/// Two tries, one right after the other.
fn hurried(options: &mut Options) {
    options.retry_after = Duration::ZERO;
    options.parameters.insert("MaxReceiveCount".to_owned(), TRIES.to_string());
}

async fn first_beat(scene: &Scene) {
    scene.stage.advance_to(FIRST_BEAT.parse().unwrap()).await.unwrap();
}

/// The letters of a queue as SQS has them.
async fn in_sqs(scene: &Scene, queue: DeadLetterQueue) -> Vec<Value> {
    scene.stage.cloud.messages(letters_name(queue)).await.unwrap()
}

/// An attribute's value, as SQS has it.
fn attribute<'a>(message: &'a Value, name: &str) -> &'a str {
    message["MessageAttributes"][name]["StringValue"].as_str().unwrap_or_default()
}

async fn listed(operator: &Operator) -> Vec<DeadLetter> {
    let listing = list(operator.letters(), None, ALL).await.unwrap();
    assert_eq!(listing.more, 0);
    listing.letters
}

/// What people did, as the journal table has it: who, what, where, with which text, and whether it was done.
fn deeds(scene: &Scene) -> Vec<(String, Deed, DeadLetterQueue, String, bool)> {
    let deeds = scene.evidence().deeds.into_iter();
    deeds.map(|deed| (deed.by, deed.deed, deed.queue, deed.body, deed.done)).collect()
}

/// On each queue a message that this version can't read. The mark is to be seen in no log.
const MARK: &str = "hemligt@kund.example";
const UNREADABLE: [(&str, DeadLetterQueue, &str); 4] = [
    ("ScanQueue", DeadLetterQueue::Scan, r#"{"kind":"hemligt@kund.example"}"#),
    ("BookingQueue", DeadLetterQueue::Booking, r#"{"kind":"book.v1","job":"hemligt@kund.example"}"#),
    ("DeliveryQueue", DeadLetterQueue::Delivery, r#"{"kind":"deliver.v1","to":"hemligt@kund.example"}"#),
    ("SweepQueue", DeadLetterQueue::Sweep, r#"{"kind":"sweep_draft.v1","tenant":"hemligt@kund.example"}"#),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_message_says_why_is_not_sent_back_and_is_discarded_by_name() {
    let company = company(9101, 1);
    let tenant = tenant_of(&company);
    let scene = Scene::open_tuned("letters_unreadable", vec![company], hurried).await;
    for (queue, _, body) in UNREADABLE {
        scene.stage.cloud.send(queue, body).await.unwrap();
    }
    first_beat(&scene).await;

    let operator = scene.stage.operator().unwrap();
    let letters = listed(&operator).await;
    assert_eq!(letters.len(), UNREADABLE.len(), "{letters:?}");
    for (letter, (_, queue, body)) in letters.iter().zip(UNREADABLE) {
        let [message] = &in_sqs(&scene, queue).await[..] else { panic!("one letter in {queue}") };
        let words = serde_json_says(queue, body);
        assert_eq!(message["Body"], body);
        assert_eq!(attribute(message, "error"), format!("the message can't be read: {words}"));
        assert_eq!((attribute(message, "tries"), attribute(message, "source_queue")), ("2", queue.as_str()));

        assert_eq!((letter.queue, letter.body.as_str(), letter.why()), (queue, body, attribute(message, "error")));
        assert_eq!(letter.told.tries, Some(TRIES));
        assert!(letter.told.first_sent_at.is_some() && letter.told.first_sent_at <= letter.told.arrived_at);
        assert!(matches!(letter.content, Content::Unreadable { .. }), "{letter:?}");

        let back = redrive(&operator, operator.letters(), "anna", queue, &letter.id).await;
        assert!(matches!(back, Err(RedriveError::Unreadable { .. })), "{back:?}");
        assert_eq!(in_sqs(&scene, queue).await.len(), 1, "it's still there");
        let gone = discard(&operator, operator.letters(), "bo", queue, &letter.id).await.unwrap();
        assert_eq!(gone, Acted::Done(Box::new(letter.clone())));
        assert_eq!(in_sqs(&scene, queue).await, [Value::Null; 0]);
    }
    let expected = UNREADABLE.map(|(_, queue, body)| ("bo".to_owned(), Deed::Discard, queue, body.to_owned(), true));
    assert_eq!(deeds(&scene), expected);
    let logs = scene.stage.state().join("logs");
    let evidence = scene.close().await;
    assert_eq!(evidence.secrets_in_logs(&logs, &[MARK]).unwrap(), [""; 0]);
    assert_ne!(evidence.secrets_in_logs(&logs, &["given up: the dead letters say why"]).unwrap(), [""; 0]);
    assert_all_done(&evidence, &tenant, 1);
}

/// What serde says of a text, found out here and not taken from the letter.
fn serde_json_says(queue: DeadLetterQueue, body: &str) -> String {
    queue.source().unwrap().read(body).unwrap_err().to_string()
}

/// The template with another DynamoDB for the function `mail`.
fn with_mail_behind(door: &Door, name: &str) -> PathBuf {
    const BEFORE: &str = "          DEAD_LETTERS_URL: !Ref DeliveryDeadLetters\n";
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    assert_eq!(template.matches(BEFORE).count(), 1, "the function's own variables are elsewhere now");
    let endpoint = format!("          AWS_ENDPOINT_URL_DYNAMODB: {}\n", door.url());
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.yaml"));
    std::fs::write(&file, template.replace(BEFORE, &format!("{BEFORE}{endpoint}"))).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_whose_store_is_down_at_every_try_name_it_and_are_worked_off_once_sent_back() {
    const AGREEMENTS: usize = 3;
    let company = company(9102, AGREEMENTS);
    let tenant = tenant_of(&company);
    let door = Door::shut().await;
    let template = with_mail_behind(&door, "letters_store_down");
    let tune = |options: &mut Options| {
        hurried(options);
        options.template = template;
    };
    let scene = Scene::open_tuned("letters_store_down", vec![company], tune).await;
    first_beat(&scene).await;

    let mailed = |scene: &Scene| scene.evidence().mails_of(&tenant).count();
    assert_eq!(scene.evidence().count_of(&tenant, EffectKind::InvoiceBooked), AGREEMENTS);
    assert_eq!(mailed(&scene), 0);
    let queue = DeadLetterQueue::Delivery;
    let messages = in_sqs(&scene, queue).await;
    assert_eq!(messages.len(), AGREEMENTS);
    for message in &messages {
        let error = attribute(message, "error");
        assert!(error.starts_with("claiming a job: dispatch failure: "), "{error}");
        assert_eq!(attribute(message, "tries"), TRIES.to_string());
    }
    let operator = scene.stage.operator().unwrap();
    let letters = listed(&operator).await;
    assert_eq!(letters.len(), AGREEMENTS);
    assert!(letters.iter().all(|letter| letter.what_it_means().contains("without risk")), "{letters:?}");

    door.open(scene.stage.cloud.dynamodb_url());
    let one = redrive(&operator, operator.letters(), "anna", queue, &letters[0].id).await.unwrap();
    assert!(matches!(one, Acted::Done(_)));
    scene.stage.settle().await.unwrap();
    assert_eq!((mailed(&scene), in_sqs(&scene, queue).await.len()), (1, AGREEMENTS - 1));
    let late = redrive(&operator, operator.letters(), "bo", queue, &letters[0].id).await.unwrap();
    assert_eq!(late, Acted::AlreadyGone);

    let all = redrive_all(&operator, operator.letters(), "bo", queue).await.unwrap();
    assert_eq!((all.redriven.len(), all.refused.len(), all.stopped.is_none()), (AGREEMENTS - 1, 0, true));
    scene.stage.settle().await.unwrap();
    let done: Vec<_> = deeds(&scene).into_iter().map(|(by, deed, _, _, done)| (by, deed, done)).collect();
    let deed = |by: &str| (by.to_owned(), Deed::Redrive, true);
    assert_eq!(done, [deed("anna"), deed("bo"), deed("bo")]);
    assert_all_done(&scene.close().await, &tenant, AGREEMENTS);
}

/// Kills the function's process each time Fortnox has been asked for the agreements once more.
async fn kill_at_every_try(scene: &Scene, tenant: &TenantId) {
    let mut look = tokio::time::interval(Duration::from_millis(1));
    let asked = || {
        let of = |entry: &&fortnox_sim::LedgerEntry| {
            entry.tenant == Some(tenant.number()) && entry.path.trim_end_matches('/').ends_with("/contracts")
        };
        scene.stage.simulator.with_world(|world| world.ledger().iter().filter(of).count())
    };
    let busy = || scene.stage.cloud.processes("ScanFunction").unwrap().iter().filter(|process| process.busy).count();
    for try_ in 1..=TRIES as usize {
        // The tick that sent the message may still be at work: it's not the one to be killed.
        while asked() < try_ || busy() > 1 {
            look.tick().await;
        }
        scene.stage.cloud.kill_one("ScanFunction").unwrap().expect("a worker that waits for Fortnox");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_worker_was_killed_at_every_try_says_that_nobody_lived_and_can_be_sent_back() {
    let company = company(9103, 2);
    let tenant = tenant_of(&company);
    let scene = Scene::open_tuned("letters_killed", vec![company], hurried).await;
    // Nobody answers: the worker waits until it's killed.
    scene.faults(&tenant, "/contracts", FaultKind::TimeoutBeforeEffect, TRIES);
    tokio::join!(first_beat(&scene), kill_at_every_try(&scene, &tenant));

    let queue = DeadLetterQueue::Scan;
    let [message] = &in_sqs(&scene, queue).await[..] else { panic!("one letter") };
    assert_eq!(message["MessageAttributes"], Value::Null);
    let operator = scene.stage.operator().unwrap();
    let [letter] = &listed(&operator).await[..] else { panic!("one letter") };
    assert_eq!(
        (letter.queue, letter.why(), letter.id.as_str()),
        (queue, NOBODY_LIVED, message["MessageId"].as_str().unwrap())
    );
    assert_eq!(scene.evidence().count_of(&tenant, EffectKind::InvoiceCreated), 0);

    redrive(&operator, operator.letters(), "anna", queue, &letter.id).await.unwrap();
    scene.stage.settle().await.unwrap();
    assert_all_done(&scene.close().await, &tenant, 2);
}

/// As the letter says: nobody has to do anything.
#[tokio::test(flavor = "multi_thread")]
async fn what_lies_with_the_dead_letters_is_found_by_the_heartbeat_anyway() {
    let company = company(9104, 1);
    let tenant = tenant_of(&company);
    let scene = Scene::open_tuned("letters_left_alone", vec![company], hurried).await;
    scene.faults(&tenant, "/contracts", FaultKind::TimeoutBeforeEffect, TRIES);
    tokio::join!(first_beat(&scene), kill_at_every_try(&scene, &tenant));
    assert_eq!(in_sqs(&scene, DeadLetterQueue::Scan).await.len(), 1);

    scene.wait(TimeDelta::minutes(20)).await;
    scene.until_all_jobs_rest().await;
    let operator = scene.stage.operator().unwrap();
    let all = redrive_all(&operator, operator.letters(), "anna", DeadLetterQueue::Scan).await.unwrap();
    assert_eq!(all.redriven.len(), 1, "too late, and no harm");
    scene.stage.settle().await.unwrap();
    assert_all_done(&scene.close().await, &tenant, 1);
}
