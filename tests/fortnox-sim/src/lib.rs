#![doc = include_str!("../README.md")]

mod clock;
mod company_file;
mod cut;
mod http;
mod simulator;
mod state;
mod world;

pub use clock::{Clock, ClockNotOurs};
pub use company_file::{Access, CompanyFile, CompanyFileError, CompanyInfo};
pub use simulator::{Simulator, SimulatorOptions, StartError};
pub use state::StateError;
pub use world::{
    Actor, CreateInvoiceAnswer, Delivery, Effect, EffectKind, Fault, FaultAnswer, FaultKind, FaultMatch,
    IncreaseInvoiceCount, IntervalKey, InvoiceDateQuery, LedgerEntry, Method, MonthEnd, NumberOrText, PeriodReading,
    RateLimitBody, SimRequest, SimResponse, SnapshotError, Switches, VatIncludedKey, WholeTermCounting, World,
};
