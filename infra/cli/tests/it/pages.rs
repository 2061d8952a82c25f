//! What is made from the types and published: it must be what is there. `UPDATE_GOLDEN=1` writes it anew.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::desk::text;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn typed(words: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fakturapilot")).args(words.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{words}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Compares a page with what it should be, or writes it.
pub(crate) fn is_up_to_date(page: &str, should_be: &str) {
    let path = root().join("docs").join(page);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, should_be).unwrap();
    }
    let is = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (is, should_be)) in is.lines().zip(should_be.lines()).enumerate() {
        assert_eq!(is, should_be, "line {} of docs/{page} is stale: run this test with UPDATE_GOLDEN=1", number + 1);
    }
    assert_eq!(
        is.lines().count(),
        should_be.lines().count(),
        "docs/{page} is stale: run this test with UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_settings_page_and_schema_are_those_of_the_types() {
    is_up_to_date("settings.md", &typed("settings schema --markdown"));
    is_up_to_date("settings.schema.json", &typed("settings schema"));
}

#[test]
fn the_examples_are_as_they_must_be_but_for_what_is_misspelt_on_purpose() {
    let example = |name: &str| root().join(format!("infra/demo/{name}.settings.json")).display().to_string();
    let said = typed(&format!("settings validate {}", example("sonderaa")));
    assert!(said.contains("all as they must be"), "{said}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fakturapilot"));
    let output = command.args(["settings", "validate", &example("bjorkangen")]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("agreement#28: business_day") && complaint.contains("previous or next"), "{complaint}");
}

#[test]
fn completions_and_the_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = typed(&format!("completions {shell}"));
        assert!(script.contains("preflight") && script.contains("redrive"), "{shell}");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    typed(&format!("man {}", folder.display()));
    let page = std::fs::read_to_string(folder.join("fakturapilot-tenant-erase.1")).unwrap();
    assert!(page.contains("for good"), "{page}");
    assert!(folder.join("fakturapilot.1").is_file());
}
