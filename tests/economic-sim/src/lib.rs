#![doc = include_str!("../README.md")]

mod company_file;
mod world;

pub use company_file::{Access, AccountingYear, CompanyFile, CompanyFileError, Period};
pub use sim_kit::{Clock, ClockNotOurs, StateError};
pub use world::{
    Actor, BrokenPdf, Delivery, Effect, EffectKind, EmailWithoutAddress, Fault, FaultAnswer, FaultKind, FaultMatch,
    LedgerEntry, Method, MissingDraft, SimRequest, SimResponse, SnapshotError, Switches, World,
};

/// A running e-conomic. Dropping it stops it and breaks its connections' waiting answers.
pub type Simulator = sim_kit::Simulator<World>;

/// How to start it.
pub type SimulatorOptions = sim_kit::SimulatorOptions<CompanyFile>;

/// Why it does not start.
pub type StartError = sim_kit::StartError<CompanyFileError>;
