//! A panic in a function's log.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

/// What a panic's message may quote.
const SECRET: &str = "kund@kund.example";

/// Set in the process that panics.
const PANICS: &str = "TEST_PANICS";

/// Runs itself in a process of its own, since the hook and the log are the process's.
#[test]
fn a_panic_is_logged_where_it_happened_and_without_its_message() {
    if std::env::var_os(PANICS).is_some() {
        telemetry::start();
        panic!("can't send to {SECRET}");
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_panic_is_logged_where_it_happened_and_without_its_message", "--nocapture"])
        .env(PANICS, "1")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(r#""message":"a panic""#) && said.contains("panic.rs"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
}
