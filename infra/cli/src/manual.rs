//! `fakturapilot completions` and `fakturapilot man`: made from the command line's own description.

use std::path::Path;

use clap::CommandFactory;

use crate::{arguments::Arguments, error::CliError};

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "fakturapilot", &mut script);
    crate::output::raw(&script)
}

pub(crate) fn pages(folder: &Path) -> Result<(), CliError> {
    let failed = |error| CliError::File { path: folder.to_owned(), error };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)
}
