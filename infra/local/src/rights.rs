//! `local unused-rights`: no role may do what its function never does.

use std::{error::Error, path::PathBuf};

use clap::Args;

/// Options of `local unused-rights`.
#[derive(Args)]
pub(crate) struct UnusedRights {
    /// Folder with the states of the runs, at any depth.
    #[arg(default_value = "target/tmp")]
    states: PathBuf,
}

impl UnusedRights {
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        let root = local::workspace_root()?;
        let unused = local::unused(&root.join("template.yaml"), &self.states)?;
        if unused.is_empty() {
            say("Every right of every role was used.");
            return Ok(());
        }
        let lines: Vec<String> = unused.iter().map(ToString::to_string).collect();
        Err(format!("Rights that nothing used, so that the roles may lose them:\n{}", lines.join("\n")).into())
    }
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn say(words: &str) {
    println!("{words}");
}
