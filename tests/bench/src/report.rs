//! What was measured, for people and for programs.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::Serialize;

use crate::{figure::Figure, machine::Machine};

/// A table of what isn't one figure: which calls, and what they cost.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// What it's of.
    pub title: String,
    /// Its columns. All but the first hold numbers or words about them.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    pub(crate) fn new<const N: usize>(title: impl Into<String>, columns: [&str; N]) -> Self {
        Self { title: title.into(), columns: columns.map(ToOwned::to_owned).to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(Vec::from(row));
    }
}

/// All that was measured in one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    machine: Machine,
    /// How the functions were built.
    functions: &'static str,
    /// The figures, in the order in which they were taken.
    pub figures: Vec<Figure>,
    /// The tables beside them.
    pub sheets: Vec<Sheet>,
}

impl Report {
    /// An empty one, of functions that were built so.
    pub fn new(functions: &'static str) -> Self {
        Self { machine: Machine::here(), functions, figures: Vec::new(), sheets: Vec::new() }
    }

    /// What isn't as it must be.
    pub fn missed(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| !figure.is_met())
    }

    /// As tables on a terminal.
    pub fn for_terminal(&self) -> String {
        let mut text = String::new();
        for sheet in self.sheets.iter().chain([&self.as_sheet()]) {
            let mut table = Table::new();
            table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_header(&sheet.columns);
            table.add_rows(&sheet.rows);
            // Nothing can go wrong in a string.
            let _ = write!(text, "\n{}\n{table}\n", sheet.title);
        }
        let _ = writeln!(text, "\nMachine: {}. Functions: {}.", self.machine.line(), self.functions);
        text
    }

    /// As the tables of a page.
    pub fn for_page(&self) -> String {
        let mut text = format!("Measured on: {}. Functions: {}.\n", self.machine.line(), self.functions);
        for sheet in [&self.as_sheet()].into_iter().chain(&self.sheets) {
            let _ = writeln!(text, "\n### {}\n", sheet.title);
            let _ = writeln!(text, "| {} |", sheet.columns.join(" | "));
            let _ = writeln!(text, "|{}", " --- |".repeat(sheet.columns.len()));
            for row in &sheet.rows {
                let _ = writeln!(text, "| {} |", row.join(" | "));
            }
        }
        text
    }

    fn as_sheet(&self) -> Sheet {
        let mut sheet = Sheet::new("Figures", ["case", "what", "of", "measured", "bar", "", "work"]);
        for figure in &self.figures {
            let verdict = match figure.bar {
                None => "",
                Some(_) if figure.is_met() => "✔",
                Some(_) => "✘",
            };
            sheet.row([
                figure.case.to_owned(),
                figure.what.clone(),
                figure.statistic.to_owned(),
                figure.shown(),
                figure.bar_shown(),
                verdict.to_owned(),
                figure.workload.clone(),
            ]);
        }
        sheet
    }
}
