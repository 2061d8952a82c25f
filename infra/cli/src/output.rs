//! What a person or a program sees.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use anstream::{eprint, eprintln, println};
use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::ProgressBar;
use serde::Serialize;
use workflow::TimeLeft;

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

/// Bytes as they are.
pub(crate) fn raw(bytes: &[u8]) -> Result<(), CliError> {
    std::io::stdout().write_all(bytes).map_err(|error| CliError::Shown(error.to_string()))
}

/// How a line is to be taken. Colours are only seen on a terminal, and not where `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    /// All is well.
    Good,
    /// It waits for a person, or will.
    Waits,
    /// It's in the way.
    Bad,
    /// A heading.
    Heading,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Waits => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Heading => Style::new().bold(),
        }
    }
}

/// A line in its tone.
pub(crate) fn toned(tone: Tone, text: &str) {
    let style = tone.style();
    println!("{style}{text}{style:#}");
}

/// What is being done, on a terminal's last line until it's dropped. Elsewhere nothing is shown.
pub(crate) struct Progress(ProgressBar, &'static str);

impl Progress {
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar, what)
    }

    /// How many so far.
    pub(crate) fn so_far(&self, count: usize) {
        self.0.set_message(format!("{}: {count}", self.1));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A person waits as long as it takes.
pub(crate) struct Patience;

impl TimeLeft for Patience {
    fn time_left(&self) -> Duration {
        Duration::MAX
    }
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
    let text = table.trim_fmt();
    let (headings, rows) = text.split_once('\n').unwrap_or((&text, ""));
    toned(Tone::Heading, headings);
    println!("{rows}");
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
        let why = "it has to be confirmed, and nobody sits at a terminal. Give --yes";
        return Err(CliError::NotConfirmed(why.to_owned()));
    }
    eprint!("{what} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    if read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    Err(CliError::NotConfirmed("the answer was no".to_owned()))
}

/// Whether a person types `name` in full, to have `what` done. Where nobody sits at a terminal it has to be `said` beforehand.
pub(crate) fn confirm_by_name(what: &str, name: &str, said: Option<&str>) -> Result<(), CliError> {
    let refused = |why: &str| Err(CliError::NotConfirmed(why.to_owned()));
    if let Some(said) = said {
        return if said == name { Ok(()) } else { refused("--yes names another one") };
    }
    if !std::io::stdin().is_terminal() {
        return refused(&format!("it has to be confirmed, and nobody sits at a terminal. Give --yes {name}"));
    }
    eprint!("{what}\nType {name} to go on: ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    match std::io::stdin().read_line(&mut answer) {
        Ok(_) if answer.trim() == name => Ok(()),
        _ => refused("that isn't its name"),
    }
}
