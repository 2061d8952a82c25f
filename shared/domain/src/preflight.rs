//! The pre-flight of a tenant: everything that can be told beforehand about whether its invoicing will work, as one report.
//!
//! Pure: an accounting system gives [`CompanyFacts`], the settings say what is wanted, and the planner itself, the very
//! function that a scan goes by, says what each agreement leads to. A tenant whose newest report has a blocking finding isn't
//! in `full` ([`crate::settings::TenantSettings::hold_back`]).

mod agreement;
mod company;
mod facts;
mod finding;
mod problem;
mod report;
mod text;
mod wording;

pub use agreement::foresee;
pub use company::judge;
pub use facts::{AccountingYear, CompanyFacts, Denial, Fact, Part, Recurring, Refused};
pub use finding::{About, Finding, Severity};
pub use problem::{Looked, What};
pub use report::{Count, Report, Standing};

#[cfg(test)]
mod tests;
