//! `cargo measure`: how fast and how cheap the system is, on this machine.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the command's own output")]

use std::{path::PathBuf, process::ExitCode, sync::LazyLock, time::Instant};

use bench::{Built, Report, Setting, cases::CASES};
use clap::Parser;
use stage::StageError;
use tracing_subscriber::EnvFilter;

/// Measures the real functions on this machine: no AWS, no account at any accounting system.
#[derive(Debug, Parser)]
#[command(version, after_help = cases())]
struct Arguments {
    /// The cases to measure; all of them, if none is named.
    #[arg(value_name = "CASE", value_parser = CASES.map(|case| case.name))]
    cases: Vec<String>,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    json: bool,
    /// Take the functions as tests build them: minutes less of compiling. Right for counts, not for times.
    #[arg(long)]
    quick: bool,
    /// Also write the tables to this page, between its two marks.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Where state goes.
    #[arg(long, default_value = "target/bench")]
    state: PathBuf,
}

fn cases() -> String {
    let lines: Vec<String> = CASES.iter().map(|case| format!("  {:<8} {}", case.name, case.about)).collect();
    format!("Cases:\n{}", lines.join("\n"))
}

/// When it began, for whoever waits.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

fn tell(line: &str) {
    eprintln!("{:>5} s  {line}", BEGAN.elapsed().as_secs());
}

#[tokio::main]
async fn main() -> ExitCode {
    LazyLock::force(&BEGAN);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error,dynoxide=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("could not measure: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every bar is met.
async fn run(arguments: Arguments) -> Result<bool, StageError> {
    let root = local::workspace_root()?;
    let built = if arguments.quick { Built::Quickly } else { Built::Optimised };
    tell(&format!("building the functions: {}", built.words()));
    let binaries = match built {
        Built::Quickly => local::build(&root)?,
        Built::Optimised => local::build_optimised(&root)?,
    };
    let setting = Setting { binaries, built, folder: arguments.state, progress: |line| tell(&format!("  {line}")) };
    let mut report = Report::new(built.words());
    let wanted = |name: &str| arguments.cases.is_empty() || arguments.cases.iter().any(|case| case == name);
    for case in CASES.iter().filter(|case| wanted(case.name)) {
        tell(&format!("{}: {}", case.name, case.about));
        (case.run)(&setting, &mut report).await?;
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{}", report.for_terminal());
    }
    if let Some(page) = arguments.page {
        bench::write_page(&page, &report)?;
    }
    Ok(report.missed().next().is_none())
}
