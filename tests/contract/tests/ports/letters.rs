//! Both ways to the dead letters, through the same suite.

mod batch;
mod memory;
mod sqs;
mod sqs_only;
