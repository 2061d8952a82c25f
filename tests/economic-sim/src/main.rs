//! A local e-conomic on the command line. The crate's README tells what it can do.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser};
use economic_sim::{CompanyFile, Simulator, SimulatorOptions};

/// A local e-conomic with a ledger.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Company file; may be given several times. Read only when there is no state file yet.
    #[arg(long)]
    company: Vec<PathBuf>,
    /// State file: goes on from it when it exists, and writes it when stopped.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Milliseconds to wait before every answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let simulator = Simulator::start(SimulatorOptions {
        port: arguments.port,
        companies: companies(&arguments)?,
        latency: Duration::from_millis(arguments.latency_ms),
        restore: arguments.state.clone(),
        ..SimulatorOptions::default()
    })
    .await?;
    let told_to_stop = told_to_stop()?;
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", simulator.base_url())?;
    stdout.flush()?;
    told_to_stop.await?;
    match arguments.state {
        Some(path) => simulator.stop_and_save(&path).await?,
        None => simulator.stop().await,
    }
    Ok(())
}

/// The companies to begin with; none when there is a state to go on from.
fn companies(arguments: &Arguments) -> Result<Vec<CompanyFile>, Box<dyn Error>> {
    if arguments.state.as_ref().is_some_and(|path| path.exists()) {
        return Ok(Vec::new());
    }
    if arguments.company.is_empty() {
        let message = "there is no state to go on from: give at least one --company";
        Arguments::command().error(ErrorKind::MissingRequiredArgument, message).exit();
    }
    Ok(arguments.company.iter().map(|path| CompanyFile::read(path)).collect::<Result<_, _>>()?)
}

/// Comes back on Ctrl-C and on SIGTERM, by which a program that started us stops us. Listens from the call on, so that
/// no signal is lost once the address is printed.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

/// Comes back on Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
