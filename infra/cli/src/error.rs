//! Why a command failed, and the exit code that says so.

use std::path::PathBuf;

use domain::settings::{Scope, SettingsError};
use workflow::{
    PeopleError, PreviewError,
    dead_letters::RedriveError,
    ports::PortError,
    preflight::{ModeError, PreflightError},
};

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
    /// Something that was read from the accounting system.
    #[error("{0}")]
    Preview(PreviewError),
    /// A pre-flight.
    #[error("{0}")]
    Preflight(PreflightError),
    /// A mode.
    #[error("{0}. Look at it with `fakturapilot tenant show`, and give the command again")]
    Mode(ModeError),
    /// An item that isn't as it must be.
    #[error("{scope}: {error}")]
    Settings {
        /// Which item.
        scope: String,
        /// The field, and what is wrong with it.
        error: SettingsError,
    },
    /// A file of settings, or a change of one.
    #[error("{0}")]
    NotSettings(String),
    /// Somebody else wrote the item at the same time.
    #[error("nothing was written to {0}: somebody has just written it. Look at it, and give the command again")]
    Moved(Scope),
    /// A file can't be written or read.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Nothing by that name.
    #[error("{0}")]
    Missing(String),
    /// Not done, since nobody said yes.
    #[error("nothing was done: {0}")]
    NotConfirmed(String),
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
            | Self::File { .. }
            | Self::People(PeopleError::Port(_))
            | Self::Redrive(RedriveError::Port(_))
            | Self::Preview(PreviewError::Port(_))
            | Self::Preflight(PreflightError::Port(_))
            | Self::Mode(ModeError::Preflight(PreflightError::Port(_))) => 1,
            Self::Missing(_)
            | Self::People(PeopleError::Missing(_))
            | Self::Preview(PreviewError::UnknownTenant)
            | Self::Preflight(PreflightError::Unknown(_))
            | Self::Mode(ModeError::Preflight(PreflightError::Unknown(_))) => 3,
            Self::People(_)
            | Self::Redrive(_)
            | Self::NotConfirmed(_)
            | Self::Moved(_)
            | Self::Mode(ModeError::Moved) => 4,
            Self::Stack { .. } => 5,
            Self::Preview(PreviewError::Accounting(_)) | Self::Preflight(_) | Self::Mode(ModeError::Preflight(_)) => 6,
            Self::Settings { .. }
            | Self::NotSettings(_)
            | Self::Preview(PreviewError::Held(_))
            | Self::Mode(ModeError::Broken(_)) => 7,
        }
    }
}

impl From<PreviewError> for CliError {
    fn from(error: PreviewError) -> Self {
        Self::Preview(error)
    }
}

impl From<PreflightError> for CliError {
    fn from(error: PreflightError) -> Self {
        Self::Preflight(error)
    }
}

impl From<ModeError> for CliError {
    fn from(error: ModeError) -> Self {
        Self::Mode(error)
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
