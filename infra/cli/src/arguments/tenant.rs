//! `fakturapilot tenant`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use domain::{ids::TenantId, settings::Mode};

/// How much may be done for a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ModeName {
    /// Nothing at all.
    Off,
    /// Decide and report.
    Preview,
    /// Create invoices; never book or deliver.
    DraftOnly,
    /// Everything the settings ask for. A pre-flight is run first, and refuses while something blocks.
    Full,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Off => Self::Off,
            ModeName::Preview => Self::Preview,
            ModeName::DraftOnly => Self::DraftOnly,
            ModeName::Full => Self::Full,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Every company with a profile.
    List,
    /// One company: its mode, and what of it needs a person.
    Show {
        /// Which, e.g. fortnox-1234567.
        tenant: TenantId,
    },
    /// Switches a company on, down or off. Works at once.
    Mode {
        /// Which.
        tenant: TenantId,
        /// What it may do from now on.
        mode: ModeName,
        /// Only show what would be in the way of `full`; the report of that look counts all the same.
        #[arg(long)]
        dry_run: bool,
        /// Don't ask. Needed for `full` where nobody sits at a terminal.
        #[arg(long)]
        yes: bool,
    },
    /// Gives out everything that is stored of a company, one JSON object a line, without what opens anything.
    Export {
        /// Which.
        tenant: TenantId,
        /// Into this file, which mustn't be there yet; otherwise to standard output.
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Erases everything that is stored of a company, in every table, for good. Export it first.
    Erase {
        /// Which.
        tenant: TenantId,
        /// Only count what would be erased.
        #[arg(long)]
        dry_run: bool,
        /// Also while the outcome of a step isn't known: its invoice may be made, booked or sent, and nobody will remember it.
        #[arg(long)]
        force: bool,
        /// The company's name once more, instead of being asked for it.
        #[arg(long, value_name = "TENANT")]
        yes: Option<TenantId>,
    },
}
