//! The workspace with every mutant in it, each behind its switch.

use std::{collections::BTreeSet, fs, path::Path};

use super::{SWITCH, list::Mutant};

/// What the copy's simulation is called, so that it never takes the place of the real one.
pub(crate) const BINARY: &str = "simulate-mutants";

/// What the workspace is made of.
const FILES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];
const FOLDERS: [&str; 4] = ["functions", "infra", "shared", "tests"];

/// Where the folders are in the copy. Cargo tells two crates that share a target folder apart by their paths within their
/// workspaces: were these the same, the mutants would be taken for the real crates.
const WITHIN: &str = "mutated";

/// Whether the named mutant is on.
const MODULE: &str = r#"
/// Which mutant of the workflow is on.
#[allow(missing_docs)]
pub mod mutant {
    pub fn is(name: &str) -> bool {
        static ON: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        ON.get_or_init(|| std::env::var("SWITCH").unwrap_or_default()) == name
    }
}
"#;

/// Makes the copy, or brings it up to date: what is the same stays as it is, so that it needn't be compiled again.
pub(crate) fn make(root: &Path, copy: &Path, mutants: &[&Mutant]) {
    let mut files = BTreeSet::new();
    for folder in FOLDERS {
        collect(root, Path::new(folder), &mut files);
    }
    for file in &files {
        let mut bytes = fs::read(root.join(file)).unwrap();
        if let Ok(text) = std::str::from_utf8(&bytes) {
            bytes = mutated(file, text.to_owned(), mutants).into_bytes();
        }
        write(&copy.join(WITHIN).join(file), &bytes);
    }
    remove_others(&copy.join(WITHIN), Path::new(""), &files);
    for file in FILES {
        let text = fs::read_to_string(root.join(file)).unwrap();
        write(&copy.join(file), moved(file, text).as_bytes());
    }
}

fn write(to: &Path, bytes: &[u8]) {
    if fs::read(to).ok().as_deref() != Some(bytes) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
}

/// The workspace's file, where its folders are elsewhere.
fn moved(file: &str, text: String) -> String {
    if file != "Cargo.toml" {
        return text;
    }
    FOLDERS.iter().fold(text, |text, folder| text.replace(&format!("\"{folder}/"), &format!("\"{WITHIN}/{folder}/")))
}

fn collect(root: &Path, path: &Path, files: &mut BTreeSet<String>) {
    let here = root.join(path);
    if here.is_file() {
        files.insert(path.to_str().expect("our files' names are text").to_owned());
    } else if here.is_dir() {
        for entry in fs::read_dir(here).unwrap() {
            collect(root, &path.join(entry.unwrap().file_name()), files);
        }
    }
}

/// A file that was removed must be removed here too.
fn remove_others(copy: &Path, path: &Path, files: &BTreeSet<String>) {
    for entry in fs::read_dir(copy.join(path)).unwrap() {
        let (entry, path) = entry.map(|entry| (entry.path(), path.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            remove_others(copy, &path, files);
        } else if !files.contains(path.to_str().unwrap()) {
            fs::remove_file(entry).unwrap();
        }
    }
}

fn mutated(file: &str, mut text: String, mutants: &[&Mutant]) -> String {
    let changes = mutants.iter().flat_map(|mutant| mutant.changes.iter().map(move |change| (mutant.name, change)));
    for (name, change) in changes.filter(|(_, change)| change.file == file) {
        let places = text.matches(change.find).count();
        assert_eq!(places, 1, "the mutant {name} has its place {places} times in {file}: mend its text");
        // The name of the switch stands where the code asks for it.
        text = text.replace(change.find, &change.instead.replace("$ON", &switch(file, name)));
    }
    match file {
        "shared/domain/src/lib.rs" => text + &MODULE.replace("SWITCH", SWITCH),
        "tests/simulation/Cargo.toml" => text.replace("name = \"simulate\"", &format!("name = \"{BINARY}\"")),
        _ => text,
    }
}

fn switch(file: &str, name: &str) -> String {
    let domain = if file.starts_with("shared/domain/") { "crate" } else { "domain" };
    format!("{domain}::mutant::is({name:?})")
}
