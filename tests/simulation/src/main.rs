//! `cargo simulate`: many runs by seed, or one with its story.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks")]

use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use simulation::{DraftsPlan, Plan, Run, breaks, drafts_break, processors, run_many, story};

/// Runs the real workflow over a simulated world, by seed, and judges each run by the promises.
#[derive(Parser)]
#[command(name = "simulate", after_help = "Exit code: 0 when every promise was kept, 1 when one was broken.")]
struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 100_000)]
    runs: u64,
    /// Runs side by side; all processors by default.
    #[arg(long)]
    side_by_side: Option<usize>,
    /// Stop at the first broken promise, and say only its seed and how many runs it took.
    #[arg(long)]
    until_broken: bool,
    /// One seed: tell its story, whole.
    #[arg(long, conflicts_with_all = ["from", "runs", "until_broken"])]
    seed: Option<u64>,
    /// Runs with drafts in e-conomic instead of agreements in Fortnox.
    #[arg(long)]
    drafts: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) if arguments.drafts => one_with_drafts(seed),
        Some(seed) => one(seed),
        None if arguments.until_broken => until_broken(&arguments),
        None => many(&arguments),
    }
}

fn one(seed: u64) -> ExitCode {
    let plan = Plan::of(seed);
    let outcome = Run::of(&plan);
    println!("{}", story(&plan, &outcome));
    if outcome.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one_with_drafts(seed: u64) -> ExitCode {
    println!("{}", simulation::drafts_story(&DraftsPlan::of(seed)));
    if drafts_break(seed) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn kind(arguments: &Arguments) -> fn(u64) -> bool {
    if arguments.drafts { drafts_break } else { breaks }
}

/// For a program: one line.
fn until_broken(arguments: &Arguments) -> ExitCode {
    let side_by_side = arguments.side_by_side.unwrap_or_else(processors);
    let tally = run_many(arguments.from, arguments.runs, side_by_side, true, kind(arguments));
    match tally.broken.first() {
        Some(seed) => println!("seed {seed} runs {}", tally.runs),
        None => println!("runs {}", tally.runs),
    }
    if tally.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn many(arguments: &Arguments) -> ExitCode {
    let bar = ProgressBar::new(arguments.runs);
    #[expect(clippy::expect_used, reason = "the template is a constant")]
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} runs, {per_sec}, {eta} to go")
        .expect("the template above is one that indicatif knows");
    bar.set_style(style);
    let began = std::time::Instant::now();
    let side_by_side = arguments.side_by_side.unwrap_or_else(processors);
    let tally = run_many(arguments.from, arguments.runs, side_by_side, false, |seed| {
        bar.inc(1);
        kind(arguments)(seed)
    });
    bar.finish_and_clear();
    println!(
        "{} runs in {:.1} s, {} with a broken promise",
        tally.runs,
        began.elapsed().as_secs_f32(),
        tally.broken.len()
    );
    let Some(first) = tally.broken.first() else { return ExitCode::SUCCESS };
    println!("seeds: {:?}", tally.broken);
    let failure = if arguments.drafts { simulation::drafts_failure } else { simulation::failure };
    println!("{}", failure(*first));
    ExitCode::FAILURE
}
