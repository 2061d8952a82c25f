//! The local cloud with a real function binary, the example `probe`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use local::{Binaries, Emulator, InvokeError, LocalCloud, Options, control};
use serde_json::{Value, json};

/// Longest a test may wait for anything, on a machine that compiles something else meanwhile.
const PATIENCE: Duration = Duration::from_mins(2);

/// `cargo test` builds examples next to the folder of the tests.
fn binaries() -> Binaries {
    let tests = std::env::current_exe().unwrap();
    let probe = tests.ancestors().nth(2).unwrap().join("examples/probe");
    assert!(
        probe.is_file(),
        "build it with `cargo build -p local --example probe`, or test without a target selection"
    );
    BTreeMap::from([("probe".to_owned(), probe)])
}

fn options(test: &str) -> Options {
    let state = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    if state.exists() {
        std::fs::remove_dir_all(&state).unwrap();
    }
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/probe.yaml");
    Options { retry_after: Duration::ZERO, ..Options::new(template, binaries(), state) }
}

async fn start(test: &str) -> LocalCloud {
    LocalCloud::start(options(test)).await.unwrap()
}

async fn send(cloud: &LocalCloud, queue: &str, order: &str, id: &str) {
    cloud.send(queue, &json!({"do": order, "id": id}).to_string()).await.unwrap();
}

async fn idle(cloud: &LocalCloud) {
    tokio::time::timeout(PATIENCE, cloud.idle()).await.expect("the cloud did not become idle").unwrap();
}

/// How often the order with this id was carried out.
fn times(cloud: &LocalCloud, id: &str) -> i64 {
    let items = cloud.scan_table("ProbeTable").unwrap();
    items.iter().find(|item| item["id"] == id).map_or(0, |item| item["times"].as_i64().unwrap())
}

fn ids(bodies: &[String]) -> Vec<Value> {
    bodies.iter().map(|body| serde_json::from_str::<Value>(body).unwrap()["id"].take()).collect()
}

#[tokio::test]
async fn only_the_failed_message_of_a_batch_comes_back_and_then_goes_to_the_dead_letters() {
    let cloud = start("partial").await;
    for (order, id) in [("count", "one"), ("fail", "two"), ("count", "three")] {
        send(&cloud, "ProbeQueue", order, id).await;
    }
    idle(&cloud).await;
    assert_eq!((times(&cloud, "one"), times(&cloud, "two"), times(&cloud, "three")), (1, 2, 1));
    assert_eq!(ids(&cloud.dead_letters("ProbeDeadLetters").await.unwrap()), ["two"]);
    // Looking does not take them out.
    assert_eq!(ids(&cloud.dead_letters("ProbeDeadLetters").await.unwrap()), ["two"]);
}

