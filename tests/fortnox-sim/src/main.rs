//! A local Fortnox on the command line. The crate's README tells what it can do.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use fortnox_sim::{CompanyFile, Simulator, SimulatorOptions};

/// A local Fortnox with a ledger.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Company file; may be given several times.
    #[arg(long, required = true)]
    company: Vec<PathBuf>,
    /// Milliseconds to wait before every answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let companies = arguments.company.iter().map(|path| CompanyFile::read(path)).collect::<Result<_, _>>()?;
    let simulator = Simulator::start(SimulatorOptions {
        port: arguments.port,
        companies,
        latency: Duration::from_millis(arguments.latency_ms),
        start_at: None,
    })
    .await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on {}", simulator.base_url())?;
    stdout.flush()?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
