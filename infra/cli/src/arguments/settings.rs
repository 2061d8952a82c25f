//! `fakturapilot settings`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::{
    ids::{AgreementNumber, CustomerNumber, TenantId},
    settings::Scope,
};

/// Which settings item; without either the company's profile.
#[derive(Debug, Args)]
pub(crate) struct Item {
    /// What is otherwise for this customer.
    #[arg(long, conflicts_with = "agreement")]
    pub(crate) customer: Option<CustomerNumber>,
    /// What is otherwise for this agreement.
    #[arg(long)]
    pub(crate) agreement: Option<AgreementNumber>,
}

impl Item {
    pub(crate) fn scope(&self) -> Scope {
        match (&self.customer, &self.agreement) {
            (Some(customer), _) => Scope::Customer(customer.clone()),
            (None, Some(agreement)) => Scope::Agreement(agreement.clone()),
            (None, None) => Scope::Profile,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// What is written in one item, as it's written.
    Get {
        /// Whose.
        tenant: TenantId,
        #[command(flatten)]
        item: Item,
        /// Only this setting.
        setting: Option<String>,
    },
    /// Changes some settings of one item, if the item is right with them.
    Set {
        /// Whose.
        tenant: TenantId,
        #[command(flatten)]
        item: Item,
        /// What to set: NAME=VALUE, the value as JSON or as plain text. A null takes the setting away.
        #[arg(required = true, value_name = "NAME=VALUE")]
        changes: Vec<String>,
        /// Only show what would change.
        #[arg(long)]
        dry_run: bool,
    },
    /// What an import of the file would change.
    Diff {
        /// Whose.
        tenant: TenantId,
        /// As `settings export` writes it.
        file: PathBuf,
        /// Items that aren't in the file are to go.
        #[arg(long)]
        prune: bool,
    },
    /// Whether settings are as they must be: a file's, or with a company's name the stored ones.
    Validate {
        /// A company, e.g. fortnox-1234567, or a file as `settings export` writes it.
        what: String,
    },
    /// All of a company's settings, by item.
    Export {
        /// Whose.
        tenant: TenantId,
        /// Into this file; otherwise to standard output.
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Writes a file's settings, if all of them are right. The mode is never raised by it: `tenant mode` does that.
    Import {
        /// Whose.
        tenant: TenantId,
        /// As `settings export` writes it.
        file: PathBuf,
        /// Removes items that aren't in the file.
        #[arg(long)]
        prune: bool,
        /// Only show what would change.
        #[arg(long)]
        dry_run: bool,
        /// Don't ask. Needed where nobody sits at a terminal.
        #[arg(long)]
        yes: bool,
    },
    /// Each setting in force, and where it comes from.
    Explain {
        /// Whose.
        tenant: TenantId,
        /// For this customer.
        #[arg(long)]
        customer: Option<CustomerNumber>,
        /// For this agreement. Its customer is asked for in the accounting system, unless named.
        #[arg(long)]
        agreement: Option<AgreementNumber>,
        /// Only this setting.
        setting: Option<String>,
    },
    /// The JSON Schema of all settings, made from the types that read them.
    Schema {
        /// As a page for people.
        #[arg(long)]
        markdown: bool,
    },
}