#[tokio::test]
async fn an_invocation_that_takes_too_long_is_killed_and_its_message_given_up() {
    let cloud = start("timeout").await;
    send(&cloud, "HastyQueue", "hang", "slow").await;
    idle(&cloud).await;
    assert_eq!(ids(&cloud.dead_letters("HastyDeadLetters").await.unwrap()), ["slow"]);
    assert_eq!(cloud.processes("HastyFunction").unwrap(), []);
    let error = cloud.invoke("HastyFunction", &json!({"do": "hang", "id": "direct"})).await.unwrap_err();
    assert!(matches!(error, InvokeError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_killed_process_loses_no_message() {
    let cloud = start("killed").await;
    send(&cloud, "ProbeQueue", "hang once", "held").await;
    let victim = tokio::time::timeout(PATIENCE, async {
        // The order counts itself before it hangs.
        while times(&cloud, "held") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cloud.kill_one("ProbeFunction").unwrap().unwrap()
    })
    .await
    .unwrap();
    idle(&cloud).await;
    assert_eq!(times(&cloud, "held"), 2);
    assert_eq!(cloud.dead_letters("ProbeDeadLetters").await.unwrap(), [""; 0]);
    assert!(cloud.processes("ProbeFunction").unwrap().iter().all(|process| process.pid != victim));
}

/// Waits until the order with this id was begun so often.
async fn begun(cloud: &LocalCloud, id: &str, wanted: i64) {
    let begun = async {
        while times(cloud, id) < wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.unwrap();
}

#[tokio::test]
async fn what_is_in_hand_can_be_handed_out_again_and_only_a_death_at_work_counts() {
    let cloud = start("again").await;
    assert_eq!(cloud.redeliver().await, 0);
    send(&cloud, "ProbeQueue", "hang once", "twice").await;
    begun(&cloud, "twice", 1).await;
    assert_eq!(cloud.redeliver().await, 1);
    begun(&cloud, "twice", 2).await;
    // The second counts before it answers; only the first hangs on it.
    let busy = || cloud.processes("ProbeFunction").unwrap().iter().filter(|process| process.busy).count();
    let answered = async {
        while busy() > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, answered).await.unwrap();
    assert_eq!(cloud.kill_at_work("ProbeFunction").await.unwrap(), 1);
    idle(&cloud).await;
    assert_eq!(cloud.kill_at_work("ProbeFunction").await.unwrap(), 0, "the other one is idle");
    assert_eq!(times(&cloud, "twice"), 2);
}

#[tokio::test]
async fn emulators_come_back_on_their_ports_with_what_they_had() {
    let cloud = LocalCloud::start(Options { keep: true, ..options("outage") }).await.unwrap();
    let count = json!({"do": "count", "id": "kept"});
    cloud.invoke("ProbeFunction", &count).await.unwrap();
    let urls = [cloud.dynamodb_url(), cloud.sqs_url(), cloud.ses_url()];
    for (which, url) in [Emulator::DynamoDb, Emulator::Sqs, Emulator::Ses].into_iter().zip(urls) {
        let address = url.trim_start_matches("http://");
        cloud.stop_emulator(which).await.unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "{which:?} is down");
        cloud.restart_emulator(which).await.unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_ok(), "{which:?} is back");
    }
    cloud.invoke("ProbeFunction", &count).await.unwrap();
    assert_eq!(times(&cloud, "kept"), 2);
}

#[tokio::test]
async fn a_process_that_ends_by_itself_fails_its_invocation_and_is_started_anew() {
    let cloud = start("died").await;
    let error = cloud.invoke("ProbeFunction", &json!({"do": "die", "id": "x"})).await.unwrap_err();
    assert!(matches!(error, InvokeError::Died { .. }), "{error}");
    cloud.invoke("ProbeFunction", &json!({"do": "count", "id": "y"})).await.unwrap();
    let first = cloud.processes("ProbeFunction").unwrap();
    cloud.invoke("ProbeFunction", &json!({"do": "count", "id": "y"})).await.unwrap();
    assert_eq!(cloud.processes("ProbeFunction").unwrap(), first, "a warm process is used again");
    let error = cloud.invoke("ProbeFunction", &json!({"do": "fail", "id": "z"})).await.unwrap_err();
    assert!(matches!(error, InvokeError::Failed { .. }), "{error}");
    assert_eq!(cloud.processes("ProbeFunction").unwrap(), first, "an error is an answer too");
}

#[tokio::test]
async fn a_function_sees_the_template_s_environment_and_nothing_of_ours() {
    let cloud = start("environment").await;
    let seen = cloud.invoke("ProbeFunction", &json!({"do": "environment", "id": "e"})).await.unwrap();
    assert_eq!(seen["TABLE"], "ProbeTable");
    assert_eq!(seen["AWS_LAMBDA_FUNCTION_NAME"], "ProbeFunction");
    assert_eq!(seen["AWS_ENDPOINT_URL_SQS"], cloud.sqs_url());
    assert_eq!((&seen["PATH"], &seen["HOME"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn moving_the_clock_fires_a_schedule_once_and_the_function_sees_the_new_time() {
    let begin: DateTime<Utc> = "2026-01-31T06:00:00Z".parse().unwrap();
    let cloud = LocalCloud::start(Options { start: Some(begin), ..options("schedule") }).await.unwrap();
    assert!(cloud.advance_to(begin + TimeDelta::minutes(4)).await.unwrap().is_empty());

    let firings = cloud.advance_to(begin + TimeDelta::minutes(59)).await.unwrap();
    let [tick] = firings.as_slice() else { panic!("{firings:?}") };
    assert_eq!((tick.schedule.as_str(), times(&cloud, "tick")), ("Tick", 1));
    let offset: i64 = tick.outcome.as_ref().unwrap()["clock"].as_str().unwrap().parse().unwrap();
    let shown = Utc::now() + TimeDelta::milliseconds(offset);
    assert!((shown - begin - TimeDelta::minutes(59)).abs() < TimeDelta::minutes(1), "{shown}");
}

#[tokio::test]
async fn a_schedule_whose_runs_all_fail_leaves_a_record() {
    let cloud = start("failed schedule").await;
    let firing = cloud.fire("BadTick").await.unwrap();
    assert!(firing.outcome.is_err());
    assert_eq!((firing.tries, times(&cloud, "bad tick")), (2, 2));
    let records = cloud.dead_letters("TickDeadLetters").await.unwrap();
    let record: Value = serde_json::from_str(&records[0]).unwrap();
    assert_eq!(record["requestPayload"]["id"], "bad tick");
}

#[tokio::test]
async fn a_mail_is_kept_byte_for_byte_and_a_foreign_sender_is_refused() {
    let cloud = start("mail").await;
    cloud.invoke("ProbeFunction", &json!({"do": "mail", "from": "faktura@example.com"})).await.unwrap();
    let foreign = cloud.invoke("ProbeFunction", &json!({"do": "mail", "from": "faktura@example.net"})).await;
    assert!(matches!(foreign, Err(InvokeError::Failed { .. })));
    let mails = cloud.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(mail.destinations, ["kund@example.org"]);
    assert!(mail.raw.ends_with("R\u{e4}kning 1 + 1 = 2 & mer\r\n".as_bytes()));
    assert_eq!(std::fs::read(&mail.file).unwrap(), mail.raw);
}

#[tokio::test]
async fn a_later_run_goes_on_where_a_clean_stop_left_off() {
    let options = Options { keep: true, ..options("kept") };
    let first = LocalCloud::start(options.clone()).await.unwrap();
    first.put_item("ProbeTable", &json!({"id": "kept", "times": 7})).unwrap();
    send(&first, "TickDeadLetters", "count", "waiting").await;
    let mail = json!({"do": "mail", "from": "faktura@example.com"});
    first.invoke("ProbeFunction", &mail).await.unwrap();
    let mails = first.mails();
    first.shutdown().await.unwrap();
    drop(first);

    let second = LocalCloud::start(options).await.unwrap();
    assert_eq!(times(&second, "kept"), 7);
    assert_eq!(ids(&second.dead_letters("TickDeadLetters").await.unwrap()), ["waiting"]);
    assert_eq!(second.mails(), mails);
    second.invoke("ProbeFunction", &mail).await.unwrap();
    assert_eq!(second.mails().len(), 2);
}

#[tokio::test]
async fn a_standard_queue_takes_a_message_group_and_a_long_delay() {
    let cloud = start("wire").await;
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new(cloud.region()))
        .endpoint_url(cloud.sqs_url())
        .credentials_provider(aws_sdk_sqs::config::SharedCredentialsProvider::new(
            aws_sdk_sqs::config::Credentials::new("local", "local", None, None, "test"),
        ))
        .build();
    aws_sdk_sqs::Client::new(&config)
        .send_message()
        .queue_url(cloud.queue_url("ProbeQueue").unwrap())
        .message_body(r#"{"do": "count", "id": "grouped"}"#)
        .message_group_id("fortnox-1")
        .delay_seconds(900)
        .send()
        .await
        .unwrap();
    idle(&cloud).await;
    assert_eq!(times(&cloud, "grouped"), 1);
}

#[tokio::test]
async fn the_http_api_hands_a_request_to_the_function_of_its_route_and_gives_its_answer() {
    let cloud = start("http_api").await;
    let client = reqwest::Client::new();
    let url = format!("{}/things/a%20b/calls", cloud.api_url());
    let request = client.post(format!("{url}?x=1&y")).header("X-Mark", "one").header("X-Mark", "two");
    let answer = request.header("content-type", "application/json").body(r#"{"å": 1}"#).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["x-probe"].to_str().unwrap()), (202, "yes"));
    let event: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&event["version"], &event["routeKey"]), (&json!("2.0"), &json!("POST /things/{thing}/calls")));
    assert_eq!((&event["rawPath"], &event["rawQueryString"]), (&json!("/things/a%20b/calls"), &json!("x=1&y")));
    assert_eq!(event["pathParameters"], json!({"thing": "a b"}));
    assert_eq!(event["headers"]["x-mark"], "one,two");
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(r#"{"å": 1}"#), &json!(false)));
    let context = &event["requestContext"];
    assert_eq!((&context["http"]["method"], &context["stage"]), (&json!("POST"), &json!("$default")));
    assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
    let away = cloud.clock().now().timestamp_millis() - context["timeEpoch"].as_i64().unwrap();
    assert!(away.abs() < i64::try_from(PATIENCE.as_millis()).unwrap(), "{away} ms from the local clock");

    // What isn't known to be text comes in base64, and nothing comes as nothing.
    let text = client.post(&url).body("ab").send().await.unwrap().text().await.unwrap();
    let event: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("YWI="), &json!(true)));
    let text = client.post(&url).send().await.unwrap().text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&text).unwrap().get("body").is_none());
}

#[tokio::test]
async fn the_http_api_answers_itself_where_no_function_can() {
    let cloud = start("http_api_itself").await;
    let client = reqwest::Client::new();
    let url = format!("{}/things/7/calls", cloud.api_url());
    let ask = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let not_found = (404, r#"{"message":"Not Found"}"#.to_owned());
    for path in ["/", "/things/7", "/things//calls", "/things/7/calls/", "/things/7/8/calls"] {
        assert_eq!(ask(client.post(format!("{}{path}", cloud.api_url()))).await, not_found, "{path}");
    }
    assert_eq!(ask(client.get(&url)).await, not_found);
    let broken = (500, r#"{"message":"Internal Server Error"}"#.to_owned());
    for how in ["fail", "nonsense"] {
        assert_eq!(ask(client.post(format!("{url}?{how}"))).await, broken, "{how}");
    }
    assert_eq!(ask(client.post(format!("{url}?bare"))).await, (200, r#"{"bare":true}"#.to_owned()));
    let binary = client.post(format!("{url}?binary")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(&binary[..], [0, 255]);
    let too_large = vec![b' '; 10 * 1024 * 1024 + 1];
    assert_eq!(ask(client.post(&url).body(too_large)).await.0, 413);
}

#[tokio::test]
async fn the_control_api_moves_the_clock_invokes_and_shows_what_came_of_it() {
    let cloud = Arc::new(start("control").await);
    let listener = control::listen(0).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(control::serve(listener, Arc::clone(&cloud)));
    let client = reqwest::Client::new();
    let ask = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };

    let (_, overview) = ask(client.get(&base)).await;
    assert_eq!(overview["functions"], json!(["HastyFunction", "ProbeFunction"]));

    let later = cloud.clock().now() + TimeDelta::minutes(6);
    let (_, moved) = ask(client.put(format!("{base}/clock")).json(&json!({ "now": later }))).await;
    assert_eq!(moved["fired"][0]["schedule"], "Tick");

    let mail = json!({"do": "mail", "from": "faktura@example.com"});
    let (status, _) = ask(client.post(format!("{base}/functions/ProbeFunction/invoke")).json(&mail)).await;
    assert_eq!(status, 200);
    let (_, mails) = ask(client.get(format!("{base}/mails"))).await;
    assert_eq!(mails[0]["destinations"], json!(["kund@example.org"]));

    assert_eq!(ask(client.get(format!("{base}/idle"))).await.1, json!({"idle": true}));
    let (_, letters) = ask(client.get(format!("{base}/dead-letters/TickDeadLetters"))).await;
    assert_eq!(letters, json!([]));
    assert_eq!(ask(client.post(format!("{base}/schedules/Never/fire"))).await.0, 404);
    server.abort();
}
