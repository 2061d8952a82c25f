//! Command line of the local cloud.

mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Up(up) => up.run().await,
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
