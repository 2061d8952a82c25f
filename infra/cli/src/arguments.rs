//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use domain::{ids::TenantId, job::JobKey};
use workflow::dead_letters::{DeadLetterQueue, LetterId};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a table or queue of the stack didn't answer, or refused
  2  the command line can't be read
  3  there is no such tenant, job, digest or letter
  4  it was not done: nothing to decide, somebody else is at it, or the answer was no
  5  the stack's outputs can't be used";

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
    /// The jobs: one for each invoice of an agreement's period, and for each draft.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// What a company was told.
    #[command(subcommand)]
    Digest(DigestCommand),
    /// Messages that no function could deal with.
    #[command(subcommand)]
    Dlq(DlqCommand),
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
    /// Says yes: it goes on, past the guard or doubt that held it.
    Approve(Decide),
    /// Says no: it's done with, and nothing more of it is invoiced, booked or sent.
    Skip(Decide),
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
    /// Don't ask. Needed where nobody sits at a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
}
