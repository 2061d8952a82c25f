//! Looking ahead changes nothing, and what it says is what happens.

use fortnox_sim::EffectKind;
use serde_json::{Value, json};

use crate::desk::Desk;

fn due(preview: &Value) -> Vec<String> {
    let all = preview["agreements"].as_array().unwrap().iter();
    let due = all.filter(|it| it["decision"]["verdict"] == "due" && it["job"].is_null());
    due.map(|it| it["decision"]["agreement"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_foreseen_is_what_is_created() {
    let desk = Desk::open("cli_foresees").await;
    let other = desk.other.to_string();
    let effects = |desk: &Desk| desk.stage.evidence().unwrap().count(EffectKind::InvoiceCreated);
    let foreseen = desk.json(&format!("preview {other}"));
    let (agreements, expected) = (foreseen["agreements"].as_array().unwrap().len(), due(&foreseen));
    assert!(agreements > 50 && expected.len() > 5, "{agreements} {expected:?}");
    let shown = desk.shown(&format!("preview {other}"));
    assert!(shown.contains("mode preview") && shown.contains("Nothing would come of the rest"), "{shown}");
    assert!(desk.shown(&format!("preview {other} --all")).lines().count() > agreements);
    // As if nothing were done until then: more are due, and those that are too far behind wait for a person.
    let later = desk.json(&format!("preview {other} --date 2026-04-01"));
    let waits = |preview: &Value| {
        preview["agreements"].as_array().unwrap().iter().filter(|it| it["decision"]["verdict"] != "not_yet").count()
    };
    assert!(
        later["date"] == "2026-04-01" && waits(&later) > waits(&foreseen),
        "{} {}",
        waits(&later),
        waits(&foreseen)
    );
    assert_eq!(effects(&desk), 0, "looking ahead makes nothing");

    // `full` needs a yes and a look; one step below it needs neither.
    assert_eq!(desk.exit_code(&format!("tenant mode {other} full")), Some(4));
    desk.shown(&format!("tenant mode {other} draft_only"));
    assert_eq!(due(&desk.json(&format!("scan now {other} --dry-run"))), expected);
    assert_eq!(effects(&desk), 0);
    desk.shown(&format!("scan now {other}"));
    desk.stage.settle().await.unwrap();
    // One that is behind may be caught up by more than one invoice, the rest by one each.
    let created = desk.stage.evidence().unwrap();
    assert!(effects(&desk) >= expected.len());
    assert!(due(&desk.json(&format!("preview {other}"))).is_empty());
    drop(created);

    // Broken settings and strangers are told apart.
    assert_eq!(desk.exit_code("preview fortnox-999"), Some(3));
    assert_eq!(desk.exit_code("scan now fortnox-999"), Some(3));
    desk.stage.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_jobs_mails_and_what_blocks_are_shown() {
    let desk = Desk::open("cli_shows_more").await;
    let (tenant, other) = (desk.tenant.to_string(), desk.other.to_string());
    let prices = desk.json(&format!("prices preview {tenant}"));
    let rows: usize = prices.as_array().unwrap().iter().map(|it| it["rows"].as_array().unwrap().len()).sum();
    assert!(rows > 1, "{prices}");
    assert!(desk.shown(&format!("prices preview {tenant} --all")).contains("agreement 1, row 1"));

    let waiting = desk.json(&format!("jobs list {tenant}"));
    let job = waiting[0]["key"].as_str().unwrap();
    let explained = desk.shown(&format!("jobs explain {job}"));
    assert!(explained.contains("max_amount") && explained.contains("not begun"), "{explained}");
    // A held one isn't tried again: only a yes lifts a hold.
    let complaint = desk.complaint(&format!("jobs retry {job} --yes"), 4);
    assert!(complaint.contains("Approve it"), "{complaint}");
    assert_eq!(desk.exit_code(&format!("mail show {job}")), Some(3));

    // A company that nobody can be reached at by the channel it chose is kept from `full`.
    desk.shown(&format!("settings set {other} auto_book=true channel=fortnox_email"));
    let report = desk.json(&format!("preflight {tenant}"));
    assert_eq!(report["tenant"], json!(tenant));
    assert!(desk.shown(&format!("preflight {tenant} --last")).contains("Pre-flight of"));
    assert_eq!(desk.exit_code("preflight fortnox-999"), Some(3));
    let link = desk.json("connect fortnox --tenant fortnox-77");
    assert!(link["link"].as_str().unwrap().contains("/connect/fortnox?link="), "{link}");
    desk.stage.stop().await.unwrap();
}
