#![doc = include_str!("../README.md")]

mod company_file;
mod cut;
mod http;
mod simulator;
mod world;

pub use company_file::{Access, CompanyFile, CompanyFileError, CompanyInfo};
pub use simulator::{Simulator, SimulatorOptions, StartError};
pub use world::{
    Actor, CreateInvoiceAnswer, Delivery, Effect, EffectKind, Fault, FaultAnswer, FaultKind, FaultMatch,
    IncreaseInvoiceCount, IntervalKey, InvoiceDateQuery, LedgerEntry, Method, MonthEnd, NumberOrText, PeriodReading,
    RateLimitBody, SimRequest, SimResponse, Switches, VatIncludedKey, WholeTermCounting, World,
};
