//! `fakturapilot`: what a consultant and an operator look at and decide by hand, on AWS and on the local cloud alike.

mod arguments;
mod connect;
mod digests;
mod erase;
mod error;
mod jobs;
mod letters;
mod mails;
mod manual;
mod output;
mod preflight;
mod preview;
mod prices;
mod scan;
mod settings;
mod stack;
mod tenants;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    arguments::{Arguments, Command},
    error::CliError,
    output::Output,
    stack::Stack,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), CliError> {
    let output = Output::new(arguments.json);
    let command = match arguments.command {
        // What needs no stack works without one.
        Command::Completions { shell } => return manual::completions(shell),
        Command::Man { folder } => return manual::pages(&folder),
        Command::Settings(command) => match settings::without_a_stack(output, command)? {
            Some(command) => Command::Settings(command),
            None => return Ok(()),
        },
        command => command,
    };
    let stack = Stack::read(&arguments.stack)?;
    let pipeline = stack.pipeline().await?;
    match command {
        Command::Tenant(command) => tenants::run(&pipeline, &stack, &output, command).await,
        Command::Settings(command) => settings::run(&pipeline, &stack, output, command).await,
        Command::Connect(asked) => connect::run(&pipeline, &stack, output, asked).await,
        Command::Preflight { tenant, last } => preflight::run(&pipeline, output, &tenant, last).await,
        Command::Preview { tenant, date, all } => preview::run(&pipeline, output, &tenant, date, all).await,
        Command::Jobs(command) => jobs::run(&pipeline, &stack, &output, command).await,
        Command::Mail(command) => mails::run(&pipeline, output, command).await,
        Command::Prices(command) => prices::run(&pipeline, output, command).await,
        Command::Digest(command) => digests::run(&pipeline, &output, command).await,
        Command::Dlq(command) => letters::run(&pipeline, &stack.letters(&pipeline)?, &output, command).await,
        Command::Scan(command) => scan::run(&pipeline, output, command).await,
        Command::Completions { .. } | Command::Man { .. } => Ok(()),
    }
}
