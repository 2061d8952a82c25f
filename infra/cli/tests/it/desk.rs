//! The command line, typed against the running system on this machine.

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

/// The running system, and somebody at its command line.
pub(crate) struct Desk {
    pub(crate) stage: Stage,
    pub(crate) tenant: TenantId,
    /// Another company, of which only a preview is wanted.
    pub(crate) other: TenantId,
}

impl Desk {
    /// A company whose every invoice is over its limit, on the morning of its first scan.
    pub(crate) async fn open(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let company = CompanyFile::read(&root.join("tests/fortnox-sim/companies/liten.json")).unwrap();
        let binaries = local::build(&root).unwrap();
        let others = CompanyFile::read(&root.join("tests/fortnox-sim/companies/bjorkangen.json")).unwrap();
        let stage = Stage::start(StageOptions {
            root,
            binaries,
            state: folder,
            keep: false,
            start: "2026-01-01T04:00:00Z".parse().unwrap(),
            companies: vec![company.clone(), others.clone()],
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
        let other = stage.connect(&others).unwrap();
        stage.set(&other, &"profile".parse().unwrap(), &json!({"mode": "preview"})).unwrap();
        let stack = serde_json::to_vec(&stage.cloud.outputs()).unwrap();
        std::fs::write(stage.state().join("stack.json"), stack).unwrap();
        let desk = Self { stage, tenant, other };
        desk.day_passes().await;
        desk
    }

    pub(crate) async fn day_passes(&self) {
        let hour = TimeDelta::hours(1);
        let now = self.stage.cloud.clock().now();
        for hours in 1..=24 {
            self.stage.advance_to(now + hour * hours).await.unwrap();
        }
    }

    /// Types a command. Nobody sits at a terminal.
    pub(crate) fn type_in(&self, words: &str) -> Output {
        let cloud = &self.stage.cloud;
        let mut command = Command::new(env!("CARGO_BIN_EXE_fakturapilot"));
        command
            .args(words.split_whitespace())
            .env("FAKTURAPILOT_STACK", self.stage.state().join("stack.json"))
            .env("FAKTURAPILOT_CLOCK_FILE", cloud.clock().file())
            .env("AWS_ENDPOINT_URL_DYNAMODB", cloud.dynamodb_url())
            .env("AWS_ENDPOINT_URL_SQS", cloud.sqs_url())
            .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", cloud.secrets_url())
            .env("AWS_REGION", cloud.region())
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("USER", "anna");
        let output = command.output().unwrap();
        println!("$ fakturapilot {words}\n{}{}", text(&output.stdout), text(&output.stderr));
        output
    }

    pub(crate) fn shown(&self, words: &str) -> String {
        let output = self.type_in(words);
        assert!(output.status.success(), "{words}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a command that has to fail complains of.
    pub(crate) fn complaint(&self, words: &str, code: i32) -> String {
        let output = self.type_in(words);
        assert_eq!(output.status.code(), Some(code), "{words}");
        text(&output.stderr)
    }

    pub(crate) fn json(&self, words: &str) -> Value {
        serde_json::from_str(&self.shown(&format!("{words} --json"))).unwrap()
    }

    pub(crate) fn exit_code(&self, words: &str) -> Option<i32> {
        self.type_in(words).status.code()
    }

    pub(crate) fn created(&self) -> usize {
        self.stage.evidence().unwrap().count(EffectKind::InvoiceCreated)
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
