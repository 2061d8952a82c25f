//! Everything that the functions log stands in `docs/watch.md`: each message, and each field with its one meaning.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The folders whose code runs in a function.
const FOLDERS: [&str; 2] = ["functions", "shared"];
const EVENTS: [&str; 5] =
    ["tracing::error!(", "tracing::warn!(", "tracing::info!(", "tracing::debug!(", "tracing::info_span!("];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What stands between the parenthesis before `rest` and its counterpart, split where it's separated by commas.
fn arguments(rest: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut all = vec![String::new()];
    for letter in rest.chars() {
        let last = all.last_mut().unwrap();
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        last.push(letter);
    }
    all.into_iter().map(|argument| argument.trim().to_owned()).filter(|argument| !argument.is_empty()).collect()
}

/// The name of a field, out of `name = value`, `%name`, `?name` or `name`.
fn field(argument: &str) -> &str {
    let name = argument.split('=').next().unwrap_or_default().trim();
    name.trim_start_matches(['%', '?'])
}

/// Every message and every field there is, with a file that has it.
fn said() -> (BTreeMap<String, PathBuf>, BTreeMap<String, PathBuf>) {
    let mut files = Vec::new();
    for folder in FOLDERS {
        sources(&root().join(folder), &mut files);
    }
    let (mut messages, mut fields) = (BTreeMap::new(), BTreeMap::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // Unit tests stand at a file's end, and figures are documented in a table of their own.
        let text = text.split("#[cfg(test)]").next().unwrap();
        for event in EVENTS {
            for (at, _) in text.match_indices(event) {
                for argument in arguments(&text[at + event.len()..]) {
                    if argument.starts_with("target:") {
                        break;
                    }
                    if argument.starts_with('"') {
                        messages.insert(argument.trim_matches('"').to_owned(), file.clone());
                    } else {
                        fields.insert(field(&argument).to_owned(), file.clone());
                    }
                }
            }
        }
    }
    (messages, fields)
}

#[test]
fn every_message_and_every_field_is_documented_and_no_other() {
    let page = std::fs::read_to_string(root().join("docs/watch.md")).unwrap();
    let section = |heading: &str| {
        let from = page.split(heading).nth(1).unwrap();
        let table = from.split("\n## ").next().unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
        table.filter_map(|line| line.split('`').next()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (messages, fields) = said();
    assert!(messages.len() > 40 && fields.len() > 20, "{messages:?} {fields:?}");
    let missing = |said: &BTreeMap<String, PathBuf>, documented: &BTreeSet<String>| -> Vec<_> {
        said.iter()
            .filter(|(what, _)| !documented.contains(*what))
            .map(|(what, file)| format!("{what} ({})", file.display()))
            .collect()
    };
    let (told, named) = (section("\n## Messages"), section("\n## Fields"));
    assert_eq!(missing(&messages, &told), [""; 0], "not in the table of messages");
    assert_eq!(missing(&fields, &named), [""; 0], "not in the table of fields");
    let gone = |said: &BTreeMap<String, PathBuf>, documented: BTreeSet<String>| -> Vec<_> {
        documented.into_iter().filter(|what| !said.contains_key(what)).collect()
    };
    assert_eq!(gone(&messages, told), [""; 0], "said by nobody any more");
    assert_eq!(gone(&fields, named), [""; 0], "nobody's field any more");
}
