//! `fakturapilot`: what a consultant and an operator look at and decide by hand, on AWS and on the local cloud alike.

mod arguments;
mod digests;
mod error;
mod jobs;
mod letters;
mod output;
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
    let stack = Stack::read(&arguments.stack)?;
    let pipeline = stack.pipeline().await?;
    let output = Output::new(arguments.json);
    match arguments.command {
        Command::Tenant(command) => tenants::run(&pipeline, &output, command).await,
        Command::Jobs(command) => jobs::run(&pipeline, &output, command).await,
        Command::Digest(command) => digests::run(&pipeline, &output, command).await,
        Command::Dlq(command) => letters::run(&pipeline, &stack.letters(&pipeline)?, &output, command).await,
    }
}
