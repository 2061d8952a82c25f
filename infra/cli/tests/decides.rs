//! The command line, typed against the running system on this machine: what it shows is what the tables hold, and what is decided
//! by it happens in Fortnox.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use chrono::TimeDelta;
use domain::ids::TenantId;
use fortnox_sim::{CompanyFile, EffectKind};
use serde_json::{Value, json};
use stage::{Stage, StageOptions};

struct Desk {
    stage: Stage,
    tenant: TenantId,
}

impl Desk {
    /// A company whose every invoice is over its limit, on the morning of its first scan.
    async fn open(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let company = CompanyFile::read(&root.join("tests/fortnox-sim/companies/liten.json")).unwrap();
        let binaries = local::build(&root).unwrap();
        let stage = Stage::start(StageOptions {
            root,
            binaries,
            state: folder,
            keep: false,
            start: "2026-01-01T04:00:00Z".parse().unwrap(),
            companies: vec![company.clone()],
            economic: Vec::new(),
            latency: Duration::ZERO,
        })
        .await
        .unwrap();
        let tenant = stage.connect(&company).unwrap();
        let profile = json!({
            "mode": "full", "auto_book": true, "channel": "none", "sender_name": "Liten Konsult",
            "max_amount": {"SEK": 1, "EUR": 1, "NOK": 1}, "digest_when_nothing": true, "days_before": 31,
        });
        stage.set(&tenant, &"profile".parse().unwrap(), &profile).unwrap();
        let stack = serde_json::to_vec(&stage.cloud.outputs()).unwrap();
        std::fs::write(stage.state().join("stack.json"), stack).unwrap();
        let desk = Self { stage, tenant };
        desk.day_passes().await;
        desk
    }

    async fn day_passes(&self) {
        let hour = TimeDelta::hours(1);
        let now = self.stage.cloud.clock().now();
        for hours in 1..=24 {
            self.stage.advance_to(now + hour * hours).await.unwrap();
        }
    }

    /// Types a command. Nobody sits at a terminal.
    fn type_in(&self, words: &str) -> Output {
        let cloud = &self.stage.cloud;
        let mut command = Command::new(env!("CARGO_BIN_EXE_fakturapilot"));
        command
            .args(words.split_whitespace())
            .env("FAKTURAPILOT_STACK", self.stage.state().join("stack.json"))
            .env("FAKTURAPILOT_CLOCK_FILE", cloud.clock().file())
            .env("AWS_ENDPOINT_URL_DYNAMODB", cloud.dynamodb_url())
            .env("AWS_ENDPOINT_URL_SQS", cloud.sqs_url())
            .env("AWS_REGION", cloud.region())
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("USER", "anna");
        let output = command.output().unwrap();
        println!("$ fakturapilot {words}\n{}{}", text(&output.stdout), text(&output.stderr));
        output
    }

    fn shown(&self, words: &str) -> String {
        let output = self.type_in(words);
        assert!(output.status.success(), "{words}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn json(&self, words: &str) -> Value {
        serde_json::from_str(&self.shown(&format!("{words} --json"))).unwrap()
    }

    fn exit_code(&self, words: &str) -> Option<i32> {
        self.type_in(words).status.code()
    }

    fn created(&self) -> usize {
        self.stage.evidence().unwrap().count(EffectKind::InvoiceCreated)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_seen_and_decided_and_happens_in_fortnox() {
    let desk = Desk::open("cli_decides").await;
    let tenant = desk.tenant.to_string();
    assert_eq!(desk.json("tenant list")[0]["mode"], "full");
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
    assert_eq!(desk.exit_code("tenant show fortnox-999"), Some(3));
    assert_eq!(desk.exit_code(&format!("jobs show {tenant}:999:2026-01-01")), Some(3));
    assert_eq!(desk.exit_code("jobs show nonsense"), Some(2));
    assert_eq!(desk.exit_code("tenant list --stack /nowhere/stack.json"), Some(5));
    desk.stage.stop().await.unwrap();
}
