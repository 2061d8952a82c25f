//! What a role doesn't allow is refused as in AWS, and what it allows without need is found.

#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use local::{CloudError, LocalCloud, Options};
use serde_json::json;

const TEMPLATE: &str = include_str!("rights.yaml");

/// A cloud of `template` with the example `probe`, which `cargo test` builds next to the folder of the tests.
async fn start(test: &str, template: &str) -> (PathBuf, Result<LocalCloud, CloudError>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("template.yaml"), template).unwrap();
    let probe = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples/probe");
    let binaries = BTreeMap::from([("probe".to_owned(), probe)]);
    let cloud = LocalCloud::start(Options::new(folder.join("template.yaml"), binaries, folder.join("state"))).await;
    (folder, cloud)
}

#[tokio::test]
async fn a_function_does_what_its_role_allows_and_nothing_else() {
    let (folder, cloud) = start("rights", TEMPLATE).await;
    let cloud = cloud.unwrap();
    let count = |id: &str| json!({"do": "count", "id": id});
    cloud.invoke("ProbeFunction", &count("own#1")).await.unwrap();
    assert_eq!(cloud.denied(), [""; 0]);

    cloud.invoke("ProbeFunction", &count("another's")).await.unwrap_err();
    let mail = json!({"do": "mail", "id": "own#2", "from": "faktura@example.com"});
    cloud.invoke("ProbeFunction", &mail).await.unwrap_err();
    assert!(cloud.mails().is_empty());
    let denied = cloud.denied();
    assert_eq!(denied.len(), 2, "{denied:?}");
    for (refusal, action) in denied.iter().zip(["dynamodb:UpdateItem", "ses:SendEmail"]) {
        assert!(refusal.contains("ProbeFunction") && refusal.contains(action), "{refusal}");
    }
    // The two that were carried out, and a person's own.
    cloud.put_item("ProbeTable", &json!({"id": "another's"})).unwrap();
    assert_eq!(cloud.scan_table("ProbeTable").unwrap().len(), 3);

    // It never deleted anything. Encrypt is DynamoDB's own need.
    let unused = local::unused(&folder.join("template.yaml"), &folder).unwrap();
    let unused: Vec<String> = unused.iter().map(ToString::to_string).collect();
    assert_eq!(unused, ["ProbeFunction: dynamodb:DeleteItem in Own"]);
}

#[tokio::test]
async fn a_table_s_key_is_asked_for_too() {
    let elsewhere = TEMPLATE.replace("dynamodb.${AWS::Region}", "s3.${AWS::Region}");
    let (_, cloud) = start("rights_key", &elsewhere).await;
    let cloud = cloud.unwrap();
    cloud.invoke("ProbeFunction", &json!({"do": "count", "id": "own#1"})).await.unwrap_err();
    assert!(cloud.denied().iter().all(|refusal| refusal.contains("kms:Decrypt")), "{:?}", cloud.denied());
    assert!(cloud.scan_table("ProbeTable").unwrap().is_empty());
}

#[tokio::test]
async fn what_lambda_does_in_a_function_s_name_must_be_allowed() {
    let (_, cloud) = start("rights_lambda", &TEMPLATE.replace("sqs:DeleteMessage, ", "")).await;
    let refusal = cloud.err().unwrap().to_string();
    assert!(refusal.contains("ProbeFunction") && refusal.contains("sqs:DeleteMessage"), "{refusal}");
}

#[tokio::test]
async fn what_no_policy_of_ours_says_is_not_guessed_at() {
    for (says, other) in
        [("Effect: Allow", "Effect: Deny"), ("StringEquals", "StringNotEquals"), ("Sid: Own", "Sid: Key")]
    {
        let (_, cloud) = start("rights_other", &TEMPLATE.replace(says, other)).await;
        assert!(cloud.is_err(), "{other}");
    }
}
