//! Looking and deciding: what is decided by the command line happens in Fortnox.

use serde_json::json;

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_seen_and_decided_and_happens_in_fortnox() {
    let desk = Desk::open("cli_decides").await;
    let tenant = desk.tenant.to_string();
    let all = desk.json("tenant list");
    let it = all.as_array().unwrap().iter().find(|it| it["tenant"] == tenant.as_str()).unwrap();
    assert_eq!(it["mode"], "full");
    assert!(desk.shown(&format!("tenant show {tenant}")).contains("jobs wait for a person"));

    let waiting = desk.json(&format!("jobs list {tenant}"));
    let waiting = waiting.as_array().unwrap();
    assert!(waiting.len() >= 2, "{waiting:?}");
    let keys: Vec<&str> = waiting.iter().map(|job| job["key"].as_str().unwrap()).collect();
    let table = desk.shown(&format!("jobs list {tenant}"));
    assert!(keys.iter().all(|key| table.contains(key)) && table.contains("over the limit"), "{table}");
    let of_day = desk.json(&format!("jobs list {tenant} --date 2026-01-01"));
    assert_eq!(of_day.as_array().unwrap().len(), waiting.len());

    let story = desk.shown(&format!("jobs show {}", keys[0]));
    assert!(story.contains("held when it was decided on") && story.contains("CET"), "{story}");

    // Looked at, or not confirmed: nothing happens.
    assert!(desk.shown(&format!("jobs approve {} --dry-run", keys[0])).contains(keys[0]));
    assert_eq!(desk.exit_code(&format!("jobs approve {}", keys[0])), Some(4));
    desk.stage.settle().await.unwrap();
    assert_eq!(desk.created(), 0);

    desk.shown(&format!("jobs approve {} --yes", keys[0]));
    desk.shown(&format!("jobs skip {} --yes --by bo", keys[1]));
    desk.stage.settle().await.unwrap();
    assert_eq!(desk.created(), 1);
    let story = desk.shown(&format!("jobs show {}", keys[0]));
    assert!(story.contains("anna said yes") && story.contains("all that the settings asked for was done"), "{story}");
    assert!(desk.shown(&format!("jobs show {}", keys[1])).contains("a person skipped it"));
    // Decided is decided.
    assert_eq!(desk.exit_code(&format!("jobs approve {} --yes", keys[1])), Some(4));
    desk.stage.settle().await.unwrap();
    assert_eq!(desk.created(), 1);
    // Nor do a letter's commands do anything by being looked at.
    desk.stage.cloud.send("ScanDeadLetters", "not ours").await.unwrap();
    let letter = desk.json("dlq list scan")[0]["letter"].as_str().unwrap().to_owned();
    for shows in ["show", "redrive --dry-run", "discard --dry-run"] {
        let (verb, flag) = shows.split_once(' ').unwrap_or((shows, ""));
        assert!(desk.shown(&format!("dlq {verb} scan {letter} {flag}")).contains("not ours"), "{shows}");
    }
    assert_eq!(desk.json("dlq list scan").as_array().unwrap().len(), 1);
    desk.shown(&format!("dlq discard scan {letter} --yes"));
    assert_eq!(desk.shown("dlq list scan").trim(), "none");
    desk.stage.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_and_what_is_wrong_is_said_in_words_and_by_exit_code() {
    let desk = Desk::open("cli_shows").await;
    let tenant = desk.tenant.to_string();
    let digest = desk.json(&format!("digest show {tenant}"));
    assert_eq!(digest["says"]["digest"]["version"], "digest.v1");
    assert!(desk.shown(&format!("digest show {tenant}")).contains("Liten Konsult"));
    assert_eq!(desk.exit_code(&format!("digest show {tenant} 2024-01-01")), Some(3));
    assert_eq!(desk.shown("dlq list").trim(), "none");
    assert_eq!(desk.json("dlq list"), json!([]));
    assert_eq!(desk.exit_code("dlq discard booking 0123 --yes"), Some(3));
    assert_eq!(desk.exit_code("dlq show booking 0123"), Some(3));
    assert_eq!(desk.exit_code("tenant show fortnox-999"), Some(3));
    assert_eq!(desk.exit_code(&format!("jobs show {tenant}:999:2026-01-01")), Some(3));
    assert_eq!(desk.exit_code("jobs show nonsense"), Some(2));
    assert_eq!(desk.exit_code("tenant list --stack /nowhere/stack.json"), Some(5));
    desk.stage.stop().await.unwrap();
}
