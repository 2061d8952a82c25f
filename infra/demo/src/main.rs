//! `cargo demo`: January to March of a company in Fortnox and one in e-conomic, by the real function binaries on this machine.

mod cast;
mod days;
mod digests;
mod print;
mod report;
mod run;
mod scenes;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use tracing_subscriber::EnvFilter;

/// Invoices three months of two sample companies on this machine: no AWS, no Docker, no account at either.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Don't start over: deliver every message of the last run once more, on the state it left.
    #[arg(long)]
    again: bool,
    /// Where the state, the mails and the report go.
    #[arg(long, default_value = "target/demo")]
    state: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    // The emulator warns of each refused condition, which is how two workers find out about each other.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,dynoxide=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    match run::run(&arguments.state, arguments.again).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            print::error(&error);
            ExitCode::FAILURE
        }
    }
}
