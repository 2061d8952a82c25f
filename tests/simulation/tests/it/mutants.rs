//! A check of the checker: the workflow made wrong on purpose, in many ways, each of which the simulation must notice.
//!
//! The workspace is copied, every mutant is written into the copy behind a switch, and the copy is built once. With no switch
//! on it must keep all promises, so that it's the mutants that break them.

mod copy;
mod digests;
mod drafts;
mod list;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
};

use self::list::Mutant;

/// Runs within which a mutant must have broken a promise: half as many as every promise is kept in.
const MOST_RUNS: u64 = 50_000;
/// Runs with drafts within which a mutant of what concerns them must have done so: they take longer, and each has several drafts.
const MOST_DRAFT_RUNS: u64 = 3_000;
/// Runs of the copy without any mutant.
const SOUND_RUNS: u64 = 300;
const SOUND_DRAFT_RUNS: u64 = 50;
/// Not the first seeds, which the other test runs with the workflow as it is.
const FIRST_SEED: u64 = 1_000_000;

/// What the switch is called.
const SWITCH: &str = "MUTANT";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The copy's simulation, built once.
fn simulate() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = root();
        let copy = root.join("target/mutants");
        let all: Vec<&Mutant> = kinds().into_iter().flat_map(|kind| kind.mutants).collect();
        copy::make(&root, &copy, &all);
        // Everything that isn't ours is compiled already: the same target folder, the same features.
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--bin", copy::BINARY])
            .env("CARGO_TARGET_DIR", root.join("target"))
            .current_dir(&copy)
            .status()
            .unwrap();
        assert!(status.success(), "the workspace with the mutants in it doesn't compile");
        root.join("target/debug").join(copy::BINARY)
    })
}

/// Mutants, and the runs that must notice them.
#[derive(Clone, Copy)]
struct Kind {
    mutants: &'static [Mutant],
    runs: u64,
    switch: Option<&'static str>,
}

fn kinds() -> [Kind; 3] {
    [
        Kind { mutants: drafts::MUTANTS, runs: MOST_DRAFT_RUNS, switch: Some("--drafts") },
        Kind { mutants: digests::MUTANTS, runs: MOST_RUNS, switch: None },
        Kind { mutants: list::MUTANTS, runs: MOST_RUNS, switch: None },
    ]
}

fn run(kind: Kind, mutant: &str, runs: u64) -> Output {
    Command::new(simulate())
        .args(kind.switch)
        .args(["--from", &FIRST_SEED.to_string(), "--runs", &runs.to_string()])
        .args(["--until-broken", "--side-by-side", "1"])
        .env(SWITCH, mutant)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn the_copy_keeps_all_promises_while_no_mutant_is_on() {
    let [drafts, _, agreements] = kinds();
    for (kind, runs) in [(drafts, SOUND_DRAFT_RUNS), (agreements, SOUND_RUNS)] {
        let output = run(kind, "", runs);
        assert!(output.status.success(), "{} {}", told(&output), String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn every_mutant_is_caught() {
    let _turn = crate::all_processors();
    simulate();
    let (left, results) = (
        Mutex::new(kinds().into_iter().flat_map(|kind| kind.mutants.iter().map(move |mutant| (kind, mutant)))),
        Mutex::new(Vec::new()),
    );
    let take = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        for _ in 0..simulation::processors() {
            scope.spawn(|| {
                while let Some((kind, mutant)) = take() {
                    let output = run(kind, mutant.name, kind.runs);
                    println!("{}: {}: {}", mutant.name, mutant.what, told(&output));
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((mutant, output));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(mutant, _)| mutant.name);
    let survivors: Vec<_> = results.iter().filter(|(_, output)| output.status.code() != Some(1)).collect();
    let names: Vec<_> = survivors.iter().map(|(mutant, _)| mutant.name).collect();
    assert!(names.is_empty(), "not caught: {names:?}");
}
