//! A simulator as a program of its own.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;
use clap::error::ErrorKind;
use clap::{Args as _, Command, FromArgMatches as _};

use crate::clock::clock_in;
use crate::simulator::{Simulator, SimulatorOptions};
use crate::world::World;

#[derive(Debug, clap::Args)]
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
    /// Goes by the clock of a local cloud, in this file: `clock` in its state folder.
    #[arg(long)]
    clock_file: Option<PathBuf>,
}

/// Serves a simulated accounting system as the command line says, until it's told to stop. `name` is the program's and
/// `about` says what it is; `read` reads a company file.
pub async fn serve<W: World>(
    name: &'static str,
    about: &'static str,
    read: impl Fn(&Path) -> Result<W::File, W::FileError>,
) -> Result<(), Box<dyn Error>> {
    let command = Command::new(name).about(about).version(env!("CARGO_PKG_VERSION"));
    let mut command = Arguments::augment_args(command);
    let arguments = Arguments::from_arg_matches(&command.get_matches_mut())?;
    let simulator = Simulator::<W>::start(SimulatorOptions {
        port: arguments.port,
        companies: companies::<W>(&mut command, &arguments, read)?,
        latency: Duration::from_millis(arguments.latency_ms),
        restore: arguments.state.clone(),
        clock: arguments.clock_file.clone().map(|file| clock_in(file, TimeDelta::zero())),
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
fn companies<W: World>(
    command: &mut Command,
    arguments: &Arguments,
    read: impl Fn(&Path) -> Result<W::File, W::FileError>,
) -> Result<Vec<W::File>, Box<dyn Error>> {
    if arguments.state.as_ref().is_some_and(|path| path.exists()) {
        return Ok(Vec::new());
    }
    if arguments.company.is_empty() {
        let message = "there is no state to go on from: give at least one --company";
        command.error(ErrorKind::MissingRequiredArgument, message).exit();
    }
    Ok(arguments.company.iter().map(|path| read(path)).collect::<Result<_, _>>()?)
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
