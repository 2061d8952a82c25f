//! The command line.

mod settings;
mod tenant;

use std::path::PathBuf;

pub(crate) use self::{
    settings::{Item, SettingsCommand},
    tenant::TenantCommand,
};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use domain::{ids::TenantId, job::JobKey};
use workflow::dead_letters::{DeadLetterQueue, LetterId};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a table or queue of the stack didn't answer, or refused
  2  the command line can't be read
  3  there is no such tenant, job, digest, mail or letter
  4  it was not done: nothing to decide, somebody else is at it, something blocks, or the answer was no
  5  the stack's outputs can't be used
  6  the accounting system didn't answer, or refused
  7  settings are not as they must be";

/// Looks at what Fakturapilot decided and did, and decides what waits for a person.
#[derive(Debug, Parser)]
#[command(name = "fakturapilot", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// The stack's outputs: what `sam list stack-outputs --stack-name NAME --output json` prints, in a file. The local cloud writes
    /// one into its state folder.
    #[arg(long, global = true, env = "FAKTURAPILOT_STACK", default_value = "stack.json", value_name = "FILE")]
    pub(crate) stack: PathBuf,
    /// JSON for programs instead of tables for people.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The companies.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// What companies chose.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Makes a link by which a company's own people connect it.
    Connect(Connect),
    /// Looks at everything that a company's invoicing depends on, and says what to do. The report counts from then on.
    Preflight {
        /// Which company.
        tenant: TenantId,
        /// Only show the newest report.
        #[arg(long)]
        last: bool,
    },
    /// What would be created, booked and sent, and why not for the rest. Changes nothing.
    Preview {
        /// Whose.
        tenant: TenantId,
        /// On that day of the company's, as if nothing changed until then; otherwise today.
        #[arg(long)]
        date: Option<NaiveDate>,
        /// Each agreement and draft, also those of which nothing would come.
        #[arg(long)]
        all: bool,
    },
    /// The jobs: one for each invoice of an agreement's period, and for each draft.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// What became of mails.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Prices that follow the lists.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// What a company was told.
    #[command(subcommand)]
    Digest(DigestCommand),
    /// Messages that no function could deal with.
    #[command(subcommand)]
    Dlq(DlqCommand),
    /// The daily scan of agreements, or the sweep of drafts.
    #[command(subcommand)]
    Scan(ScanCommand),
    /// Completions for a shell: e.g. `fakturapilot completions bash > /etc/bash_completion.d/fakturapilot`.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual's pages, one a command.
    Man {
        /// Into this folder.
        folder: PathBuf,
    },
}

/// Whom to invite.
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The accounting system.
    #[arg(value_parser = ["fortnox", "economic"])]
    pub(crate) system: String,
    /// Only this company may be connected by the link.
    #[arg(long)]
    pub(crate) tenant: Option<TenantId>,
    /// In the name of the user who consents, where no system administrator can be had; otherwise a service account.
    #[arg(long)]
    pub(crate) user: bool,
    /// Ask for Fortnox's invoice service too. Only for who has that licence: without it the whole consent fails.
    #[arg(long)]
    pub(crate) invoice_service: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// The mails of a job, and how each stands with each recipient. Addresses are kept nowhere.
    Show {
        /// Which job.
        job: JobKey,
        /// The letter as it would be mailed now, by what is set now.
        #[arg(long)]
        letter: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PricesCommand {
    /// Agreements' rows against their lists: what would follow, and what wouldn't, and why. Changes nothing.
    Preview {
        /// Whose.
        tenant: TenantId,
        /// Also rows that say what the list says.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScanCommand {
    /// Has a company's agreements or drafts looked at now instead of at their hour. What is due is done as far as its mode lets it.
    Now {
        /// Whose.
        tenant: TenantId,
        /// Only show what would be done: the same as `preview`.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// What waits for a person, the longest waiting first; or with --date all of a day.
    List {
        /// Whose.
        tenant: TenantId,
        /// All that were decided on that day of the company's, whatever became of them.
        #[arg(long)]
        date: Option<NaiveDate>,
    },
    /// One job and its whole story.
    Show {
        /// Which, e.g. fortnox-1234567:4:2026-02-01.
        job: JobKey,
    },
    /// Why a job stands as it does: the settings in force for it and where each comes from, its steps, and what is next.
    Explain {
        /// Which.
        job: JobKey,
    },
    /// Says yes: it goes on, past the guard or doubt that held it.
    Approve(Decide),
    /// Says no: it's done with, and nothing more of it is invoiced, booked or sent.
    Skip(Decide),
    /// Has a failed job tried again, once what it failed by is put right; or one that waits looked at now. Lifts no hold.
    Retry(Decide),
    /// Has an invoice that was delivered delivered once more, by what is set now.
    Resend {
        #[command(flatten)]
        decide: Decide,
        /// Why, for the journal.
        #[arg(long)]
        why: String,
    },
}

/// A decision, and who makes it.
#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// On which job.
    pub(crate) job: JobKey,
    /// Who decides, for the journal.
    #[arg(long, env = "USER")]
    pub(crate) by: String,
    /// Only show what it would be decided on.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Don't ask. Needed where nobody sits at a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DigestCommand {
    /// A company's digest, as its mail says it.
    Show {
        /// Whose.
        tenant: TenantId,
        /// Of which day of the company's; otherwise its newest.
        date: Option<NaiveDate>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DlqCommand {
    /// The letters of one queue, or of all. They stay there.
    List {
        /// Which queue.
        queue: Option<DeadLetterQueue>,
        /// Most letters of each queue.
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// One letter with all that it says. It may quote what it's about.
    Show {
        /// Its queue.
        queue: DeadLetterQueue,
        /// Its id, as `dlq list` shows it.
        id: LetterId,
    },
    /// Sends one to its queue again.
    Redrive(Letter),
    /// Throws one away. What it asked for isn't done because of it.
    Discard(Letter),
}

/// A letter, and who acts on it.
#[derive(Debug, Args)]
pub(crate) struct Letter {
    /// Its queue.
    pub(crate) queue: DeadLetterQueue,
    /// Its id, as `dlq list` shows it.
    pub(crate) id: LetterId,
    /// Who acts, for the journal.
    #[arg(long, env = "USER")]
    pub(crate) by: String,
    /// Only show the letter.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Don't ask. Needed where nobody sits at a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
}
