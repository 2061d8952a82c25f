//! The state file: two runs that are one to whoever calls.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::{Path, PathBuf};

use fortnox_sim::{Simulator, SimulatorOptions, StartError};
use support::{PERSON, call, company_file, liten};

const CREATE: &str = "/3/contracts/1/createinvoice";

/// A file of its own for each test, not there yet.
fn state_file(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test).with_extension("json");
    std::fs::remove_file(&path).ok();
    path
}

#[tokio::test]
async fn a_second_run_goes_on_where_the_first_stopped() {
    let path = state_file("second-run");
    let start_at = Some("2026-01-01T08:00:00Z".parse().unwrap());
    let restore = Some(path.clone());
    let first = Simulator::start(SimulatorOptions { start_at, restore: restore.clone(), ..liten() }).await.unwrap();
    assert_eq!(call(&first.base_url(), "PUT", CREATE, &PERSON, "").await.unwrap().status, 200);
    let stopped_at = first.now();
    first.stop_and_save(&path).await.unwrap();

    let second = Simulator::start(SimulatorOptions { restore, ..SimulatorOptions::default() }).await.unwrap();
    // The clock was moved by hand and stays moved.
    assert_eq!(second.now().date_naive(), stopped_at.date_naive());
    let made = call(&second.base_url(), "PUT", CREATE, &PERSON, "").await.unwrap().json();
    assert_eq!(made["Invoice"]["DocumentNumber"], "2");
    assert_eq!(made["Invoice"]["InvoicePeriodStart"], "2026-02-01");
    let seqs: Vec<u64> = second.ledger().iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

#[tokio::test]
async fn an_outage_serves_nobody_and_loses_nothing() {
    let simulator = Simulator::start(liten()).await.unwrap();
    let url = simulator.base_url();
    call(&url, "PUT", CREATE, &PERSON, "").await.unwrap();
    let before = simulator.with_world(|world| world.state());
    simulator.go_down().await.unwrap();
    assert!(call(&url, "PUT", CREATE, &PERSON, "").await.is_err());
    simulator.come_back().await.unwrap();
    assert_eq!(simulator.with_world(|world| world.state()), before);
    let made = call(&url, "PUT", CREATE, &PERSON, "").await.unwrap().json();
    assert_eq!(made["Invoice"]["DocumentNumber"], "2");
}

#[tokio::test]
async fn saving_in_between_replaces_the_older_state() {
    let path = state_file("in-between");
    let simulator = Simulator::start(liten()).await.unwrap();
    simulator.save(&path).unwrap();
    call(&simulator.base_url(), "PUT", CREATE, &PERSON, "").await.unwrap();
    simulator.save(&path).unwrap();
    let restore = Some(path);
    let copy = Simulator::start(SimulatorOptions { restore, ..SimulatorOptions::default() }).await.unwrap();
    assert_eq!(copy.with_world(|world| world.state()), simulator.with_world(|world| world.state()));
}

#[tokio::test]
async fn a_file_that_is_no_state_stops_the_start_and_stays_as_it_is() {
    let restore = Some(company_file());
    let before = std::fs::read(company_file()).unwrap();
    let Err(error) = Simulator::start(SimulatorOptions { restore, ..liten() }).await else {
        panic!("a company file is no state file");
    };
    assert!(matches!(error, StartError::State(_)));
    assert!(error.to_string().contains("liten.json"));
    assert_eq!(std::fs::read(company_file()).unwrap(), before);
}

#[tokio::test]
async fn a_state_that_cannot_be_written_says_where() {
    let simulator = Simulator::start(liten()).await.unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-such-folder/state.json");
    let error = simulator.save(&path).unwrap_err();
    assert!(error.to_string().contains("no-such-folder"));
}

#[cfg(unix)]
mod command_line {
    use std::process::Stdio;

    use tokio::io::{AsyncBufReadExt as _, BufReader};
    use tokio::process::{Child, Command};

    use super::{CREATE, PERSON, Path, call, company_file, state_file};

    fn simulator() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fortnox-sim"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Starts it and reads where it listens.
    async fn start(state: &Path, company: Option<&Path>) -> (Child, String) {
        let mut command = simulator();
        command.arg("--state").arg(state);
        if let Some(company) = company {
            command.arg("--company").arg(company);
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        let base_url = line.strip_prefix("listening on ").unwrap().to_owned();
        (child, base_url)
    }

    async fn stop(mut child: Child, signal: &str) {
        let id = child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
        assert!(child.wait().await.unwrap().success());
    }

    #[tokio::test]
    async fn a_clean_stop_writes_the_state_and_the_next_start_needs_no_company() {
        let state = state_file("command-line");
        let mut company = Some(company_file());
        for (signal, number) in [("-INT", "1"), ("-TERM", "2"), ("-INT", "3")] {
            let (child, base_url) = start(&state, company.take().as_deref()).await;
            let made = call(&base_url, "PUT", CREATE, &PERSON, "").await.unwrap().json();
            assert_eq!(made["Invoice"]["DocumentNumber"], number);
            stop(child, signal).await;
            assert!(state.exists());
        }
    }

    #[tokio::test]
    async fn without_state_and_company_it_says_what_is_missing() {
        let output = simulator().arg("--state").arg(state_file("nothing")).output().await.unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("--company"));
    }
}
