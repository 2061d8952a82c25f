//! Both ways to the dead letters, through the same suite.

mod memory;
mod sqs;
mod sqs_only;
