//! Why a command failed, and the exit code that says so.

use std::path::PathBuf;

use workflow::{PeopleError, dead_letters::RedriveError, ports::PortError};

/// Why a command failed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The file of the stack's outputs.
    #[error(
        "the stack's outputs in {} can't be used: {why}. Write them with `sam list stack-outputs --stack-name NAME --output json > {}`, \
         or name the file with --stack",
        path.display(), path.display()
    )]
    Stack {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The clients.
    #[error(transparent)]
    Start(#[from] cloud::StartError),
    /// A table or queue.
    #[error("{}. The command may be given again", .0.in_full())]
    Port(#[from] PortError),
    /// A person's decision.
    #[error("{0}")]
    People(PeopleError),
    /// A letter.
    #[error("{0}")]
    Redrive(RedriveError),
    /// Nothing by that name.
    #[error("{0}")]
    Missing(String),
    /// Not done, since nobody said yes.
    #[error("nothing was done: {0}")]
    NotConfirmed(&'static str),
    /// What should have been shown.
    #[error("it can't be shown: {0}")]
    Shown(String),
}

impl CliError {
    /// As `--help` tells them.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Start(_)
            | Self::Port(_)
            | Self::Shown(_)
            | Self::People(PeopleError::Port(_))
            | Self::Redrive(RedriveError::Port(_)) => 1,
            Self::Missing(_) | Self::People(PeopleError::Missing(_)) => 3,
            Self::People(_) | Self::Redrive(_) | Self::NotConfirmed(_) => 4,
            Self::Stack { .. } => 5,
        }
    }
}

impl From<PeopleError> for CliError {
    fn from(error: PeopleError) -> Self {
        Self::People(error)
    }
}

impl From<RedriveError> for CliError {
    fn from(error: RedriveError) -> Self {
        Self::Redrive(error)
    }
}
