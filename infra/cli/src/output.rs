//! What a person or a program sees.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own output")]

use std::io::{IsTerminal, Write};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use crate::error::CliError;

/// Tables, or JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// `value` for programs, or what `show` prints for people.
    pub(crate) fn say(self, value: &impl Serialize, show: impl FnOnce()) -> Result<(), CliError> {
        if self.json {
            let text = serde_json::to_string_pretty(value).map_err(|error| CliError::Shown(error.to_string()))?;
            println!("{text}");
        } else {
            show();
        }
        Ok(())
    }
}

pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Rows under headings. On a terminal long cells are broken to its width; elsewhere each row is one line.
pub(crate) fn table(headings: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return println!("none");
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(headings).add_rows(rows);
    if std::io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    println!("{}", table.trim_fmt());
}

/// An instant on the tenant's clock, and which clock that is.
pub(crate) fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
}

pub(crate) fn complain(error: &CliError) {
    eprintln!("fakturapilot: {error}");
}

/// Whether a person says yes to `what`. Where nobody sits at a terminal it has to be said beforehand.
pub(crate) fn confirm(what: &str, said: bool) -> Result<(), CliError> {
    if said {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::NotConfirmed("it has to be confirmed, and nobody sits at a terminal. Give --yes"));
    }
    eprint!("{what} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    if read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    Err(CliError::NotConfirmed("the answer was no"))
}
