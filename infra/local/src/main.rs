//! Command line of the local cloud.

#![allow(clippy::doc_markdown, reason = "the names of AWS's products are no code")]

mod rights;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The whole system on one machine, without Docker and without AWS.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the functions, starts everything and stays up until interrupted.
    Up(up::Up),
    /// Finds what the functions' roles allow and no run ever used. Run it after the tests.
    UnusedRights(rights::UnusedRights),
}

#[tokio::main]
async fn main() -> ExitCode {
    // A failed invocation or poll is worth a line; RUST_LOG asks for more.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Cli::parse().command {
        Command::Up(up) => up.run().await,
        Command::UnusedRights(rights) => rights.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the command line's own output")]
fn report(error: &dyn std::error::Error) {
    eprintln!("{error}");
}
