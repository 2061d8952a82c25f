//! Builds the function binaries and finds them, or takes those that a build for AWS left.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use indicatif::ProgressBar;
use serde::Deserialize;

use crate::{
    cloud::{ACCOUNT, REGION},
    template::{Place, Template, TemplateError},
};

/// How often the progress line is redrawn while the compiler is silent.
const REDRAW_EVERY: Duration = Duration::from_millis(120);

/// Variable that names a folder as `sam build` leaves it: its functions are taken, instead of building any.
pub const BUILT: &str = "FAKTURAPILOT_BUILT";

/// Executables by name.
pub type Binaries = BTreeMap<String, PathBuf>;

/// Why there are no binaries.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// cargo cannot be started, or its output cannot be read. May be repeated.
    #[error("cannot run cargo: {0}")]
    Cargo(#[from] io::Error),
    /// The code does not compile. What the compiler said was printed.
    #[error("cargo build failed: {0}")]
    Failed(ExitStatus),
    /// The template can't be read, which says where a function lies in the folder of a build.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A function isn't in that folder.
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
}

/// One line of cargo's output, in the parts that are used.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The workspace's folder, here or above: the one with the template.
pub fn workspace_root() -> io::Result<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("template.yaml").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no template.yaml here or above"))
}

/// The function binaries of the workspace at `root`: those in the folder that the variable [`BUILT`] names, else those that cargo
/// builds now. The whole workspace, not single packages: then the features, and so what was compiled before, are the same as in `cargo build`
/// and `cargo test`.
pub fn build(root: &Path) -> Result<Binaries, BuildError> {
    match std::env::var_os(BUILT) {
        Some(folder) => built(root, Path::new(&folder)),
        None => cargo(root, &["build", "--bins"]),
    }
}

/// The function binaries as they are deployed, which takes minutes the first time: those in the folder that the variable [`BUILT`]
/// names, else those that cargo builds now. Those are this machine's own, whatever it is.
pub fn build_optimised(root: &Path) -> Result<Binaries, BuildError> {
    if let Some(folder) = std::env::var_os(BUILT) {
        return built(root, Path::new(&folder));
    }
    let functions = functions(root)?;
    let mut arguments = vec!["build", "--release"];
    for binary in functions.values() {
        arguments.extend(["--bin", binary]);
    }
    cargo(root, &arguments)
}

/// The template's functions with their binaries' names.
fn functions(root: &Path) -> Result<BTreeMap<String, String>, BuildError> {
    // Where the queues are makes no difference to a binary's name.
    let place = Place { region: REGION.to_owned(), account: ACCOUNT.to_owned(), sqs_url: String::new() };
    let template = Template::read(&root.join("template.yaml"), &BTreeMap::new(), &place)?;
    Ok(template.functions.into_iter().map(|(name, function)| (name, function.binary)).collect())
}

/// `<folder>/<function>/bootstrap` each.
fn built(root: &Path, folder: &Path) -> Result<Binaries, BuildError> {
    let mut binaries = Binaries::new();
    for (name, binary) in functions(root)? {
        let bootstrap = std::path::absolute(folder.join(name).join("bootstrap"))?;
        if !bootstrap.is_file() {
            return Err(BuildError::Missing(bootstrap));
        }
        binaries.insert(binary, bootstrap);
    }
    Ok(binaries)
}

/// Builds, and shows on a terminal what is being compiled.
fn cargo(root: &Path, arguments: &[&str]) -> Result<Binaries, BuildError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        // What the compiler has to say goes to the terminal as usual.
        .args(arguments)
        .args(["--quiet", "--message-format=json-render-diagnostics"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(REDRAW_EVERY);
    progress.set_message("building the functions");

    let mut binaries = Binaries::new();
    // It was asked for above, so it is there.
    let output = child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines());
    for line in output {
        // Lines that are no JSON come from build scripts and concern nobody here.
        let Ok(message) = serde_json::from_str::<Message>(&line?) else {
            continue;
        };
        note(message, &progress, &mut binaries);
    }
    let status = child.wait()?;
    progress.finish_and_clear();
    if status.success() { Ok(binaries) } else { Err(BuildError::Failed(status)) }
}

fn note(message: Message, progress: &ProgressBar, binaries: &mut Binaries) {
    let Some(target) = message.target.filter(|_| message.reason == "compiler-artifact") else {
        return;
    };
    progress.set_message(format!("built {}", target.name));
    if let Some(executable) = message.executable
        && target.kind.iter().any(|kind| kind == "bin")
    {
        binaries.insert(target.name, executable);
    }
}
