//! Settings, by the command line and by hand: what is written works or is refused with the exact field.

use serde_json::{Value, json};

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_set_compared_and_explained() {
    let desk = Desk::open("cli_sets").await;
    let tenant = desk.tenant.to_string();

    // Some settings of one item; the rest stays.
    let before = desk.json(&format!("settings get {tenant}"));
    desk.shown(&format!("settings set {tenant} days_before=5 sender_name=17 max_amount={{\"SEK\":900}}"));
    let after = desk.json(&format!("settings get {tenant}"));
    assert_eq!((&after["days_before"], &after["sender_name"]), (&json!(5), &json!("17")));
    assert_eq!((&after["channel"], &after["mode"]), (&before["channel"], &json!("full")));
    desk.shown(&format!("settings set {tenant} --customer 1 auto_book=false"));
    assert!(desk.shown(&format!("settings set {tenant} days_before=9 --dry-run")).contains("days_before"));
    assert_eq!(desk.json(&format!("settings get {tenant} days_before")), json!(5));

    // Refused with the field, its value, why, and what is allowed; and nothing is written.
    for (change, says) in [
        ("days_before=93", "days_before: must be 0 to 92, not 93 (it is 93; allowed: a whole number from 0 to 92)"),
        ("channel=fax", "allowed: ses_email, fortnox_email"),
        ("auto_bok=true", "there is no setting `auto_bok`"),
        ("mode=full", "tenant mode"),
        ("digest_to=nobody", "allowed: a list"),
    ] {
        let complaint = desk.complaint(&format!("settings set {tenant} {change}"), 7);
        assert!(complaint.contains(says), "{change}: {complaint}");
    }
    assert_eq!(desk.json(&format!("settings get {tenant}")), after);

    // Where each value comes from.
    let explained = desk.json(&format!("settings explain {tenant} --agreement 1"));
    let source = |name: &str| {
        let all = explained.as_array().unwrap();
        all.iter().find(|it| it["name"] == name).unwrap()["source"].as_str().unwrap().to_owned()
    };
    let sources = ["auto_book", "days_before", "timing"].map(source);
    assert_eq!(sources, ["customer", "tenant", "default"]);
    assert!(desk.shown(&format!("settings explain {tenant} --customer 1 auto_book")).contains("customer's settings"));
    desk.stage.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_go_out_and_come_back_and_the_mode_is_never_raised_by_a_file() {
    let desk = Desk::open("cli_files").await;
    let (tenant, other) = (desk.tenant.to_string(), desk.other.to_string());
    desk.shown(&format!("settings set {tenant} --customer 1 auto_book=false"));
    let file = desk.stage.state().join("settings.json");
    let path = file.display();
    desk.shown(&format!("settings export {tenant} --to {path}"));
    assert!(desk.shown(&format!("settings diff {tenant} {path}")).contains("nothing changes"));
    assert!(desk.shown(&format!("settings validate {path}")).contains("2 items"));

    let mut items: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    items["profile"]["days_before"] = json!(3);
    items.as_object_mut().unwrap().remove("customer#1");
    std::fs::write(&file, items.to_string()).unwrap();
    // Needs a yes; then writes, and takes away what isn't there any more only where that's asked for.
    assert_eq!(desk.exit_code(&format!("settings import {tenant} {path}")), Some(4));
    desk.shown(&format!("settings import {tenant} {path} --yes"));
    assert_eq!(desk.json(&format!("settings get {tenant} --customer 1")), json!({"auto_book": false}));
    desk.shown(&format!("settings import {tenant} {path} --prune --yes"));
    assert_eq!(desk.exit_code(&format!("settings get {tenant} --customer 1")), Some(3));
    assert_eq!(desk.json(&format!("settings get {tenant} days_before")), json!(3));

    // The other company only previews, and a file of one that is in `full` doesn't change that.
    let complaint = desk.complaint(&format!("settings import {other} {path} --yes"), 7);
    assert!(complaint.contains("tenant mode"), "{complaint}");
    items["profile"]["days_before"] = json!("many");
    std::fs::write(&file, items.to_string()).unwrap();
    assert_eq!(desk.exit_code(&format!("settings validate {path}")), Some(7));
    assert_eq!(desk.exit_code(&format!("settings import {tenant} {path} --yes")), Some(7));
    desk.stage.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_written_by_hand_works_or_is_refused_with_the_exact_field() {
    let desk = Desk::open("cli_by_hand").await;
    let tenant = desk.tenant.to_string();
    let profile = |days: Value| json!({"mode": "full", "channel": "none", "days_before": days});
    desk.stage.set(&desk.tenant, &"profile".parse().unwrap(), &profile(json!("31"))).unwrap();
    let shown = desk.shown(&format!("tenant show {tenant}"));
    assert!(shown.contains("days_before") && shown.contains("allowed: a whole number from 0 to 92"), "{shown}");
    let complaint = desk.complaint(&format!("settings validate {tenant}"), 7);
    assert!(complaint.contains("profile: days_before: ") && complaint.contains("it is \"31\""), "{complaint}");
    assert_eq!(desk.exit_code(&format!("preview {tenant}")), Some(7));
    desk.stage.set(&desk.tenant, &"profile".parse().unwrap(), &profile(json!(31))).unwrap();
    assert!(desk.shown(&format!("settings validate {tenant}")).contains("all as they must be"));
    assert_eq!(desk.json(&format!("settings explain {tenant} days_before"))[0]["value"], json!(31));
    desk.stage.stop().await.unwrap();
}
