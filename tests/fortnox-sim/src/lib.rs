#![doc = include_str!("../README.md")]

mod company_file;
mod world;

pub use company_file::{Access, CompanyFile, CompanyFileError, CompanyInfo};
pub use sim_kit::{Clock, ClockNotOurs, StateError, clock_in};
pub use world::{
    Actor, CreateInvoiceAnswer, Delivery, Effect, EffectKind, Fault, FaultAnswer, FaultKind, FaultMatch,
    FinancialYears, IncreaseInvoiceCount, IntervalKey, InvoiceDateQuery, LedgerEntry, Method, MonthEnd, NumberOrText,
    PeriodReading, RateLimitBody, RecurringBilling, SimRequest, SimResponse, SnapshotError, Switches, VatIncludedKey,
    WholeTermCounting, World,
};

/// A running Fortnox. Dropping it stops it and breaks its connections' waiting answers.
pub type Simulator = sim_kit::Simulator<World>;

/// How to start it.
pub type SimulatorOptions = sim_kit::SimulatorOptions<CompanyFile>;

/// Why it does not start.
pub type StartError = sim_kit::StartError<CompanyFileError>;
